"""Clock: the database's own, which all who work on one database share."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session

SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def db_now(session: Session) -> datetime:
    """The time on the database's clock (aware, UTC), however long the transaction has lasted.

    SQLite tells milliseconds, PostgreSQL microseconds.
    """
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(sa.text(f"SELECT {SQLITE_NOW}")).scalar_one()
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    found: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)
