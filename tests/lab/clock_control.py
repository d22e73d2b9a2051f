"""Clock control: a run's clock that stands, steps and jumps; the database's, by its leases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from matcher.store.database import session
from matcher.store.deliveries import delivery_table

WEEK = timedelta(weeks=1)
NIGHT = timedelta(days=1)


@dataclass
class Clock:
    """A run's clock: `send(…, now=clock)`. It stands still unless told otherwise.

    With `step` each look at it takes so long.
    """

    at: datetime
    step: timedelta = timedelta()

    def __call__(self) -> datetime:
        now, self.at = self.at, self.at + self.step
        return now

    def forward(self, by: timedelta) -> Clock:
        """Move it; a negative time moves it back. Returns itself."""
        self.at += by
        return self


def local(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    """A wall clock's time in a zone, as UTC."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def night_passes(engine: sa.Engine, *, by: timedelta = NIGHT) -> None:
    """Let the database's clock go on: every lease ends so much sooner, except of rows that some
    program is just changing. Raises `StoreError` while an SQLite file is locked."""
    leased = delivery_table.c.lease_until
    with session(engine, writing=True) as opened:
        held = sa.select(delivery_table.c.id, leased).where(leased.is_not(None))
        for row in opened.execute(held.with_for_update(skip_locked=True)).all():
            moved = sa.update(delivery_table).where(delivery_table.c.id == row.id)
            opened.execute(moved.values(lease_until=row.lease_until - by))
        opened.commit()
