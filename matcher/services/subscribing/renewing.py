"""Renewing: twelve months and no more, unless somebody asks for more; and what else time ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.subscribing.confirming import LASTS
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.trusted_clock import is_trusted
from matcher.store import erasing as store
from matcher.store import signups
from matcher.store.database import session as open_session
from matcher.store.deliveries import delivery_table
from matcher.store.signups import signup_table
from matcher.store.subscribers import Subscriber, not_renewed, stopped_before

MONTHS = 12

STOPPED_KEPT = timedelta(days=30)
"""So long somebody who stopped the mails can start them again with what was kept."""

LIMITS_KEPT = timedelta(days=2)
LEDGER_MONTHS = 13


@dataclass(frozen=True)
class Swept:
    """How much a sweep took out, and whether the log of SQLite is empty now."""

    signups: int = 0
    stopped: int = 0
    ended: int = 0
    limits: int = 0
    mails: int = 0
    log_is_empty: bool = True


def ends_at(renewed_at: datetime) -> datetime:
    """When a subscription ends that was last renewed then: twelve months later, to the day."""
    return months_later(renewed_at, MONTHS)


def months_later(time: datetime, months: int) -> datetime:
    """The same day and time some months on (or back); the month's last day if it is shorter."""
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    for day in range(time.day, 27, -1):
        try:
            return time.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return time.replace(year=year, month=month + 1)


def sweep(desk: Desk, *, now: datetime) -> Swept:
    """Take out all that is kept too long already. Killed at any point, the next sweep goes on.

    Nothing goes while the clock is doubted (`trusted_clock`). Raises `StoreError`.
    """
    if not is_trusted(desk, now=now):
        return Swept(log_is_empty=store.empty_log(desk.engine))
    stopped = _erase_each(desk, stopped_before, before=now - STOPPED_KEPT, reason="erased", now=now)
    not_kept = months_later(now, -MONTHS)
    ended = _erase_each(desk, not_renewed, before=not_kept, reason="ended", now=now)
    with open_session(desk.engine, writing=True) as session:
        asked = signup_table.c.asked_at < now - LASTS
        letters = delivery_table.c.signup_id.in_(sa.select(signup_table.c.id).where(asked))
        store.cancel(session, letters, reason="nobody confirmed it", now=now)
        gone = signups.purge_signups(session, before=now - LASTS)
        limits = signups.purge_network_limits(session, before=now - LIMITS_KEPT)
        mails = store.old_deliveries(session, before=months_later(now, -LEDGER_MONTHS))
        session.commit()
    return Swept(gone, stopped, ended, limits, mails, store.empty_log(desk.engine))


def _erase_each(
    desk: Desk,
    found: Callable[..., list[str]],
    *,
    before: datetime,
    reason: str,
    now: datetime,
) -> int:
    """Erase whom a query finds, one transaction each; looks again before it erases anybody."""

    def still(session: Session, person: Subscriber) -> bool:
        return bool(found(session, before=before, only=person.public_id))

    count = 0
    with open_session(desk.engine) as session:
        public_ids = found(session, before=before)
    for public_id in public_ids:
        count += erase_by_name(desk, public_id, reason=reason, now=now, if_still=still)
    return count
