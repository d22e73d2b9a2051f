"""Logs: to standard error, one line of JSON each, and only with fields that hold no answers."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = ("event", "level", "timestamp", "what", "where", "mend", "kind", "status", "exception")
"""Fields that a line may have. Whatever else somebody logs is dropped: it could be an answer."""

NUMBERS = ("row", "count")
"""Fields that a line may have if they are numbers."""

LINKS_OF_MAILS = re.compile(r"/(confirm|unsubscribe|mute|my-data/open|desk/join)/[^/\s'\"?#]+")
"""Addresses whose last part opens or stops something for whoever holds it."""

NAMING_ADDRESSES = ("matcher.web", "gunicorn.error", "gunicorn.access", "werkzeug")
"""Loggers that name the address of a request: the application's own, and its servers'."""


class TokenFilter(logging.Filter):
    """Writes the addresses of mailed links without what makes them secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the line; it is always logged."""
        record.msg, record.args = without_tokens(record.getMessage()), ()
        return True


_TOKEN_FILTER = TokenFilter()


def without_tokens(text: str) -> str:
    """A text in which mailed links have lost their tokens."""
    return LINKS_OF_MAILS.sub(r"/\1/…", text)


def keep_allowed(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line with its allowed fields alone."""
    return {name: value for name, value in line.items() if _is_allowed(name, value)}


def _is_allowed(name: str, value: object) -> bool:
    return name in ALLOWED or (name in NUMBERS and type(value) is int)


def tell_place(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line with the places that an error came through, and without its words: they could
    quote a person."""
    if line.pop("exc_info", None) and (trace := sys.exc_info()[2]) is not None:
        steps = traceback.extract_tb(trace)
        told = [f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]
        line.setdefault("where", " > ".join(told))
    return line


def configure_logs() -> None:
    """Set logging up for this process, unless whoever embeds the application already did.

    Tokens are kept out of the lines of the standard library's logging in any case.
    """
    for name in NAMING_ADDRESSES:
        logging.getLogger(name).addFilter(_TOKEN_FILTER)
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_place,
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        # Found anew for each line: whoever embeds this may put another stream in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
