"""Logs: to standard error, one line of JSON each, and only with fields that hold no answers."""

from __future__ import annotations

import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = ("event", "level", "timestamp", "what", "where", "mend", "kind", "status", "exception")
"""Fields that a line may have. Whatever else somebody logs is dropped: it could be an answer."""


def keep_allowed(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line with its allowed fields alone."""
    return {name: value for name, value in line.items() if name in ALLOWED}


def configure_logs() -> None:
    """Set logging up for this process, unless whoever embeds the application already did."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
