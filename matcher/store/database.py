"""Database: open one, bring its tables up to date, talk to it in a session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from matcher.store.errors import StoreError, explained, place
from matcher.store.schema import upgrade
from matcher.store.sqlite import prepare_file, tune

__all__ = ["connect", "session", "upgrade", "where"]

WAIT = 10.0


def connect(url: str, *, wait: float = WAIT) -> sa.Engine:
    """An engine for a database address; makes the SQLite file (mode 0600) if it is not there.

    `wait`: seconds to wait for another program that is writing; for PostgreSQL the address may
    set its own (``?options=-c lock_timeout=…``). Raises `StoreError`.
    """
    try:
        address = sa.make_url(url)
    except ArgumentError:
        raise StoreError(
            "this is no database address",
            "MATCHER_DATABASE_URL",
            "Write sqlite:///path/to/file.db.",
        ) from None
    with explained(address):
        if address.get_backend_name() == "sqlite":
            prepare_file(address)
            engine = sa.create_engine(address)
            tune(engine, wait=wait)
            return engine
        engine = sa.create_engine(
            address, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(wait))}
        )
        if "options" not in address.query:
            _limit_waiting(engine, wait=wait)
        return engine


def _limit_waiting(engine: sa.Engine, *, wait: float) -> None:
    """Wait for another's lock no longer than SQLite does; the server itself would wait for ever."""

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = {round(wait * 1000)}")
        connection.commit()


@contextmanager
def session(engine: sa.Engine, *, writing: bool = False) -> Iterator[Session]:
    """A session; nothing in it is kept unless the caller commits. Raises `StoreError`.

    `writing` takes the write lock at the start (SQLite has one): use it where a first statement
    reads and a later one writes, or a writer in between makes the later one fail.
    """
    bind = engine.execution_options(sqlite_begin="IMMEDIATE") if writing else engine
    with explained(engine.url), Session(bind, expire_on_commit=False) as opened:
        if writing:
            opened.connection()
        yield opened


def where(engine: sa.Engine) -> str:
    """Where the database is, in words without its password."""
    return place(engine.url)
