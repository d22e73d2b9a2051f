"""Returned mails: the ledger's row that a report is about, and the note that it came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber

NOTED = ("sent", "uncertain", "failed")
_row = delivery_table.c


def mails_named(session: Session, public_ids: Sequence[str]) -> Sequence[Delivery]:
    """The mails with these public ids."""
    return session.scalars(sa.select(Delivery).where(_row.public_id.in_(public_ids))).all()


def address_hash_of(session: Session, mail: Delivery) -> str | None:
    """The keyed hash of the address that a mail went to; None once that person is gone."""
    person = session.get(Subscriber, mail.subscriber_id) if mail.subscriber_id else None
    wish = session.get(Signup, mail.signup_id) if mail.signup_id else None
    return person.address_hash if person else wish.address_hash if wish else None


def note_return(session: Session, mail: Delivery, reason: str) -> bool:
    """Write why a mail came back beside what became of it; its state stays what was read then."""
    differs = _row.reason.is_distinct_from(reason)
    wanted = sa.and_(_row.id == mail.id, _row.state.in_(NOTED), differs)
    done = session.execute(sa.update(delivery_table).where(wanted).values(reason=reason))
    return cast(sa.CursorResult[tuple[()]], done).rowcount == 1
