"""Restored rows: the digests that stood open when a backup was put in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.deliveries import OPEN, Delivery, delivery_table

_row = delivery_table.c
# Whoever was sending from the database that was saved is not sending from its copy.
_open_digest = sa.and_(_row.kind == "digest", _row.state.in_((*OPEN, "sending")))


def open_digests(session: Session, *, due_by: datetime) -> Sequence[tuple[int, int | None]]:
    """The numbers of the digests that were due by then and have not ended, with their
    subscribers', oldest first."""
    wanted = sa.and_(_open_digest, _row.due_at <= due_by)
    found = session.execute(sa.select(_row.id, _row.subscriber_id).where(wanted).order_by(_row.id))
    return [(id, subscriber_id) for id, subscriber_id in found]


def lock_open_digest(session: Session, id: int) -> Delivery | None:
    """One of them, kept from everybody else; None if it has ended meanwhile."""
    wanted = sa.and_(_row.id == id, _open_digest)
    return session.scalar(sa.select(Delivery).where(wanted).with_for_update())
