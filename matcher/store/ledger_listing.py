"""Ledger listing: the ledger's rows as they are shown, and how many are in each state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.columns import table_of
from matcher.store.deliveries import OPEN, delivery_table
from matcher.store.subscribers import Subscriber

_row = delivery_table.c
_person = table_of(Subscriber).c


def listed_digests(
    session: Session, *, newest: int | None = None
) -> Iterator[sa.Row[*tuple[Any, ...]]]:
    """The digests' rows, oldest first, a few at a time; or the `newest` ones, newest first.

    Columns: id, public_id, subscriber (its public id), period, state, reason, attempts, items.
    """
    found = (
        sa.select(
            _row.id,
            _row.public_id,
            _person.public_id.label("subscriber"),
            _row.period,
            _row.state,
            _row.reason,
            _row.attempts,
            _row["items"],
        )
        .select_from(delivery_table.outerjoin(Subscriber, _person.id == _row.subscriber_id))
        .where(_row.kind == "digest")
    )
    if newest is None:
        found = found.order_by(_row.id)
    else:
        found = found.order_by(_row.id.desc()).limit(newest)
    yield from session.execute(found, execution_options={"yield_per": 500})


def lost_letters(session: Session, *, newest: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The newest letters that were refused or given up: id, kind, state, reason, done_at."""
    lost = sa.and_(_row.kind != "digest", _row.state.in_(("failed", "expired")))
    found = sa.select(_row.id, _row.kind, _row.state, _row.reason, _row.done_at).where(lost)
    return session.execute(found.order_by(_row.id.desc()).limit(newest)).all()


def count_states(session: Session, *, digests: bool) -> dict[str, int]:
    """How many rows are in each state: of the digests, or of all other mails."""
    kind = _row.kind == "digest" if digests else _row.kind != "digest"
    found = sa.select(_row.state, sa.func.count()).where(kind).group_by(_row.state)
    return {row[0]: row[1] for row in session.execute(found)}


def last_sent(session: Session) -> datetime | None:
    """When the mail server last took a mail; None if it took none yet."""
    latest = sa.select(sa.func.max(_row.done_at)).where(_row.state == "sent")
    found: datetime | None = session.scalar(latest)
    return found


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the mail that waits longest could have gone out; None if none waits."""
    waiting = _row.state.in_(OPEN)
    found: datetime | None = session.scalar(sa.select(sa.func.min(_row.next_at)).where(waiting))
    return found
