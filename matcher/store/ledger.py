"""Ledger: the steps that a row of `delivery` takes, each one statement that checks its own right.

A row is changed by whoever holds its fence, or by nobody. Leases are on the database's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.clock import db_now
from matcher.store.columns import table_of
from matcher.store.deliveries import OPEN, Delivery, delivery_table
from matcher.store.facts import CATALOGUE_VERSION, RESTORED_AT, DatabaseFact
from matcher.store.subscribers import Subscriber

_row = delivery_table.c


@dataclass(frozen=True)
class Claim:
    """The right to work on one row, whose kind does not change."""

    id: int
    fence: int
    kind: str


@dataclass(frozen=True)
class PlannedFrom:
    """What a digest's row was planned from: it is sent only while all of it still holds."""

    subscriber_version: int | None
    catalogue_version: str | None
    rules_version: str | None


def claim(
    session: Session,
    *,
    kinds: Sequence[str],
    limit: int,
    now: datetime,
    lease: timedelta,
    holder: str | None = None,
    only: Sequence[int] | None = None,
) -> list[Claim]:
    """Take up to `limit` rows whose time has come, so that nobody else works on them.

    Letters come first: somebody waits for them. `now` is the run's clock. `only` names the rows
    that may be taken. Claims lapse after `lease`; `holder` is the process that makes them. From
    a restored copy there is nothing to take.
    """
    wanted = [_row.kind.in_(kinds), _row.state.in_(("due", "retry")), _row.next_at <= now]
    if only is not None:
        wanted.append(_row.id.in_(only))
    order: list[sa.ColumnElement[Any]] = [_row.next_at, _row.id]
    if len(kinds) > 1:
        # Costs a look at every row that is due, where the index alone would give the order.
        order.insert(0, _row.kind == "digest")
    found = sa.select(_row.id).where(*wanted, _may_send()).order_by(*order).limit(limit)
    ids = list(session.scalars(found.with_for_update(skip_locked=True)))
    if not ids:
        return []
    taken = (
        sa.update(delivery_table)
        .where(_row.id.in_(ids))
        .values(
            state="claimed",
            fence=_row.fence + 1,
            holder=holder,
            lease_until=db_now(session) + lease,
        )
        .returning(_row.id, _row.fence, _row.kind)
    )
    claims = {row.id: Claim(row.id, row.fence, row.kind) for row in session.execute(taken)}
    return [claims[id] for id in ids]


def begin(
    session: Session,
    claim: Claim,
    planned: PlannedFrom | None,
    lease: timedelta,
    *,
    template: str | None = None,
) -> bool:
    """Write down that the row is being sent; False if somebody else has it or it changed.

    `template` is the version of the form that the mail was written in.

    For a digest (`planned` given) the subscriber, the catalogue and the row itself must still be
    what the mail was written from.
    """
    now = db_now(session)
    wanted = [*_held(claim, "claimed"), _row.lease_until > now, _may_send()]
    if planned is not None:
        wanted += [_wants_mail(), _is_planned_from(planned), _catalogue_is(planned)]
    values = {"state": "sending", "attempts": _row.attempts + 1, "lease_until": now + lease}
    return _change(session, wanted, {**values, "template_version": template})


def may_still_send(session: Session, claim: Claim, planned: PlannedFrom | None) -> bool:
    """Whether the row is still being sent by this claim, still wanted, and still true."""
    wanted = [*_held(claim, "sending"), _row.lease_until > db_now(session), _may_send()]
    if planned is not None:
        wanted += [_wants_mail(), _is_planned_from(planned), _catalogue_is(planned)]
    return session.scalar(sa.select(_row.id).where(*wanted)) is not None


def finish(
    session: Session,
    claim: Claim,
    *,
    state: str,
    reason: str | None,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    held: Sequence[str] = ("claimed", "sending"),
) -> bool:
    """Write down what became of the mail; False if the row is no longer this claim's.

    `held`: the states in which it still is.
    """
    values = {"state": state, "reason": reason, "lease_until": None, **(changes or {})}
    if state not in OPEN:
        values["done_at"] = now
    return _change(session, _held(claim, *held), values)


