"""Stopping: an address gets no more mails, from this moment on.

What is kept of the person goes thirty days later (`renewing`), unless they start again.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.patience import patiently_in
from matcher.services.subscribing import journal
from matcher.services.subscribing.tokens import read_unsubscribe
from matcher.store.cancelling import cancel_confirmations, cancel_mails
from matcher.store.deliveries import KINDS
from matcher.store.subscribers import Subscriber, subscriber, subscriber_by_hash
from matcher.store.suppressions import FINAL, lock_address, suppress, suppression

PATIENCE = 10.0
"""Seconds that somebody who stops the mails waits for others who change the same rows."""

WANTED_STILL = ("link",)
"""What somebody who wants no digests any more may still have asked for."""


def unsubscribe(session: Session, desk: Desk, token: str, *, now: datetime) -> bool:
    """Stop the mails that this token is from, as often as it comes; False if it is none of ours."""
    address_hash = read_unsubscribe(desk.hashes, token)
    if address_hash is None:
        return False

    def stopped() -> None:
        stop(session, desk, address_hash, reason="unsubscribed", now=now)
        session.commit()

    patiently_in(session, stopped, seconds=PATIENCE)
    return True


def stop(session: Session, desk: Desk, address_hash: str, *, reason: str, now: datetime) -> bool:
    """Stop whatever goes to the address with this keyed hash, known or not; does not commit.

    `reason` is "unsubscribed", "bounced" or "complained". False if it had stopped already.
    """
    lock_address(session, [address_hash])
    person = subscriber_by_hash(session, [address_hash])
    if person is not None and person.id is not None:
        person = subscriber(session, person.id, for_update=True)
    if not _is_news(session, person, address_hash, reason):
        return False
    journal.append(desk, reason, address_hash, at=now)
    suppress(session, address_hash, reason=reason, now=now)
    if reason in FINAL:
        cancel_confirmations(session, [address_hash], reason=reason, now=now)
    if person is not None and person.id is not None:
        _mark(person, reason, now)
        kinds = KINDS if reason in FINAL else [k for k in KINDS if k not in WANTED_STILL]
        cancel_mails(session, person.id, reason=reason, now=now, kinds=kinds)
        session.add(person)
        session.flush()
    return True


def _is_news(session: Session, person: Subscriber | None, address_hash: str, reason: str) -> bool:
    entry = suppression(session, [address_hash])
    if entry is None or (person is not None and person.standing != "stopped"):
        return True
    return reason in FINAL and entry.reason not in FINAL


def _mark(person: Subscriber, reason: str, now: datetime) -> None:
    person.version += 1
    person.stopped_reason = reason
    if person.standing != "stopped":
        person.standing, person.stopped_at = "stopped", now
