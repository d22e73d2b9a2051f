"""Batches: some subscribers at a time, read and worked out first, then written in one go.

All that takes long is done before the database is asked for its lock. Whoever changed meanwhile
(the person, what they were told, their ledger's rows) is left out then, and comes again.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlmodel import Session

from matcher.crypto import SealError
from matcher.services.digests.acknowledging import LOST, with_maybe
from matcher.services.digests.asking import were_asked
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.periods import Period
from matcher.services.digests.persons import (
    Person,
    asks_to_keep,
    choose_for,
    outcome_values,
    person_of,
)
from matcher.services.digests.seen import seal_seen
from matcher.services.digests.stock import Stock
from matcher.services.digests.unsealing import unsealing
from matcher.store import digest_rows
from matcher.store.clock import db_now
from matcher.store.database import session as open_session
from matcher.store.deliveries import OPEN
from matcher.store.digest_rows import Earlier, Subscription
from matcher.store.facts import catalogue_version

Enqueue: TypeAlias = Callable[[Session, Sequence[int]], None]
Rhythm: TypeAlias = tuple[str, str]
"""A frequency and a zone."""

NEWER = "a newer digest holds its reviews"
TOLD_OR_EMPTY = ("sent", "empty")


@dataclass(frozen=True)
class Reading:
    """A subscriber whose digest is to be planned, with their period and their earlier rows.

    `asks`: the digest asks whether the mails shall go on.
    """

    subscriber: Subscription
    period: Period
    rows: Sequence[Earlier]
    asks: bool

    @property
    def lost(self) -> list[int]:
        """The rows that somebody was sending who is gone."""
        return [row.id for row in self.rows if row.state == "sending"]

    @property
    def open(self) -> list[int]:
        """The rows that nobody has begun to send."""
        return [row.id for row in self.rows if row.state in OPEN]

    @property
    def unsettled(self) -> list[int]:
        """The rows whose items were not acknowledged."""
        return [row.id for row in self.rows if row.state not in TOLD_OR_EMPTY]


@dataclass(frozen=True)
class Draft:
    """A row that is ready to be written, and what was told if an earlier mail was lost."""

    reading: Reading
    values: Mapping[str, Any]
    seen: bytes | None


@dataclass
class Batch:
    """Some subscribers to be planned together; `last` is the number of the last of them."""

    desk: Desk
    stock: Stock
    now: datetime
    counts: Counter[str]
    readings: list[Reading] = field(default_factory=list)
    items: Mapping[int, bytes] = field(default_factory=dict)
    asked: Collection[int] = ()
    last: int | None = None

    def read(
        self, session: Session, people: Sequence[Subscription], periods: Mapping[Rhythm, Period]
    ) -> None:
        """Take the subscribers who can be planned now."""
        rows = digest_rows.earlier(session, [person.id for person in people], now=self.now)
        clock = db_now(session)
        for person in people:
            self.last = person.id
            period = periods[person.frequency, person.zone]
            asks = asks_to_keep(self.desk, person, period.due_at)
            reading = Reading(person, period, rows.get(person.id, ()), asks)
            if any(_is_being_sent(row, clock) for row in reading.rows):
                self.counts["waiting"] += 1
            elif not any(self._fills(row, reading) for row in reading.rows):
                self.readings.append(reading)
        asking = [reading.subscriber for reading in self.readings if reading.asks]
        self.asked = were_asked(session, self.desk.safe, asking, now=self.now)
        unsettled = [id for reading in self.readings for id in reading.unsettled]
        self.items = digest_rows.sealed_items(session, unsettled)

    def _fills(self, row: Earlier, reading: Reading) -> bool:
        """Whether a row stands where the one that is to be planned would."""
        is_present = reading.period.due_at <= row.due_at <= self.now
        return is_present and not row.makes_room(reading.subscriber.version)

    def drafts(self) -> list[Draft]:
        """The rows of those whose data can be opened, ready to be written."""
        opened = list(self._opened())
        people = [person for _, person in opened]
        selections = choose_for(self.stock, people, now=self.now)
        return [
            self._draft(reading, person, selection)
            for (reading, person), selection in zip(opened, selections, strict=True)
        ]

    def write(self, drafts: Sequence[Draft], enqueue: Enqueue | None) -> None:
        """Write the rows and close the earlier ones, in one transaction."""
        with open_session(self.desk.engine, writing=True) as session:
            ready = self._still_true(session, drafts)
            self.counts["changed"] += len(drafts) - len(ready)
            for ids, state, reason in (
                ([id for draft in ready for id in draft.reading.open], "superseded", NEWER),
                ([id for draft in ready for id in draft.reading.lost], "uncertain", LOST),
            ):
                digest_rows.close(session, ids, state=state, reason=reason, at=self.now)
                self.counts[state] += len(ids)
            seen = {draft.reading.subscriber.id: draft.seen for draft in ready if draft.seen}
            digest_rows.put_seen(session, seen)
            put = digest_rows.put_rows(session, [draft.values for draft in ready])
            self.counts.update(state for _, state in put)
            due = [id for id, state in put if state == "due"]
            if enqueue is not None and due:
                enqueue(session, due)
            session.commit()

    def _opened(self) -> Iterator[tuple[Reading, Person]]:
        for reading in self.readings:
            try:
                person = self._person(reading)
            except SealError:
                self.counts["unreadable"] += 1
                continue
            if person.adult:
                yield reading, person

    def _person(self, reading: Reading) -> Person:
        with unsealing():
            owed = [self._selection(id) for id in reading.unsettled if id in self.items]
            lost = [self._selection(id) for id in reading.lost if id in self.items]
        subscriber, asks = reading.subscriber, reading.asks
        asked = subscriber.id in self.asked
        person = person_of(self.desk, self.stock, subscriber, owed, asks=asks, asked=asked)
        for selection in lost:
            person = replace(person, seen=with_maybe(person.seen, selection))
        return person

    def _selection(self, row: int) -> Selection:
        return Selection.from_bytes(self.desk.safe.open(self.items[row]))

    def _draft(self, reading: Reading, person: Person, selection: Selection) -> Draft:
        subscriber, period = reading.subscriber, reading.period
        values = {
            "public_id": secrets.token_hex(16),
            "kind": digest_rows.DIGEST,
            "subscriber_id": subscriber.id,
            "period": period.key,
            "attempts": 0,
            "fence": 0,
            "due_at": period.due_at,
            "next_at": max(period.due_at, self.now),
            "planned_at": self.now,
            **outcome_values(self.desk, self.stock, subscriber, selection, now=self.now),
        }
        seen = seal_seen(self.desk.safe, person.seen) if reading.lost else None
        return Draft(reading, values, seen)

    def _still_true(self, session: Session, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """Those of whom nothing changed since they were read; they are kept from others now."""
        if catalogue_version(session) != self.stock.version:
            return []
        held = digest_rows.lock_subscribers(
            session, [draft.reading.subscriber.id for draft in drafts]
        )
        under_way = [id for draft in drafts for id in _to_close(draft)]
        # Locked before they are looked at: what is looked at then cannot change any more.
        locked = digest_rows.lock_rows(session, under_way)
        rows = digest_rows.earlier(session, list(held), now=self.now)
        return [
            draft
            for draft in drafts
            if held.get(draft.reading.subscriber.id) == draft.reading.subscriber.basis
            and rows.get(draft.reading.subscriber.id, ()) == draft.reading.rows
            and locked.issuperset(_to_close(draft))
        ]


def _is_being_sent(row: Earlier, clock: datetime) -> bool:
    return row.state == "sending" and row.lease_until is not None and row.lease_until > clock


def _to_close(draft: Draft) -> list[int]:
    return [*draft.reading.open, *draft.reading.lost]