def end_leases(session: Session, is_gone: Callable[[str | None], bool]) -> None:
    """Let the leases of rows lapse at once whose holder is gone."""
    held = _row.state.in_(("claimed", "sending"))
    holders = session.scalars(sa.select(_row.holder).where(held).distinct())
    if gone := list(filter(is_gone, holders)):
        over = {"lease_until": db_now(session), "holder": None}
        _count(session, sa.update(delivery_table).where(held, _row.holder.in_(gone)).values(**over))


def release_lapsed(session: Session) -> int:
    """Give back the rows that were claimed by somebody who is gone; returns how many."""
    lapsed = sa.and_(_row.state == "claimed", _row.lease_until <= db_now(session))
    values = {"state": "due", "lease_until": None, "fence": _row.fence + 1}
    return _count(session, sa.update(delivery_table).where(lapsed).values(**values))


def lapsed_sending(session: Session) -> list[tuple[int, int | None]]:
    """Rows that somebody was sending who is gone, each with its subscriber: nobody can know
    whether they arrived."""
    lapsed = sa.and_(_row.state == "sending", _row.lease_until <= db_now(session))
    found = session.execute(sa.select(_row.id, _row.subscriber_id).where(lapsed).order_by(_row.id))
    return [(id, subscriber_id) for id, subscriber_id in found]


def lock_lapsed(session: Session, id: int) -> Delivery | None:
    """One of them, kept from everybody else; None if it has been settled meanwhile."""
    lapsed = sa.and_(_row.state == "sending", _row.lease_until <= db_now(session))
    return session.scalar(sa.select(Delivery).where(_row.id == id, lapsed).with_for_update())


def expire(session: Session, *, tried_before: datetime, now: datetime, every: bool) -> int:
    """Give up rows that the server put off for too long, and with `every` those that have been
    due as long because no server could be reached; returns how many."""
    late = _row.tried_since <= tried_before
    if every:
        late = sa.or_(late, sa.and_(_row.due_at <= tried_before, _row.planned_at <= tried_before))
    values = {
        "state": "expired",
        "reason": sa.func.coalesce(_row.reason, "no server could be reached"),
        "done_at": now,
    }
    wanted = sa.and_(_row.state.in_(("due", "retry")), late)
    return _count(session, sa.update(delivery_table).where(wanted).values(**values))


def next_due(session: Session, *, kinds: Sequence[str]) -> datetime | None:
    """When the next row that waits may be sent, None if none waits."""
    waiting = sa.and_(_row.kind.in_(kinds), _row.state.in_(("due", "retry")))
    found: datetime | None = session.scalar(sa.select(sa.func.min(_row.next_at)).where(waiting))
    return found


def _held(claim: Claim, *states: str) -> list[sa.ColumnElement[bool]]:
    return [_row.id == claim.id, _row.fence == claim.fence, _row.state.in_(states)]


def _may_send() -> sa.ColumnElement[bool]:
    """Whether this is no restored copy, which sends nothing until it is told to."""
    facts = table_of(DatabaseFact).c
    return ~sa.exists().where(facts.name == RESTORED_AT)


def _wants_mail() -> sa.ColumnElement[bool]:
    person = table_of(Subscriber).c
    return sa.exists().where(
        person.id == _row.subscriber_id,
        person.standing == "active",
        person.version == _row.subscriber_version,
    )


def _is_planned_from(planned: PlannedFrom) -> sa.ColumnElement[bool]:
    return sa.and_(
        _row.subscriber_version == planned.subscriber_version,
        _row.catalogue_version == planned.catalogue_version,
        _row.rules_version == planned.rules_version,
    )


def _catalogue_is(planned: PlannedFrom) -> sa.ColumnElement[bool]:
    facts = table_of(DatabaseFact).c
    current = sa.select(facts.value).where(facts.name == CATALOGUE_VERSION).scalar_subquery()
    return sa.func.coalesce(current, "") == planned.catalogue_version


def _change(
    session: Session, wanted: Sequence[sa.ColumnElement[bool]], values: Mapping[str, Any]
) -> bool:
    return _count(session, sa.update(delivery_table).where(*wanted).values(**values)) == 1


def _count(session: Session, statement: sa.Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(sa.CursorResult[Any], result).rowcount
