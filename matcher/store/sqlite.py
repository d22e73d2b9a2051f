"""SQLite: the file's mode and the settings that every connection to it gets."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from matcher.store.errors import StoreError

PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)


def prepare_file(address: URL) -> None:
    """Make the database file readable and writable to its owner alone, before SQLite makes it."""
    if not address.database or address.database == ":memory:":
        raise StoreError(
            "a database in memory is gone with its first connection",
            "MATCHER_DATABASE_URL",
            "Write sqlite:///path/to/file.db.",
        )
    path = Path(address.database)
    if not path.parent.is_dir():
        raise StoreError(
            "the folder of the database does not exist", str(path.parent), "Make the folder."
        )
    if path.is_dir():
        raise StoreError("this is a folder, not a database file", str(path), "Name a file.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"the database file cannot be opened: {error.strerror}",
            str(path),
            "Give Matcher the right to read and write it.",
        ) from None


def tune(engine: sa.Engine, *, wait: float) -> None:
    """Give every new connection the project's settings and honest transactions."""

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # Without this Python's driver opens transactions by itself, and not before DDL.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection, wait=wait)

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("sqlite_foreign_keys", True):
            # A step of an upgrade drops and remakes tables; with this on, their children go too.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}")


def _use_wal(connection: sqlite3.Connection, *, wait: float) -> None:
    """Turn the write-ahead log on; SQLite does not wait for a lock there, so this does."""
    end = time.monotonic() + wait
    while True:
        with suppress(sqlite3.OperationalError):
            if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                return
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.05)
