"""Digest rows: who has none for the present period, their earlier ones, and a batch's writing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.columns import table_of
from matcher.store.deliveries import OPEN, delivery_table
from matcher.store.studies import StudyRow
from matcher.store.subscribers import Subscriber
from matcher.store.upsert import insert_into

DIGEST = "digest"
_KEPT = {"public_id", "kind", "subscriber_id", "period", "attempts", "fence"}
UNDER_WAY = (*OPEN, "sending")

_person = table_of(Subscriber).c
_study = table_of(StudyRow).c
_row = delivery_table.c


@dataclass(frozen=True)
class Turn:
    """Those who are due together: a period's key, the frequency, and the zones where it is now."""

    key: str
    frequency: str
    zones: Sequence[str]


@dataclass(frozen=True)
class Subscription:
    """A subscriber without their address: what planning needs of one."""

    id: int
    public_id: str
    version: int
    standing: str
    profile: bytes
    seen: bytes | None
    frequency: str
    zone: str
    renewed_at: datetime

    @property
    def basis(self) -> tuple[str, int, str, bytes | None]:
        """What must still hold of them when something that was worked out for them is written."""
        return self.public_id, self.version, self.standing, self.seen


@dataclass(frozen=True)
class Earlier:
    """An earlier digest of a subscriber: under way, or the newest that was due by now, with or
    without those that were cancelled before anybody began to send them."""

    id: int
    subscriber_id: int
    period: str
    state: str
    fence: int
    lease_until: datetime | None
    due_at: datetime
    attempts: int
    subscriber_version: int | None

    def makes_room(self, version: int) -> bool:
        """Whether its period may be planned anew for the subscriber as they are now: it was
        cancelled because they had changed, and nobody had begun to send it."""
        untried = self.state == "cancelled" and self.attempts == 0
        return untried and (self.subscriber_version or 0) < version


@dataclass(frozen=True)
class StudyEntry:
    """A study's entry in the catalogue, without its content."""

    number: int
    key: str
    title: str
    version: int
    standing: str
    withdrawn: bool


_subscription = [_person[field.name] for field in fields(Subscription)]
_earlier = [_row[field.name] for field in fields(Earlier)]
_untried = sa.and_(_row.state == "cancelled", _row.attempts == 0)


def rhythms(session: Session) -> Sequence[tuple[str, str]]:
    """The pairs of frequency and zone that active subscribers have."""
    found = sa.select(_person.frequency, _person.zone).where(_person.standing == "active")
    return [(frequency, zone) for frequency, zone in session.execute(found.distinct())]


def without_row(
    session: Session, turns: Sequence[Turn], *, after: int, renewed_after: datetime, limit: int
) -> Sequence[Subscription]:
    """Active subscribers with greater numbers than `after` who have no row for their period, or
    one that makes room (see `Earlier`).

    By number, at most `limit`; only those who began or renewed later than `renewed_after`.
    """
    makes_room = sa.and_(_untried, sa.func.coalesce(_row.subscriber_version, 0) < _person.version)
    has_row = sa.exists().where(_row.subscriber_id == _person.id, ~makes_room)
    due = [
        sa.and_(
            _person.frequency == turn.frequency,
            _person.zone.in_(turn.zones),
            ~has_row.where(_row.period == turn.key),
        )
        for turn in turns
    ]
    found = sa.select(*_subscription).where(
        _person.standing == "active",
        _person.id > after,
        _person.renewed_at > renewed_after,
        sa.or_(sa.false(), *due),
    )
    rows = session.execute(found.order_by(_person.id).limit(limit))
    return [Subscription(*values) for values in rows]


def subscription(session: Session, id: int) -> Subscription | None:
    """One subscriber, whatever their standing."""
    return _one(session, _person.id == id)


def _one(session: Session, wanted: sa.ColumnElement[bool]) -> Subscription | None:
    found = session.execute(sa.select(*_subscription).where(wanted)).first()
    return None if found is None else Subscription(*found)


