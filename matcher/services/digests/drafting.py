"""Drafting: writes the mail of a claimed row and puts down that it is being sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.mail.transport import Envelope
from matcher.services.digests import letters
from matcher.services.digests.desk import Desk
from matcher.services.digests.press import press
from matcher.services.digests.redrafts import redraft
from matcher.store import facts, ledger
from matcher.store.database import session as open_session
from matcher.store.deliveries import Delivery
from matcher.store.ledger import Claim, PlannedFrom
from matcher.store.subscribers import subscriber

MOST_PLANS = 3
NOTHING_TO_SAY = "there was nothing left to say"


def draft_letter(
    desk: Desk, claim: Claim, *, now: datetime, lease: timedelta
) -> tuple[Envelope, None] | str:
    """A letter's mail, its row now `sending`; else the state that the row came to.

    One transaction: the token that the letter carries is kept only if it is being sent.
    """
    with open_session(desk.engine, writing=True) as session:
        row = _own_row(session, claim)
        if row is None:
            return "lost"
        envelope = letters.write(session, desk, row, now=now)
        if envelope is None:
            return _cancel(session, claim, now=now)
        if not ledger.begin(session, claim, None, lease, template=_template(desk)):
            return "lost"
        session.commit()
    return envelope, None


def draft_digest(
    desk: Desk, claim: Claim, *, now: datetime, lease: timedelta
) -> tuple[Envelope, PlannedFrom] | str:
    """A digest's mail, its row now `sending`; else the state that the row came to.

    If the person, the studies or the rules changed since it was planned, it is planned again.
    """
    for _ in range(MOST_PLANS):
        with open_session(desk.engine) as session:
            row = _own_row(session, claim)
            if row is None:
                return "lost"
            planned = PlannedFrom(row.subscriber_version, row.catalogue_version, row.rules_version)
            envelope = None
            if current := _is_current(session, desk, row):
                envelope = letters.write(session, desk, row, now=now)
        if not current:
            state = _plan_again(desk, claim, now=now)
            if state != "claimed":
                return state
            continue
        with open_session(desk.engine, writing=True) as session:
            if envelope is None:
                return _cancel(session, claim, now=now)
            begun = ledger.begin(session, claim, planned, lease, template=_template(desk))
            session.commit()
        if begun:
            return envelope, planned
    return _put_back(desk, claim, now=now)


def _template(desk: Desk) -> str:
    return press(desk.settings).renderer.version


def _own_row(session: Session, claim: Claim, *, for_update: bool = False) -> Delivery | None:
    row = session.get(Delivery, claim.id, with_for_update=for_update or None)
    held = row is not None and row.fence == claim.fence and row.state == "claimed"
    return row if held else None


def _is_current(session: Session, desk: Desk, row: Delivery) -> bool:
    person = subscriber(session, row.subscriber_id) if row.subscriber_id else None
    return (
        person is not None
        and person.standing == "active"
        and person.version == row.subscriber_version
        and facts.catalogue_version(session) == row.catalogue_version
        and desk.book.version == row.rules_version
    )


def _plan_again(desk: Desk, claim: Claim, *, now: datetime) -> str:
    with open_session(desk.engine) as session:
        row = _own_row(session, claim)
    if row is None:
        return "lost"
    again = redraft(desk, row, now=now)
    with open_session(desk.engine, writing=True) as session:
        # The person before the row, as everybody does: no two may wait for each other.
        holds = again.lock(session)
        row = _own_row(session, claim, for_update=True)
        if row is None:
            return "lost"
        if holds:
            again.put(row, now=now)
        state = row.state
        session.commit()
    return state


def _cancel(session: Session, claim: Claim, *, now: datetime) -> str:
    done = ledger.finish(session, claim, state="cancelled", reason=NOTHING_TO_SAY, now=now)
    session.commit()
    return "cancelled" if done else "lost"


def _put_back(desk: Desk, claim: Claim, *, now: datetime) -> str:
    """Everything changed again and again while the mail was written: the next run tries."""
    later = {"next_at": now + timedelta(minutes=1)}
    with open_session(desk.engine, writing=True) as session:
        ledger.finish(session, claim, state="due", reason=None, now=now, changes=later)
        session.commit()
    return "due"
