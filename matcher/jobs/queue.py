"""Queue: numbers of ledger rows on their way to a worker. Lose it, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from matcher.store.deliveries import delivery_table
from matcher.store.errors import StoreError, place
from matcher.store.tables import QUEUE_SCHEMA

QUEUE = "matcher"
SEND = "send_rows"
ROWS_A_JOB = 50

DIGESTS, LETTERS = 0, 50
"""Priorities: somebody waits for a letter, nobody for a digest."""

_job = sa.table(
    "procrastinate_jobs",
    sa.column("task_name", sa.Text),
    sa.column("status"),
    sa.column("args", JSONB),
    schema=QUEUE_SCHEMA,
).c
_JOBS = JobManager(SyncPsycopgConnector())  # opens no connection: it is given ours


def enqueue(session: Session, ids: Sequence[int], *, priority: int = DIGESTS) -> None:
    """Put rows on the queue within the session's transaction: undone with it, and seen with it.

    Raises `StoreError`; the session must then be rolled back.
    """
    jobs = [
        Job(
            id=None,
            queue=QUEUE,
            task_name=SEND,
            priority=priority,
            lock=None,
            queueing_lock=None,
            task_kwargs={"ids": [*some]},
        )
        for some in _batched(ids, ROWS_A_JOB)
    ]
    if not jobs:
        return
    with _queue_in_sight(session) as driver:
        try:
            _JOBS.batch_defer_jobs(jobs, connection=driver)
        except ConnectorException as error:
            raise _refused(session, error) from error


def enqueue_forgotten(session: Session, *, now: datetime) -> int:
    """Put on the queue what is due and not on it; returns how many rows. No commit.

    A job of a worker that died counts as being on the queue until it is given back.
    """
    row = delivery_table.c
    underway = (
        sa.select(sa.cast(sa.func.jsonb_array_elements_text(_job.args["ids"]), sa.Integer))
        .where(_job.task_name == SEND)
        .where(sa.cast(_job.status, sa.Text).in_(("todo", "doing")))
    )
    due = sa.select(row.id, row.kind).where(
        row.state.in_(("due", "retry")), row.next_at <= now, row.id.not_in(underway)
    )
    found = session.execute(due.order_by(row.next_at, row.id)).all()
    enqueue(session, [row.id for row in found if row.kind != "digest"], priority=LETTERS)
    enqueue(session, [row.id for row in found if row.kind == "digest"])
    return len(found)


@contextmanager
def _queue_in_sight(session: Session) -> Iterator[Any]:
    """The driver's own connection of the session, where the queue's names are known.

    Procrastinate's functions name their tables without a schema. The path is set for this
    transaction only, and put back for the statements that follow.
    """
    connection = session.connection()
    before = connection.scalar(sa.select(sa.func.current_setting("search_path")))
    look_in = sa.func.set_config
    connection.execute(sa.select(look_in("search_path", QUEUE_SCHEMA, True)))
    yield connection.connection.driver_connection
    connection.execute(sa.select(look_in("search_path", before, True)))


def _batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))


def _refused(session: Session, error: ConnectorException) -> StoreError:
    cause = type(error.__cause__ or error).__name__
    return StoreError(
        f"the queue did not take the rows ({cause})",
        place(session.connection().engine.url),
        "Run: matcher worker prepare.",
    )
