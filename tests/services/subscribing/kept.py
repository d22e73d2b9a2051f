"""Kept: subscribers as the database keeps them, for tests of what they see, change and erase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Gone, Item, Selection
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes
from matcher.services.subscribing.wish import Wish, seal_wish
from matcher.store.database import session
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber, subscriber_by_hash

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "Ann.Smith@example.org"
ANSWERS = {"cancer_status": "now", "cancer": ["breast"], "extent": "metastatic"}


def add_person(desk: Desk, address: str = ADDRESS, **values: Any) -> str:
    """Add a subscriber; returns their public id. `profile` may be a `Profile`."""
    profile = values.pop("profile", Profile(ANSWERS))
    person = Subscriber.model_validate(
        {
            "address_hash": address_hashes(desk.hashes, address.lower())[0],
            "address": desk.safe.seal(address.encode()),
            "profile": seal_profile(desk.safe, profile),
            "frequency": "weekly",
            "language": "en",
            "zone": "Europe/Berlin",
            "detail": "full",
            "consent_version": "1",
            "consent_at": NOW,
            "confirmed_at": NOW,
            "renewed_at": NOW,
            **values,
        }
    )
    with session(desk.engine, writing=True) as opened:
        opened.add(person)
        opened.commit()
    return person.public_id


def add_mail(
    desk: Desk,
    address: str = ADDRESS,
    *,
    period: str = "2026-W47",
    state: str = "sent",
    items: Sequence[Item] = (),
    gone: Sequence[Gone] = (),
    first: bool = False,
) -> int:
    """Add a digest to somebody's ledger; returns its number."""
    selection = Selection(tuple(items), tuple(gone), more=2, first=first)
    with session(desk.engine, writing=True) as opened:
        person = found(opened, desk, address)
        assert person is not None
        row = {
            "kind": "digest",
            "subscriber_id": person.id,
            "period": period,
            "state": state,
            "due_at": NOW,
            "next_at": NOW,
            "planned_at": NOW,
            "done_at": NOW if state == "sent" else None,
            "items": desk.safe.seal(selection.to_bytes()),
        }
        mail = Delivery.model_validate(row)
        opened.add(mail)
        opened.commit()
        assert mail.id is not None
        return mail.id


def add_wish(desk: Desk, address: str = ADDRESS, *, at: datetime = NOW) -> int:
    """Add a sign-up whose confirmation waits; returns its number."""
    asked = {
        "kind": "subscribe",
        "state": "mailed",
        "address_hash": address_hashes(desk.hashes, address.lower())[0],
        "mailbox_hash": mailbox_hashes(desk.hashes, address.lower())[0],
        "network_hash": "0" * 64,
        "sealed": seal_wish(desk.safe, Wish(address, "en", profile=Profile(ANSWERS))),
        "asked_at": at,
    }
    with session(desk.engine, writing=True) as opened:
        signup = Signup.model_validate(asked)
        opened.add(signup)
        opened.flush()
        assert signup.id is not None
        letter = {"kind": "confirmation", "signup_id": signup.id, "due_at": at, "next_at": at}
        letter |= {"period": f"confirmation-{signup.id}", "planned_at": at}
        opened.add(Delivery.model_validate(letter))
        opened.commit()
        return signup.id


def found(opened: Session, desk: Desk, address: str = ADDRESS) -> Subscriber | None:
    """The subscriber with an address."""
    return subscriber_by_hash(opened, address_hashes(desk.hashes, address.lower()))


def person_of(desk: Desk, address: str = ADDRESS) -> Subscriber | None:
    """The subscriber with an address, as they stand now."""
    with session(desk.engine) as opened:
        return found(opened, desk, address)


def mails(desk: Desk) -> list[Delivery]:
    """The whole ledger, oldest first."""
    with session(desk.engine) as opened:
        return list(opened.scalars(sa.select(Delivery).order_by(delivery_table.c.id)))
