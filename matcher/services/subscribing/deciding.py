"""Deciding: what becomes of a wish, beside the request that it came with.

A wish becomes one mail in the ledger, or it is dropped at once with all that it held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from matcher.crypto import SealError
from matcher.mail.addresses import AddressError, parse_address
from matcher.services.digests.desk import Desk
from matcher.services.subscribing import limits
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes
from matcher.services.subscribing.waiting import keep_beside
from matcher.services.subscribing.wish import open_wish
from matcher.store.database import session as open_session
from matcher.store.deliveries import Delivery
from matcher.store.signups import Signup, asked_signups
from matcher.store.subscribers import subscriber_by_hash
from matcher.store.suppressions import FINAL, suppression

BATCH = 100
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _AskedFor:
    """The keyed hashes of the address that a wish names, and of its mailbox."""

    hashes: tuple[str, ...]
    mailbox: tuple[str, ...]


def decide(desk: Desk, *, now: datetime) -> int:
    """Decide on every wish that waits, oldest first; returns how many mails are to be sent.

    In small transactions; several may do it at once. Raises `StoreError`.
    """
    mails, last = 0, 0
    while True:
        with open_session(desk.engine, writing=True) as session:
            waiting = asked_signups(session, after=last, limit=BATCH)
            for signup in waiting:
                mails += _decided(session, desk, signup, now=now)
            session.commit()
        if not waiting:
            return mails
        last = max(signup.id or 0 for signup in waiting)


def _decided(session: Session, desk: Desk, signup: Signup, *, now: datetime) -> bool:
    """Whether the wish gave a mail."""
    try:
        address = parse_address(open_wish(desk.safe, signup.sealed).address)
    except SealError:
        log.error("a sign-up cannot be opened", what="none of the data keys fits")
        return False
    except AddressError:
        session.delete(signup)
        return False
    hashes = address_hashes(desk.hashes, address.normal)
    asked_for = _AskedFor(hashes, mailbox_hashes(desk.hashes, address.mailbox))
    decision = _confirmation if signup.kind == "subscribe" else _link
    mail = decision(session, signup, asked_for, now)
    if mail is None:
        # The page behind the mail that went out for this address offers the newer wish too.
        if signup.kind == "link" or not keep_beside(session, desk, signup, hashes, now=now):
            session.delete(signup)
        return False
    session.add(mail)
    session.flush()
    return True


def _confirmation(
    session: Session, signup: Signup, asked_for: _AskedFor, now: datetime
) -> Delivery | None:
    entry = suppression(session, asked_for.hashes)
    if entry is not None and entry.reason in FINAL:
        return None
    if not limits.may_confirm(session, asked_for.mailbox, now=now):
        return None
    signup.state = "mailed"
    session.add(signup)
    mail = _mail("confirmation", now)
    mail.signup_id, mail.period = signup.id, f"confirmation-{signup.id}"
    return mail


def _link(session: Session, signup: Signup, asked_for: _AskedFor, now: datetime) -> Delivery | None:
    person = subscriber_by_hash(session, asked_for.hashes)
    entry = suppression(session, asked_for.hashes)
    if person is None or (entry is not None and entry.reason in FINAL):
        return None
    if not limits.may_link(session, asked_for.mailbox, now=now):
        return None
    # The wish has said all that it had to say.
    session.delete(signup)
    mail = _mail("link", now)
    mail.subscriber_id, mail.period = person.id, f"link-{mail.public_id}"
    return mail


def _mail(kind: str, now: datetime) -> Delivery:
    return Delivery(kind=kind, period=kind, due_at=now, next_at=now, planned_at=now)
