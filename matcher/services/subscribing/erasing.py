"""Erasing: everything that is one person's goes, at once and everywhere.

The keyed hash of their address stays, so that nobody mails them again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from matcher.crypto import SealError
from matcher.mail.addresses import AddressError, parse_address
from matcher.services.digests.desk import Desk
from matcher.services.digests.patience import patiently
from matcher.services.subscribing import journal
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes
from matcher.store import erasing as store
from matcher.store.database import session as open_session
from matcher.store.signups import forget_limits
from matcher.store.subscribers import Subscriber, subscriber, subscriber_by_public_id
from matcher.store.suppressions import lock_address, suppress

PATIENCE = 10.0
Check = Callable[[Session, Subscriber], bool]


def erase(
    session: Session,
    desk: Desk,
    person: Subscriber,
    *,
    reason: str,
    now: datetime,
    if_still: Check | None = None,
) -> bool:
    """Erase a subscriber; `reason` is one of `journal.ERASED`. False if they were gone already.

    With `if_still` only if that is true of them once nobody else can change them. A line in the
    journal comes first, the commit last; then the log of SQLite is emptied. If somebody who reads
    keeps it from that, the next sweep does it. Raises `StoreError`.
    """
    assert person.id is not None
    lock_address(session, known_by(desk, person)[0])
    found = subscriber(session, person.id, for_update=True)
    if found is None or (if_still is not None and not if_still(session, found)):
        return False
    journal.append(desk, reason, found.address_hash, at=now)
    take_out(session, desk, found, reason=reason, now=now)
    session.commit()
    store.empty_log(desk.engine)
    return True


def erase_by_name(
    desk: Desk, public_id: str, *, reason: str, now: datetime, if_still: Check | None = None
) -> bool:
    """Erase the subscriber with this public id, as `erase` does; False if there is none."""

    def erased() -> bool:
        with open_session(desk.engine, writing=True) as session:
            person = subscriber_by_public_id(session, public_id)
            if person is None:
                return False
            return erase(session, desk, person, reason=reason, now=now, if_still=if_still)

    return patiently(erased, seconds=PATIENCE)


def take_out(
    session: Session, desk: Desk, person: Subscriber, *, reason: str, now: datetime
) -> None:
    """Take everything that is a subscriber's out of the tables, and suppress their address."""
    hashes, mailboxes = known_by(desk, person)
    store.take_out_signups(session, hashes, reason=reason, now=now)
    forget_limits(session, mailboxes)
    suppress(session, person.address_hash, reason=reason, now=now)
    store.take_out(session, person, reason=reason, now=now)


def known_by(desk: Desk, person: Subscriber) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hashes of a subscriber's address and of their mailbox, under every lookup key.

    Of an address that cannot be opened only the stored hash is known: it is erased all the same.
    """
    stored = (person.address_hash,)
    try:
        address = parse_address(desk.safe.open(person.address).decode())
    except (SealError, UnicodeDecodeError, AddressError):
        return stored, ()
    hashes = address_hashes(desk.hashes, address.normal)
    return (*stored, *hashes), mailbox_hashes(desk.hashes, address.mailbox)
