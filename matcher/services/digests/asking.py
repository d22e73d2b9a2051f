"""Asking: whether somebody was asked, in time, to say that they want to keep their mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.crypto import Safe, SealError
from matcher.services.digests.items import Selection
from matcher.services.digests.unsealing import unsealing
from matcher.store import digest_rows
from matcher.store.digest_rows import Subscription

NOTICE = timedelta(days=28)
"""So long somebody has at least, from the first mail that asks to the end."""

REMEMBERED = timedelta(days=60)
"""So long a mail that asked counts: one a month, the last that leaves `NOTICE`, is no older."""


def last_asked(
    session: Session, safe: Safe, people: Sequence[Subscription], *, now: datetime
) -> Mapping[int, datetime]:
    """When each of these people was last asked, by their numbers; who was not is left out.

    Only a mail counts that the server took, not long ago, and since they began or renewed.
    """
    asked = _asked(session, safe, people, now=now)
    return {id: times[0] for id, times in asked.items() if times}


def was_asked_in_time(session: Session, safe: Safe, person: Subscription, *, now: datetime) -> bool:
    """Whether a mail that still counts asked them so long ago that they had time to answer."""
    times = _asked(session, safe, [person], now=now).get(person.id, [])
    return any(at <= now - NOTICE for at in times)


def _asked(
    session: Session, safe: Safe, people: Sequence[Subscription], *, now: datetime
) -> Mapping[int, list[datetime]]:
    began = {person.id: person.renewed_at for person in people}
    sent = digest_rows.sent_since(session, list(began), since=now - REMEMBERED) if began else {}
    return {
        id: [at for at, items in mails if at >= began[id] and _asks(safe, items)]
        for id, mails in sent.items()
    }


def _asks(safe: Safe, items: bytes) -> bool:
    try:
        with unsealing():
            return Selection.from_bytes(safe.open(items)).last
    except SealError:
        return False
