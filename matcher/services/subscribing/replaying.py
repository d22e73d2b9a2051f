"""Replaying: what happened after a backup was made is done again to the restored database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import journal
from matcher.services.subscribing.erasing import take_out
from matcher.services.subscribing.journal import CONFIRMED, ERASED, Entry
from matcher.store import erasing as store
from matcher.store.database import session as open_session
from matcher.store.deliveries import delivery_table
from matcher.store.subscribers import subscriber_by_hash
from matcher.store.suppressions import FINAL, suppress


@dataclass(frozen=True)
class _Story:
    """What the journal tells of one address: its last line, and a reason that nothing lifts."""

    last: Entry
    final: str | None


def replay(desk: Desk, *, now: datetime) -> int:
    """Erase and stop whom the journal says to; returns how many subscribers that changed.

    The last line of each address decides. Doing it twice changes nothing more. Raises
    `StoreError`.
    """
    with open_session(desk.engine, writing=True) as session:
        changed = sum(
            _told_again(session, desk, story, now=now) for story in _stories(desk).values()
        )
        session.commit()
    store.empty_log(desk.engine)
    return changed


def _stories(desk: Desk) -> dict[str, _Story]:
    stories: dict[str, _Story] = {}
    for entry in journal.entries(desk):
        earlier = stories.get(entry.address_hash)
        final = entry.what if entry.what in FINAL else (earlier.final if earlier else None)
        stories[entry.address_hash] = _Story(entry, final)
    return stories


def _told_again(session: Session, desk: Desk, story: _Story, *, now: datetime) -> bool:
    what, address_hash = story.last.what, story.last.address_hash
    if what == CONFIRMED:
        return False
    person = subscriber_by_hash(session, [address_hash])
    if what in ERASED:
        if person is not None:
            take_out(session, desk, person, reason=what, now=now)
        store.take_out_signups(session, [address_hash], reason=what, now=now)
    suppress(session, address_hash, reason=story.final or what, now=story.last.at)
    if person is None or what in ERASED:
        return person is not None
    if person.standing == "stopped":
        return False
    person.standing, person.stopped_reason, person.stopped_at = "stopped", what, story.last.at
    person.version += 1
    waiting = delivery_table.c.subscriber_id == person.id
    store.cancel(session, waiting, reason=what, now=now)
    return True
