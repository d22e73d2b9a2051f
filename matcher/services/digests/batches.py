"""Batches: some subscribers at a time, read and worked out first, then written in one go.

All that takes long is done before the database is asked for its lock. Whoever changed meanwhile
(the person, what they were told, their ledger's rows) is left out then, and comes again.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlmodel import Session

from matcher.core.answers import Answers
from matcher.crypto import SealError
from matcher.schemas.stored_answers import answers_from_stored
from matcher.services.digests.acknowledging import with_maybe
from matcher.services.digests.choosing import Wishes, choose
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.periods import Period, following
from matcher.services.digests.profile import open_profile
from matcher.services.digests.seen import Seen, open_seen, seal_seen, stamp_of
from matcher.services.digests.stock import Stock
from matcher.services.subscribing.renewing import MONTHS, months_later
from matcher.store import digest_rows
from matcher.store.clock import db_now
from matcher.store.database import session as open_session
from matcher.store.deliveries import OPEN
from matcher.store.digest_rows import Earlier, Subscription
from matcher.store.facts import catalogue_version

Enqueue: TypeAlias = Callable[[Session, Sequence[int]], None]
Rhythm: TypeAlias = tuple[str, str]
"""A frequency and a zone."""

NOTHING_NEW = "nothing new"
NEWER = "a newer digest holds its reviews"
LOST = "the sender stopped before the server's answer was read"
LATE = timedelta(days=1)
TOLD_OR_EMPTY = ("sent", "empty")


@dataclass(frozen=True)
class Person:
    """A subscriber as choosing needs them."""

    answers: Answers
    seen: Seen
    wishes: Wishes


@dataclass(frozen=True)
class Reading:
    """A subscriber whose digest is to be planned, with their period and their earlier rows."""

    subscriber: Subscription
    period: Period
    rows: Sequence[Earlier]

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

    @property
    def basis(self) -> tuple[int, str, bytes | None]:
        """What must still hold of the subscriber when the row is written."""
        return self.subscriber.version, self.subscriber.standing, self.subscriber.seen


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
            reading = Reading(person, period, rows.get(person.id, ()))
            if any(_is_being_sent(row, clock) for row in reading.rows):
                self.counts["waiting"] += 1
            elif not any(period.due_at <= row.due_at <= self.now for row in reading.rows):
                self.readings.append(reading)
        unsettled = [id for reading in self.readings for id in reading.unsettled]
        self.items = digest_rows.sealed_items(session, unsettled)

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
                owed = [self._selection(id) for id in reading.unsettled if id in self.items]
                lost = [self._selection(id) for id in reading.lost if id in self.items]
                ends = ends_before_next(self.desk, reading.subscriber, reading.period.due_at)
                person = person_of(self.desk, self.stock, reading.subscriber, owed, last=ends)
            except SealError:
                self.counts["unreadable"] += 1
                continue
            seen = person.seen
            for selection in lost:
                seen = with_maybe(seen, selection)
            yield reading, Person(person.answers, seen, person.wishes)

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
            if held.get(draft.reading.subscriber.id) == draft.reading.basis
            and rows.get(draft.reading.subscriber.id, ()) == draft.reading.rows
            and locked.issuperset(_to_close(draft))
        ]


def person_of(
    desk: Desk, stock: Stock, subscriber: Subscription, owed: Sequence[Selection], *, last: bool
) -> Person:
    """A subscriber as choosing needs them. Raises `SealError` without the right key."""
    profile = open_profile(desk.safe, subscriber.profile)
    number_of = stock.shelf.number_of
    wishes = Wishes(
        stamp=stamp_of(profile.answers),
        muted={number_of[key] for key in profile.muted if key in number_of},
        leave_out=profile.leave_out,
        owed={item.number for selection in owed for item in selection.items},
        last=last,
    )
    answers = answers_from_stored(profile.answers, desk.book)
    return Person(answers, open_seen(desk.safe, subscriber.seen), wishes)


def choose_for(stock: Stock, people: Sequence[Person], *, now: datetime) -> Iterator[Selection]:
    """What each person's digest tells."""
    standings = stock.standings(
        [person.answers for person in people], today=now.astimezone(UTC).date()
    )
    for person, standing in zip(people, standings, strict=True):
        yield choose(stock.shelf, standing, person.seen, person.wishes)


def outcome_values(
    desk: Desk, stock: Stock, subscriber: Subscription, selection: Selection, *, now: datetime
) -> dict[str, Any]:
    """The columns of a row that follow from what was chosen, and from what."""
    due = selection.is_due
    return {
        "state": "due" if due else "empty",
        "reason": None if due else NOTHING_NEW,
        "done_at": None if due else now,
        "items": desk.safe.seal(selection.to_bytes()) if due else None,
        "subscriber_version": subscriber.version,
        "catalogue_version": stock.version,
        "rules_version": stock.shelf.rules,
    }


def ends_before_next(desk: Desk, subscriber: Subscription, due_at: datetime) -> bool:
    """Whether a subscription ends before the digest after the one that was due then.

    That one may be planned some hours late: then it must not be too late to ask.
    """
    next_one = following(
        subscriber.frequency, subscriber.zone, digest_time=desk.settings.digest_time, after=due_at
    )
    return subscriber.renewed_at <= months_later(next_one.due_at + LATE, -MONTHS)


def _is_being_sent(row: Earlier, clock: datetime) -> bool:
    return row.state == "sending" and row.lease_until is not None and row.lease_until > clock


def _to_close(draft: Draft) -> list[int]:
    return [*draft.reading.open, *draft.reading.lost]


def _number(subscriber: Subscription) -> int:
    assert subscriber.id is not None
    return subscriber.id
