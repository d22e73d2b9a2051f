"""Erasing: takes everything that is one person's out of all tables, the log of SQLite included."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.deliveries import OPEN, delivery_table
from matcher.store.signups import Signup, signup_table
from matcher.store.subscribers import Subscriber, delete_subscriber
from matcher.store.visits import delete_visits_of

LOG_WAIT = 2.0
"""Seconds to wait for readers before the log of SQLite is left for another time."""


def take_out(session: Session, person: Subscriber, *, reason: str, now: datetime) -> None:
    """Take a subscriber out: visits, mails that wait, what mails held, then the row itself.

    The ledger keeps its rows, for their states are counted; they name nobody and hold nothing.
    """
    assert person.id is not None
    release(session, delivery_table.c.subscriber_id == person.id, reason=reason, now=now)
    delete_visits_of(session, person.public_id)
    delete_subscriber(session, person.id)


def take_out_signups(
    session: Session, address_hashes: Sequence[str], *, reason: str, now: datetime
) -> None:
    """Take out what was asked for under an address, and the letters that wait because of it."""
    asked = sa.select(signup_table.c.id).where(signup_table.c.address_hash.in_(address_hashes))
    release(session, delivery_table.c.signup_id.in_(asked), reason=reason, now=now)
    session.execute(sa.delete(Signup).where(signup_table.c.address_hash.in_(address_hashes)))


def release(session: Session, rows: sa.ColumnElement[bool], *, reason: str, now: datetime) -> None:
    """Cancel the mails that wait among these rows of the ledger, and empty all of them.

    What is being sent keeps its state: what becomes of it is written down by who sends it.
    """
    cancel(session, rows, reason=reason, now=now)
    emptied = {"items": None, "reason": reason, "subscriber_id": None, "signup_id": None}
    _update(session, rows, emptied)


def cancel(session: Session, rows: sa.ColumnElement[bool], *, reason: str, now: datetime) -> None:
    """Cancel the mails that wait among these rows; whoever has claimed one holds it no more."""
    row = delivery_table.c
    values = {"state": "cancelled", "reason": reason, "done_at": now, "lease_until": None}
    _update(session, sa.and_(rows, row.state.in_(OPEN)), {**values, "fence": row.fence + 1})


def _update(session: Session, rows: sa.ColumnElement[bool], values: Mapping[str, object]) -> None:
    session.execute(
        sa.update(delivery_table).where(rows).values(values),
        execution_options={"synchronize_session": False},
    )


def old_deliveries(session: Session, *, before: datetime) -> int:
    """Delete the ledger's rows that were done before a time; returns how many."""
    old = sa.delete(delivery_table).where(delivery_table.c.done_at < before)
    return cast(sa.CursorResult[tuple[()]], session.execute(old)).rowcount


def empty_log(engine: sa.Engine, *, wait: float = LOG_WAIT) -> bool:
    """Move the write-ahead log of SQLite into the file and cut it to nothing.

    What was erased may stand there until then. False if somebody who reads keeps it from that
    for longer than `wait` seconds; other databases have no log of this kind: True.
    """
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    try:
        connection = cast(sqlite3.Connection, pooled.driver_connection)
        usual = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        connection.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.execute(f"PRAGMA busy_timeout = {usual}")
        return bool(busy == 0)
    except sqlite3.OperationalError:
        return False
    finally:
        pooled.close()
