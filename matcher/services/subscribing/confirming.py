"""Confirming: the owner of an address says yes, and becomes a subscriber."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.crypto import token_hash
from matcher.mail.addresses import parse_address
from matcher.services.digests.desk import Desk
from matcher.services.digests.patience import patiently_in
from matcher.services.digests.profile import open_profile, seal_profile
from matcher.services.subscribing import journal
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes
from matcher.services.subscribing.waiting import LASTS, Waiting, choices
from matcher.store import signups
from matcher.store.cancelling import cancel_confirmations
from matcher.store.signups import Signup, signup_by_token
from matcher.store.subscribers import Subscriber, subscriber, subscriber_by_hash
from matcher.store.suppressions import FINAL, lift, lock_address, suppression

__all__ = ["LASTS", "confirm", "link_state"]

PATIENCE = 10.0
"""Seconds that somebody who confirms waits for others who change the same rows."""


def link_state(session: Session, token: str, *, now: datetime) -> str:
    """What a link to confirm is good for: ``open``, ``done`` (mails are on), ``gone``."""
    signup = signup_by_token(session, token_hash(token))
    if signup is None or now - signup.asked_at >= LASTS:
        return "gone"
    if signup.state != "confirmed":
        return "open"
    person = subscriber_by_hash(session, [signup.address_hash])
    return "done" if person is not None and person.standing == "active" else "gone"


def confirm(
    session: Session, desk: Desk, token: str, *, now: datetime, chosen: int | None = None
) -> str:
    """Make the subscriber, or change the one that is there; ``done`` or ``gone``.

    `chosen`: which of the `waiting.choices` counts; the one that the mail was sent for if None.
    Any number of times: the second press finds that all is well.
    """
    if link_state(session, token, now=now) == "open":

        def confirmed() -> None:
            _confirm(session, desk, token, chosen, now=now)
            session.commit()

        patiently_in(session, confirmed, seconds=PATIENCE)
    return "done" if link_state(session, token, now=now) == "done" else "gone"


def _confirm(
    session: Session, desk: Desk, token: str, chosen: int | None, *, now: datetime
) -> None:
    hashed = token_hash(token)
    signup = signup_by_token(session, hashed)
    number = chosen if chosen is not None or signup is None else signup.id
    found = [one for one in choices(session, desk, token, now=now) if one.id == number]
    if not found:
        return
    (wanted,) = found
    hashes = address_hashes(desk.hashes, parse_address(wanted.wish.address).normal)
    # Whoever erases takes the subscriber first and their sign-ups then: so does this.
    lock_address(session, hashes)
    person = subscriber_by_hash(session, hashes)
    if person is not None and person.id is not None:
        person = subscriber(session, person.id, for_update=True)
    signup = signup_by_token(session, hashed, for_update=True)
    if signup is None or signup.state == "confirmed":
        return
    if signups.signup(session, wanted.id, for_update=True) is None:
        return
    entry = suppression(session, hashes)
    if entry is not None and entry.reason in FINAL:
        session.delete(signup)
        return
    values = _wanted(desk, person, wanted, now=now)
    if person is None:
        # An address keeps the hash that it was first known by: links in old mails carry it.
        person = Subscriber(address_hash=entry.address_hash if entry else hashes[0], **values)
    else:
        person.sqlmodel_update({**values, "version": person.version + 1})
    journal.append(desk, journal.CONFIRMED, person.address_hash, at=now)
    lift(session, hashes)
    session.add(person)
    _settle(session, desk, signup, person, wanted, now=now)


def _wanted(
    desk: Desk, person: Subscriber | None, waiting: Waiting, *, now: datetime
) -> dict[str, Any]:
    """What was wished, in place of what was there; what was muted stays so."""
    wish = waiting.wish
    public_id = secrets.token_hex(16)
    muted: tuple[str, ...] = ()
    if person is not None:
        public_id = person.public_id
        muted = open_profile(desk.safe, person.profile, of=public_id).muted
    profile = replace(wish.profile, muted=muted)
    return {
        "public_id": public_id,
        "profile": seal_profile(desk.safe, profile, of=public_id),
        "address": desk.safe.seal(wish.address.encode()),
        "frequency": wish.frequency,
        "detail": wish.detail,
        "language": wish.language,
        "zone": wish.zone,
        "consent_version": wish.consent_version,
        "consent_at": waiting.asked_at,
        "confirmed_at": now,
        "renewed_at": now,
        "standing": "active",
        "stopped_reason": None,
        "stopped_at": None,
    }


def _settle(
    session: Session,
    desk: Desk,
    signup: Signup,
    person: Subscriber,
    wanted: Waiting,
    *,
    now: datetime,
) -> None:
    """Leave nothing of the wish but that it was confirmed; older ones are settled with it."""
    address = parse_address(wanted.wish.address)
    hashes = address_hashes(desk.hashes, address.normal)
    until = max(signup.asked_at, wanted.asked_at)
    cancel_confirmations(session, [signup.address_hash], reason="confirmed", now=now)
    signups.forget_limits(session, mailbox_hashes(desk.hashes, address.mailbox))
    signup.state, signup.sealed = "confirmed", desk.safe.seal(b"{}")
    signup.address_hash = person.address_hash
    session.add(signup)
    session.flush()
    signups.delete_settled(session, hashes, by=signup, until=until)
