"""Redrafts: a row chosen anew whose person or catalogue changed since it was planned.

It is worked out before the database is asked for its lock, as in `batches`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.services.digests.asking import were_asked
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.persons import (
    asks_to_keep,
    choose_for,
    is_planned,
    outcome_values,
    person_of,
)
from matcher.services.digests.stock import Stock, take_stock
from matcher.services.digests.unsealing import unsealing
from matcher.store import digest_rows
from matcher.store.database import session as open_session
from matcher.store.deliveries import Delivery
from matcher.store.digest_rows import Subscription
from matcher.store.subscribers import subscriber

NOT_WANTED = "no mail is wanted any more"


@dataclass(frozen=True)
class Redraft:
    """What a row holds now, as columns; None if its subscriber wants no mail any more.

    `person` is the subscriber that it was worked out for, None if there is none.
    """

    person: Subscription | None
    values: Mapping[str, Any] | None

    def lock(self, session: Session) -> bool:
        """Keep the subscriber from others until the commit; False if they changed meanwhile."""
        if self.person is None:
            return True
        found = subscriber(session, self.person.id, for_update=True)
        if found is None:
            return False
        return (found.public_id, found.version, found.standing, found.seen) == self.person.basis

    def put(self, row: Delivery, *, now: datetime) -> None:
        """Write it into its row. Does not commit.

        The row stays in the hands of whoever has it, or becomes ``empty`` or ``cancelled``.
        """
        if self.values is None:
            row.state, row.reason, row.done_at = "cancelled", NOT_WANTED, now
            row.items, row.lease_until = None, None
            return
        if self.values["state"] == "empty":
            row.state, row.reason, row.done_at = "empty", self.values["reason"], now
            row.lease_until = None
        for column in ("items", "subscriber_version", "catalogue_version", "rules_version"):
            setattr(row, column, self.values[column])


def redraft(desk: Desk, row: Delivery, *, now: datetime) -> Redraft:
    """Choose anew for a row. Only reads. Raises `StoreError`, and `SealError` where what is stored
    of the subscriber cannot be read."""
    if row.subscriber_id is None:
        return Redraft(None, None)
    stock = take_stock(desk)
    with open_session(desk.engine) as session:
        person = digest_rows.subscription(session, row.subscriber_id)
        if person is None:
            return Redraft(None, None)
        asked = person.id in were_asked(session, desk.safe, [person], now=now)
    wanted = is_planned(person, now=now)
    return Redraft(person, _values(desk, stock, row, person, asked, now) if wanted else None)


def _values(
    desk: Desk, stock: Stock, row: Delivery, subscriber: Subscription, asked: bool, now: datetime
) -> Mapping[str, Any] | None:
    with unsealing():
        owed = [] if row.items is None else [Selection.from_bytes(desk.safe.open(row.items))]
    asks = asks_to_keep(desk, subscriber, row.due_at)
    person = person_of(desk, stock, subscriber, owed, asks=asks, asked=asked)
    if not person.adult:
        return None
    selection = next(choose_for(stock, [person], now=now))
    return outcome_values(desk, stock, subscriber, selection, now=now)
