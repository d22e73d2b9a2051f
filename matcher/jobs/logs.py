"""Logs: what Procrastinate and its connections report, in our lines and without its words."""

from __future__ import annotations

import logging

import structlog

SOURCES = ("procrastinate", "psycopg.pool", "asyncio")
log = structlog.get_logger(__name__)


class PlainHandler(logging.Handler):
    """Says what happened and of what kind it was. Messages and traces could quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = {"kind": type(error).__name__} if error else {}
        what = getattr(record, "action", record.name)
        log.log(record.levelno, "the queue reports", what=what, **told)


def quiet_queue() -> None:
    """Let warnings and errors of the queue into our log, and nothing else of it anywhere."""
    for name in SOURCES:
        source = logging.getLogger(name)
        source.setLevel(logging.WARNING)
        source.handlers = [PlainHandler()]
        source.propagate = False
