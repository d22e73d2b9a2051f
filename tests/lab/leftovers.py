"""Leftovers: what a death leaves in the database, in a form in which two deaths can be compared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.store.columns import table_of
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.facts import DatabaseFact
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import Suppression

CHANGED_BY_RUNS = (Delivery, DatabaseFact, Signup, Subscriber, Suppression)
RANDOM = ("id", "public_id", "token_hash", "lease_until")
"""Columns that are another's every time: only whether they are filled matters to what follows."""


def leftovers(desk: Desk, arrived: Iterable[str]) -> Hashable:
    """All that the next runs start from, and which rows' mails (by public id) the server has."""
    with session(desk.engine) as opened:
        names = list(opened.scalars(sa.select(Delivery.public_id).order_by(Delivery.id)))
        found = [tuple(_rows(desk, opened, model)) for model in CHANGED_BY_RUNS]
    return tuple(found), tuple(sorted(map(names.index, arrived)))


def _rows(desk: Desk, opened: Any, model: Any) -> Iterator[Hashable]:
    table = table_of(model)
    for row in opened.execute(sa.select(table).order_by(*table.primary_key)):
        yield tuple(_told(desk, column, value) for column, value in zip(table.c, row, strict=True))


def _told(desk: Desk, column: Any, value: Any) -> Hashable:
    if value is None or column.name in RANDOM:
        return value is not None
    if column.info.get("holds") == "sealed person":
        return desk.safe.open(value)
    return str(value)
