"""Asking: whether somebody was asked, in time, to say that they want to keep their mails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


def were_asked(
    session: Session, safe: Safe, people: Sequence[Subscription], *, now: datetime
) -> Collection[int]:
    """Those of these people, by their numbers, whom a mail asked.

    Only a mail counts that the server took, not long ago, and since they began or renewed.
    """
    mails = _mails(session, people, now=now)
    return {id for id, sent in mails.items() if any(_asks(safe, items) for _, items in sent)}


def _mails(
    session: Session, people: Sequence[Subscription], *, now: datetime
) -> Mapping[int, Sequence[tuple[datetime, bytes]]]:
    """The mails that may have asked, newest first: who was asked, was so by the newest."""
    began = {person.id: person.renewed_at for person in people}
    found = digest_rows.sent_since(session, list(began), since=now - REMEMBERED) if began else {}
    return {id: [mail for mail in sent if mail[0] >= began[id]] for id, sent in found.items()}


def _asks(safe: Safe, items: bytes) -> bool:
    try:
        with unsealing():
            return Selection.from_bytes(safe.open(items)).last
    except SealError:
        return False
