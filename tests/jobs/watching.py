"""Watching: what is in the ledger and on the queue, as the tests ask for it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from matcher.jobs.queue import SEND
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.tables import QUEUE_SCHEMA
from tests.factories import NOON

JOBS = f"{QUEUE_SCHEMA}.procrastinate_jobs"


def put_row(
    engine: sa.Engine, period: str, *, kind: str = "digest", state: str = "due", at: datetime = NOON
) -> int:
    """A bare row of the ledger; returns its number."""
    row = Delivery(kind=kind, period=period, state=state, due_at=at, next_at=at, planned_at=at)
    with session(engine, writing=True) as opened:
        opened.add(row)
        opened.commit()
        assert row.id is not None
        return row.id


def queued(engine: sa.Engine) -> list[int]:
    """The numbers of rows on the queue, in the order in which they would be taken."""
    asked = f"SELECT args FROM {JOBS} WHERE task_name = '{SEND}' AND status = 'todo'"
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"{asked} ORDER BY priority DESC, id"))
        return [id for (args,) in found for id in args["ids"]]


def states(engine: sa.Engine) -> Counter[str]:
    """How many rows are in each state."""
    with engine.connect() as connection:
        return Counter(connection.scalars(sa.text("SELECT state FROM delivery")))


def do(engine: sa.Engine, *statements: str) -> None:
    """Change something by hand, with the queue's names in sight, as its triggers need them."""
    with engine.begin() as connection:
        connection.execute(sa.text(f"SET LOCAL search_path TO public, {QUEUE_SCHEMA}"))
        for statement in statements:
            connection.execute(sa.text(statement))
