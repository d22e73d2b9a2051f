"""Database: bring its tables up to date, save it to a file, restore it from one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from matcher.store import backup_postgres, backup_sqlite, database
from matcher.store.backup import Check
from matcher.store.database import where

__all__ = ["back_up", "open_database", "restore", "upgrade", "where"]


@contextmanager
def open_database(url: str) -> Iterator[sa.Engine]:
    """The database at an address, its tables up to date. Raises `StoreError`."""
    engine = database.connect(url)
    try:
        database.upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def upgrade(url: str) -> bool:
    """Bring the tables up to date; returns whether anything had to be done."""
    engine = database.connect(url)
    try:
        return database.upgrade(engine)
    finally:
        engine.dispose()


def back_up(url: str, target: Path) -> None:
    """Save the database, but for the visits, to a new file. Raises `StoreError`."""
    engine = database.connect(url)
    try:
        kind = backup_sqlite if _is_sqlite(engine) else backup_postgres
        kind.back_up(engine, target)
    finally:
        engine.dispose()


def _any_copy(facts: Mapping[str, str]) -> None:
    del facts


def restore(url: str, source: Path, *, check: Check = _any_copy) -> Path | None:
    """Put a saved database in the place of this one. Raises `StoreError`; then nothing changed.

    `check` is given the copy's facts, and raises what stops the restore. The copy is marked: it
    mails nobody until it is told to. Returns the file that what was there is kept in, if it was
    an SQLite database with anything.
    """
    engine = database.connect(url)
    try:
        if _is_sqlite(engine):
            return backup_sqlite.restore(engine, source, check=check)
        backup_postgres.restore(engine, source, check=check)
        return None
    finally:
        engine.dispose()


def _is_sqlite(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite"