def earlier(
    session: Session, subscribers: Collection[int], *, now: datetime
) -> Mapping[int, Sequence[Earlier]]:
    """The earlier digests of subscribers, by their numbers (see `Earlier`), oldest first."""
    of_these = sa.and_(_row.subscriber_id.in_(subscribers), _row.kind == DIGEST)
    newest = (
        sa.select(
            _row.subscriber_id,
            sa.func.max(_row.due_at).label("due_at"),
            sa.func.max(sa.case((~_untried, _row.due_at))).label("tried"),
        )
        .where(of_these, _row.due_at <= now)
        .group_by(_row.subscriber_id)
        .subquery()
    )
    found = (
        sa.select(*_earlier)
        .join(newest, newest.c.subscriber_id == _row.subscriber_id, isouter=True)
        .where(of_these)
        .where(
            sa.or_(
                _row.state.in_(UNDER_WAY),
                _row.due_at == newest.c.due_at,
                _row.due_at == newest.c.tried,
            )
        )
        .order_by(_row.due_at, _row.id)
    )
    rows: dict[int, list[Earlier]] = {}
    for values in session.execute(found):
        rows.setdefault(values.subscriber_id, []).append(Earlier(*values))
    return rows


def sealed_items(session: Session, rows: Collection[int]) -> Mapping[int, bytes]:
    """The sealed items of rows that have any."""
    found = sa.select(_row.id, _row["items"]).where(_row.id.in_(rows), _row["items"].is_not(None))
    return {row.id: row[1] for row in session.execute(found)}


def lock_subscribers(session: Session, ids: Collection[int]) -> Mapping[int, Any]:
    """What could change meanwhile of subscribers (public id, version, standing, seen), by number.

    They are kept from others until the commit; who is in others' hands is left out.
    """
    found = sa.select(
        _person.id, _person.public_id, _person.version, _person.standing, _person.seen
    )
    locked = found.where(_person.id.in_(ids)).order_by(_person.id).with_for_update(skip_locked=True)
    return {id: tuple(basis) for id, *basis in session.execute(locked)}


def lock_rows(session: Session, rows: Collection[int]) -> set[int]:
    """Keep rows from others until the commit; returns those that are not in others' hands."""
    found = sa.select(_row.id).where(_row.id.in_(rows)).order_by(_row.id)
    return set(session.scalars(found.with_for_update(skip_locked=True)))


def close(
    session: Session, rows: Collection[int], *, state: str, reason: str, at: datetime
) -> None:
    """Bring rows that are under way to an end; whoever works on one has lost it."""
    values = {"state": state, "reason": reason, "done_at": at, "lease_until": None}
    ended = sa.update(delivery_table).where(_row.id.in_(rows))
    session.execute(ended.values(fence=_row.fence + 1, **values))


def put_seen(session: Session, seen: Mapping[int, bytes]) -> None:
    """Store what subscribers were told (sealed), by their numbers."""
    for id, sealed in seen.items():
        session.execute(sa.update(Subscriber).where(_person.id == id).values(seen=sealed))


def put_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[tuple[int, str]]:
    """Put new rows, except where the subscriber has one for the period; returns number, state.

    One that was cancelled before anybody began to send it is opened again instead.
    """
    if not rows:
        return []
    insert = insert_into(session, delivery_table)
    again = {name: insert.excluded[name] for name in rows[0].keys() - _KEPT}
    statement = insert.on_conflict_do_update(
        index_elements=[_row.subscriber_id, _row.period],
        set_={**again, "fence": _row.fence + 1, "holder": None, "tried_since": None},
        where=_untried,
    )
    put = session.execute(statement.returning(_row.id, _row.state), list(rows))
    return [(id, state) for id, state in put]


def sent_since(
    session: Session, subscribers: Collection[int], *, since: datetime
) -> Mapping[int, Sequence[tuple[datetime, bytes]]]:
    """When digests of subscribers were sent since then, with their sealed items, newest first."""
    found = sa.select(_row.subscriber_id, _row.done_at, _row["items"]).where(
        _row.subscriber_id.in_(subscribers),
        _row.kind == DIGEST,
        _row.state == "sent",
        _row.done_at >= since,
        _row["items"].is_not(None),
    )
    sent: dict[int, list[tuple[datetime, bytes]]] = {}
    for id, done_at, items in session.execute(found.order_by(_row.done_at.desc())):
        sent.setdefault(id, []).append((done_at, items))
    return sent


def study_entries(session: Session) -> Iterable[StudyEntry]:
    """All studies that were ever in the catalogue, without their content."""
    columns = [_study.id, _study.key, _study.title, _study.version, _study.standing]
    found = sa.select(*columns, _study.withdrawn_at.is_not(None))
    return [StudyEntry(*values) for values in session.execute(found)]
