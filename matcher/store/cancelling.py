"""Cancelling: mails in the ledger that one person, or one address, is not to get any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.deliveries import KINDS, delivery_table
from matcher.store.erasing import cancel
from matcher.store.signups import signup_table


def cancel_mails(
    session: Session, subscriber: int, *, reason: str, now: datetime, kinds: Sequence[str] = KINDS
) -> None:
    """Cancel what waits for a subscriber; a mail that is being sent is left to its fate."""
    theirs = delivery_table.c.subscriber_id == subscriber
    wanted = sa.and_(theirs, delivery_table.c.kind.in_(kinds))
    cancel(session, wanted, reason=reason, now=now)


def cancel_confirmations(
    session: Session, hashes: Sequence[str], *, reason: str, now: datetime
) -> None:
    """Cancel the confirmation mails that wait for an address, by any of its keyed hashes."""
    asked = sa.select(signup_table.c.id).where(signup_table.c.address_hash.in_(hashes))
    cancel(session, delivery_table.c.signup_id.in_(asked), reason=reason, now=now)
