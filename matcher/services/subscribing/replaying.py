"""Replaying: what happened after a backup was made is done again to the restored database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.panels.erasing import take_out_again
from matcher.services.subscribing import journal
from matcher.services.subscribing.erasing import take_out
from matcher.services.subscribing.journal import CONFIRMED, ERASED, LEFT_PANEL, Entry
from matcher.store import erasing as store
from matcher.store.database import session as open_session
from matcher.store.deliveries import delivery_table
from matcher.store.subscribers import Subscriber, subscriber_by_hash
from matcher.store.suppressions import FINAL, lift, suppress

SECOND = timedelta(seconds=1)
"""The journal tells times to the second: what was confirmed within the same one came before."""


@dataclass(frozen=True)
class _Story:
    """What the journal tells of one address: its last line, a reason that nothing lifts, and when
    all that was theirs was last erased."""

    last: Entry
    final: str | None
    erased_at: datetime | None

    def erases(self, person: Subscriber) -> bool:
        """Whether this is what they had erased, even if they came back later."""
        before = self.erased_at is not None and person.confirmed_at < self.erased_at + SECOND
        return before or self.last.what in ERASED


def replay(desk: Desk, *, now: datetime) -> int:
    """Erase and stop whom the journal says to; returns how many people that changed.

    Of subscribers the last line of each address decides; what was erased stays so in any case.
    Doing it twice changes nothing more. Raises `StoreError`.
    """
    with open_session(desk.engine, writing=True) as session:
        changed = sum(
            _told_again(session, desk, story, now=now) for story in _stories(desk).values()
        )
        changed += take_out_again(session, desk)
        session.commit()
    store.empty_log(desk.engine)
    return changed


def _stories(desk: Desk) -> dict[str, _Story]:
    stories: dict[str, _Story] = {}
    for entry in journal.entries(desk):
        if entry.what == LEFT_PANEL:
            continue
        earlier = stories.get(entry.address_hash)
        final = entry.what if entry.what in FINAL else (earlier.final if earlier else None)
        at = entry.at if entry.what in ERASED else (earlier.erased_at if earlier else None)
        stories[entry.address_hash] = _Story(entry, final, at)
    return stories


def _told_again(session: Session, desk: Desk, story: _Story, *, now: datetime) -> bool:
    what, address_hash = story.last.what, story.last.address_hash
    person = subscriber_by_hash(session, [address_hash])
    changed = person is not None and _changed(session, desk, person, story, now=now)
    if what in ERASED:
        store.take_out_signups(session, [address_hash], reason=what, now=now)
    if what == CONFIRMED:
        lift(session, [address_hash])
    else:
        suppress(session, address_hash, reason=story.final or what, now=story.last.at)
    return changed


def _changed(
    session: Session, desk: Desk, person: Subscriber, story: _Story, *, now: datetime
) -> bool:
    if story.erases(person):
        reason = "erased" if story.last.what == CONFIRMED else story.last.what
        take_out(session, desk, person, reason=reason, now=now)
        return True
    if story.last.what == CONFIRMED or person.standing == "stopped":
        return False
    reason, at = story.last.what, story.last.at
    person.standing, person.stopped_reason, person.stopped_at = "stopped", reason, at
    person.version += 1
    store.cancel(session, delivery_table.c.subscriber_id == person.id, reason=reason, now=now)
    return True
