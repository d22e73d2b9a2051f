"""Blocked disk: a database that another program keeps locked, that is full, or cannot be written.

An SQLite file must not be open in a process that forks: whoever is to lock it is made before.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from matcher.store.database import session
from tests.lab.forked import Child, KilledError, stop_here
from tests.lab.lab_site import Site

NO_SPACE = "could not extend file: No space left on device"


class Locker:
    """Another program that locks the database when told, until it is let go.

    With `seconds` it lets go by itself so long after it was told.
    """

    def __init__(self, site: Site, *, seconds: float | None = None) -> None:
        def work() -> None:
            stop_here()
            with site.engine() as engine, session(engine, writing=True) as opened:
                if engine.dialect.name == "postgresql":
                    opened.execute(sa.text("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"))
                stop_here()
                time.sleep(seconds or 0)

        self._program = Child(work)
        self._frees_itself = seconds is not None
        assert self._program.wait_until_stopped()

    def lock(self, *_: Any) -> None:
        """Come back once the lock is held."""
        self._program.wake()
        assert self._program.wait_until_stopped()
        if self._frees_itself:
            self._program.wake()

    def release(self) -> None:
        self._program.kill()
        try:
            self._program.result()
        except KilledError:
            return


@contextmanager
def full(site: Site) -> Iterator[None]:
    """SQLite: the database may not grow by a page."""
    engine = site.database

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    sa.event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(engine, "connect", limit)
        engine.dispose()


def allow_bytes(size: int) -> None:
    """From here on this process cannot write beyond so many bytes of any file: the write fails in
    the middle, as on a broken disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def refusing(site: Site, table: str, condition: str) -> Iterator[None]:
    """PostgreSQL: no space is left for rows that would fulfil a condition on NEW."""
    name = f"lab_refuses_{os.getpid()}"
    body = f"BEGIN RAISE EXCEPTION '{NO_SPACE}' USING ERRCODE = '53100'; END"
    _run(
        site,
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({condition}) EXECUTE FUNCTION {name}()",
    )
    try:
        yield
    finally:
        _run(site, f"DROP FUNCTION {name}() CASCADE")


def _run(site: Site, *statements: str) -> None:
    with site.engine() as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
