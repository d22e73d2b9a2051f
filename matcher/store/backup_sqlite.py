"""Backup of SQLite: through its own backup interface, which sees a consistent state."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from matcher.store.backup import Check, new_file, not_a_backup, settle
from matcher.store.database import WAIT, connect, session
from matcher.store.errors import StoreError, explained
from matcher.store.facts import all_facts
from matcher.store.schema import revision

MAGIC = b"SQLite format 3\0"


def back_up(engine: sa.Engine, target: Path) -> None:
    """Copy the database, but for the visits, into a new file. Others may go on writing."""
    with explained(engine.url), engine.connect() as connection:
        if revision(connection) is None:
            raise StoreError("the database is empty", _path(engine), "There is nothing to save.")
    with explained(engine.url), new_file(target) as draft:
        _copy(Path(_path(engine)), draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA secure_delete = ON")
            copy.execute("DELETE FROM visit")
            copy.execute("VACUUM")


def restore(engine: sa.Engine, source: Path, *, check: Check) -> Path | None:
    """Put a backup in the database's place; returns where what was there is kept, if anything.

    The backup is copied, checked and brought up to date before the database is touched; `check`
    may still stop it.
    """
    database = Path(_path(engine))
    draft = database.with_name(f".{database.name}.restoring")
    try:
        check(_prepare(source, draft))
        kept = _keep(engine, database)
        with explained(engine.url):
            _copy(draft, database)
    finally:
        _remove(draft)
    return kept


def _prepare(source: Path, draft: Path) -> dict[str, str]:
    """Make the draft that will be put in place; returns its facts."""
    try:
        with source.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise not_a_backup(source, "it is not an SQLite database")
    except OSError as error:
        raise not_a_backup(source, (error.strerror or "it cannot be read").lower()) from None
    _remove(draft)
    engine = connect(f"sqlite:///{draft}")
    try:
        _copy(source, draft)
        with closing(sqlite3.connect(draft)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise not_a_backup(source, "it is damaged")
        with engine.connect() as connection:
            if revision(connection) is None:
                raise not_a_backup(source, "it is empty")
        settle(engine)
        with session(engine) as opened:
            return all_facts(opened)
    except sqlite3.DatabaseError:
        raise not_a_backup(source, "it is damaged") from None
    except sa.exc.DatabaseError:
        raise not_a_backup(source, "it is damaged") from None
    except StoreError as error:
        raise not_a_backup(source, error.what) if error.kind != "no_backup" else error from None
    finally:
        engine.dispose()


def _keep(engine: sa.Engine, database: Path) -> Path | None:
    """Set aside what is in the database; refuses to replace another program's."""
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    aside = database.with_name(f"{database.name}.before-restore-{moment}")
    try:
        with explained(engine.url), engine.connect() as connection:
            if revision(connection) is None:
                return None
        with new_file(aside) as draft:
            _copy(database, draft)
    except StoreError as error:
        if error.kind not in ("newer", "damaged"):
            raise
        engine.dispose()
        _move(database, aside)
    return aside


def _copy(source: Path, target: Path) -> None:
    """Copy one database over another: all of it, or on any failure nothing."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as from_,
        closing(sqlite3.connect(target, timeout=WAIT)) as to,
    ):
        # Python's interface tries again for ever while another program holds the lock.
        end = time.monotonic() + WAIT
        from_.backup(to, progress=lambda status, *_: _give_up(status, end), sleep=0.05)


def _give_up(status: int, end: float) -> None:
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
        raise sqlite3.OperationalError("database is locked")


def _move(database: Path, aside: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part = database.with_name(database.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))


def _remove(draft: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + end).unlink(missing_ok=True)


def _path(engine: sa.Engine) -> str:
    return engine.url.database or ""
