"""Signing up: a wish is written down as it came, whoever's address it names.

Nothing is looked up here, so that neither the page nor its time says who is a subscriber.
`deciding` does what follows.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from matcher.mail.addresses import parse_address
from matcher.services.digests.desk import Desk
from matcher.services.keys import remember_keys
from matcher.services.subscribing import limits
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes, network_hash
from matcher.services.subscribing.wish import Wish, seal_wish
from matcher.store.signups import Signup


def sign_up(session: Session, desk: Desk, wish: Wish, *, network: str, now: datetime) -> None:
    """Write down that somebody wants mails. `network`: `limits.network_of` their address.

    Raises `TooManyError`, and `AddressError` for an address that was not checked before.
    """
    _write(session, desk, wish, kind="subscribe", network=network, now=now)


def ask_for_link(session: Session, desk: Desk, wish: Wish, *, network: str, now: datetime) -> None:
    """Write down that somebody wants the link to their data. Raises as `sign_up` does."""
    _write(session, desk, wish, kind="link", network=network, now=now)


def _write(
    session: Session, desk: Desk, wish: Wish, *, kind: str, network: str, now: datetime
) -> None:
    address = parse_address(wish.address)
    (in_hour, *_) = desk.hashes.of(f"wishes to {kind}", address.mailbox)
    if limits.count_wish(session, desk, mailbox_key=in_hour, network=network, now=now):
        remember_keys(session, desk.settings)
        session.add(
            Signup(
                kind=kind,
                address_hash=address_hashes(desk.hashes, address.normal)[0],
                mailbox_hash=mailbox_hashes(desk.hashes, address.mailbox)[0],
                network_hash=network_hash(desk.hashes, network),
                sealed=seal_wish(desk.safe, wish),
                asked_at=now,
            )
        )
    session.commit()
