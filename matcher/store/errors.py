"""Errors: what went wrong with the database, in words that say how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    StatementError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeout,
)


class StoreError(Exception):
    """A database that cannot be used: `what` happened, `where` it is, how to `mend` it.

    `kind` tells programs what people read in `what`: ``locked``, ``damaged``, ``foreign``,
    ``newer`` and so on, ``other`` where nothing more is known.
    """

    def __init__(self, what: str, where: str, mend: str, *, kind: str = "other") -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what, self.where, self.mend, self.kind = what, where, mend, kind


class TextError(ValueError):
    """A text that no table may hold."""


KNOWN = (
    (
        "locked",
        ("is locked", "database is busy", "lock timeout", "deadlock detected"),
        "the database is locked by another program",
        "Wait until the other program is done, or stop it, and try again.",
    ),
    (
        "damaged",
        ("not a database", "malformed", "file is encrypted"),
        "the file is damaged or is not a database",
        "Move the file away and restore a backup: matcher db restore FILE.",
    ),
    (
        "read_only",
        ("readonly", "read-only", "permission denied"),
        "the database may not be written to",
        "Give Matcher the right to write to it and to the folder that it lies in.",
    ),
    (
        "cannot_open",
        ("unable to open", "disk i/o error"),
        "the database file cannot be opened",
        "Check that the file and its folder can be read and written.",
    ),
    (
        "full",
        ("disk is full", "no space left"),
        "the disk is full",
        "Free some space and try again; nothing was changed.",
    ),
    (
        "unreachable",
        ("connection", "authentication", "could not translate host", "timeout expired"),
        "the database server cannot be reached",
        "Check that it runs, and the address, name and password in MATCHER_DATABASE_URL.",
    ),
    (
        "old",
        ("no such table", "no such column", "does not exist"),
        "the database does not have the tables that this version needs",
        "Run: matcher db upgrade.",
    ),
)


def place(url: URL) -> str:
    """Where a database is, without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.render_as_string(hide_password=True)


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn whatever the database driver raises inside into a `StoreError`.

    A broken constraint (`IntegrityError`) passes: it is the caller's race or mistake.
    """
    try:
        yield
    except IntegrityError:
        raise
    except (StatementError, sqlite3.Error, PoolTimeout) as error:
        raise _in_words(error, url) from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"the driver for this database is not installed: {error}",
            place(url),
            "Install it with: pip install 'matcher[postgres]'.",
        ) from error


def _in_words(error: Exception, url: URL) -> StoreError:
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, TextError):
        return StoreError(str(cause), place(url), "Remove these characters from the text.")
    # Only the first line: further ones may quote the row, and with it somebody's answers.
    message = (str(cause).strip().splitlines() or ["no reason given"])[0]
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return StoreError(
            f"a value cannot be stored: {message}", place(url), "Report this as a fault."
        )
    for kind, signs, what, mend in KNOWN:
        if any(sign in message.lower() for sign in signs):
            return StoreError(what, place(url), mend, kind=kind)
    return StoreError(
        f"the database refused: {message[:300]}", place(url), "Check the database's own log."
    )
