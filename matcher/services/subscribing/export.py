"""Export: everything that is held about one person, as JSON that they may take with them.

It is made from the tables themselves, column by column: what a table gains later is in it too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from matcher.crypto import SealError
from matcher.services.digests.desk import Desk
from matcher.services.subscribing.erasing import known_by
from matcher.services.subscribing.own_data import opened
from matcher.services.subscribing.renewing import ends_at
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.signups import MailboxLimit, Signup, mailbox_table, signup_table
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import Suppression, suppression
from matcher.store.visits import Visit, visits_of

LOCKED = "locked: only the browser that holds its key can open it"


def export(session: Session, desk: Desk, person: Subscriber) -> dict[str, Any]:
    """What is held about a subscriber. `profile` is a profile of the contract, to be loaded
    again; `held` has a list of rows for each table, with every column of theirs."""
    own = opened(desk, person)
    hashes, mailboxes = known_by(desk, person)
    rows: dict[type[SQLModel], Any] = {
        Subscriber: [person],
        Delivery: session.scalars(_theirs(person, hashes)),
        Signup: session.scalars(sa.select(Signup).where(signup_table.c.address_hash.in_(hashes))),
        MailboxLimit: session.scalars(
            sa.select(MailboxLimit).where(mailbox_table.c.mailbox_hash.in_(mailboxes))
        ),
        Suppression: filter(None, [suppression(session, hashes)]),
        Visit: visits_of(session, person.public_id),
    }
    return {
        "address": own.address,
        "profile": {"answers": dict(own.profile.answers)},
        "about": own.profile.about,
        "hard_topics_left_out": own.profile.leave_out,
        "muted": list(own.profile.muted),
        "ends_at": ends_at(person.renewed_at).isoformat(),
        "held": {
            str(table.__tablename__): [dict(_columns(desk, row)) for row in found]
            for table, found in rows.items()
        },
    }


def export_text(session: Session, desk: Desk, person: Subscriber) -> str:
    """The same as text, to be read by people too."""
    return json.dumps(export(session, desk, person), ensure_ascii=False, indent=2) + "\n"


def _theirs(person: Subscriber, hashes: tuple[str, ...]) -> sa.Select[Delivery]:
    asked = sa.select(signup_table.c.id).where(signup_table.c.address_hash.in_(hashes))
    row = delivery_table.c
    mine = sa.or_(row.subscriber_id == person.id, row.signup_id.in_(asked))
    return sa.select(Delivery).where(mine).order_by(row.id)


def _columns(desk: Desk, row: SQLModel) -> Iterator[tuple[str, Any]]:
    for column in type(row).__table__.columns:  # type: ignore[attr-defined]
        value = getattr(row, column.name)
        if isinstance(value, bytes):
            yield column.name, _unsealed(desk, value)
        else:
            yield column.name, value.isoformat() if isinstance(value, datetime) else value


def _unsealed(desk: Desk, sealed: bytes) -> Any:
    try:
        plain = desk.safe.open(sealed).decode()
    except SealError:
        return LOCKED
    try:
        return json.loads(plain)
    except ValueError:
        return plain
