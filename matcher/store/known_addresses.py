"""Known addresses: which of many are subscribed, and which are not to be mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.columns import table_of
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import Suppression


def subscribers_by_hash(session: Session, hashes: Sequence[str]) -> dict[str, Subscriber]:
    """The subscribers with these keyed hashes, each by its own; nobody else changes them now."""
    column = table_of(Subscriber).c.address_hash
    found = sa.select(Subscriber).where(column.in_(hashes)).order_by(column).with_for_update()
    return {one.address_hash: one for one in session.scalars(found)}


def suppressed_reasons(session: Session, hashes: Sequence[str]) -> dict[str, str]:
    """Of these keyed hashes, those that are not to be mailed, each with its reason."""
    table = table_of(Suppression)
    found = sa.select(table.c.address_hash, table.c.reason)
    rows = session.execute(found.where(table.c.address_hash.in_(hashes)))
    return {row[0]: row[1] for row in rows}


def add_subscribers(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many at once; each row holds every column that has no default in the table."""
    if rows:
        session.execute(sa.insert(Subscriber), [dict(row) for row in rows])
