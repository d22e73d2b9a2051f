"""Own data: what a subscriber may see and change of what is kept about them.

Every change makes a new version of the subscription, which mails under way honour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlmodel import Session

from matcher.core.text import LANGUAGES
from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile, open_profile, seal_profile
from matcher.services.subscribing import journal
from matcher.services.subscribing.wish import CONSENT_VERSION
from matcher.store.subscribers import (
    DETAILS,
    FREQUENCIES,
    Subscriber,
    subscriber_by_public_id,
)
from matcher.store.suppressions import FINAL, lift, suppression


class GoneError(LookupError):
    """There is no such subscription any more."""


class ChoiceError(ValueError):
    """A setting that is not offered; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(f"not offered: {name}")
        self.name = name


@dataclass(frozen=True)
class Own:
    """What is kept about one person, opened."""

    person: Subscriber
    address: str
    profile: Profile

    @property
    def masked(self) -> str:
        """The address as it may stand on a page that others see too: "a…@example.org"."""
        return f"{self.address[:1]}…@{self.address.rpartition('@')[2]}"


@dataclass(frozen=True)
class Settings:
    """How somebody wants to be mailed."""

    frequency: str
    language: str
    zone: str
    detail: str

    def checked(self) -> Settings:
        """The same; raises `ChoiceError` for the first that is not offered."""
        offered = {
            "frequency": FREQUENCIES,
            "language": LANGUAGES,
            "zone": available_timezones(),
            "detail": DETAILS,
        }
        for name, values in offered.items():
            if getattr(self, name) not in values:
                raise ChoiceError(name)
        return self


def opened(desk: Desk, person: Subscriber) -> Own:
    """What is kept about a subscriber; raises `SealError` without the right data key."""
    address = desk.safe.open(person.address).decode()
    return Own(person, address, open_profile(desk.safe, person.profile, of=person.public_id))


def change_settings(
    session: Session, desk: Desk, public_id: str, wanted: Settings, *, now: datetime
) -> None:
    """Mail somebody as they wish from now on. Raises `ChoiceError` and `GoneError`."""
    settings = wanted.checked()

    def change(person: Subscriber) -> None:
        if any(getattr(person, name) != value for name, value in vars(settings).items()):
            person.sqlmodel_update(vars(settings))
            profile = open_profile(desk.safe, person.profile, of=person.public_id)
            _seal(desk, person, replace(profile, changed_at=now.isoformat()))

    _change(session, public_id, change)


def pause(session: Session, public_id: str) -> None:
    """Send nothing until they go on. Raises `GoneError`."""
    _turn(session, public_id, before="active", after="paused")


def go_on(session: Session, public_id: str) -> None:
    """Send again after a pause. Raises `GoneError`."""
    _turn(session, public_id, before="paused", after="active")


def keep(session: Session, public_id: str, *, now: datetime) -> None:
    """Go on for another twelve months from now. Raises `GoneError`."""

    def change(person: Subscriber) -> None:
        person.renewed_at = now

    _change(session, public_id, change)


def start_again(session: Session, desk: Desk, public_id: str, *, now: datetime) -> bool:
    """Send again to somebody who had stopped the mails; it is a consent of its own.

    False if something else than their own wish stopped them. Raises `GoneError`.
    """
    person = _person(session, public_id)
    entry = suppression(session, [person.address_hash])
    if person.stopped_reason != "unsubscribed" or (entry and entry.reason in FINAL):
        return False
    journal.append(desk, journal.CONFIRMED, person.address_hash, at=now)
    lift(session, [person.address_hash])
    person.standing, person.stopped_reason, person.stopped_at = "active", None, None
    person.consent_version, person.consent_at = CONSENT_VERSION, now
    person.confirmed_at = person.renewed_at = now
    person.version += 1
    session.commit()
    return True


def mute(session: Session, desk: Desk, public_id: str, study: str) -> None:
    """Leave a study out of somebody's mails. Doing it twice changes nothing. `GoneError`."""
    _change_profile(session, desk, public_id, lambda p: replace(p, muted=_with(p.muted, study)))


def unmute(session: Session, desk: Desk, public_id: str, study: str) -> None:
    """Put a study back. Raises `GoneError`."""
    _change_profile(
        session,
        desk,
        public_id,
        lambda p: replace(p, muted=tuple(key for key in p.muted if key != study)),
    )


def keep_answers(
    session: Session,
    desk: Desk,
    public_id: str,
    answers: Mapping[str, Any],
    *,
    about: str,
    leave_out: bool,
    now: datetime,
) -> None:
    """Use other answers from now on; they were validated. Raises `GoneError`."""
    _change_profile(
        session,
        desk,
        public_id,
        lambda p: replace(
            p,
            answers=dict(answers),
            about=about,
            leave_out=leave_out,
            changed_at=now.isoformat(),
        ),
    )


def _with(muted: tuple[str, ...], study: str) -> tuple[str, ...]:
    return muted if study in muted else (*muted, study)


def _turn(session: Session, public_id: str, *, before: str, after: str) -> None:
    def change(person: Subscriber) -> None:
        if person.standing == before:
            person.standing = after

    _change(session, public_id, change)


def _change_profile(
    session: Session, desk: Desk, public_id: str, change: Callable[[Profile], Profile]
) -> None:
    def changed(person: Subscriber) -> None:
        profile = open_profile(desk.safe, person.profile, of=person.public_id)
        if (wanted := change(profile)) != replace(profile, changed_at=wanted.changed_at):
            _seal(desk, person, wanted)

    _change(session, public_id, changed)


def _seal(desk: Desk, person: Subscriber, profile: Profile) -> None:
    person.profile = seal_profile(desk.safe, profile, of=person.public_id)


def _change(session: Session, public_id: str, change: Callable[[Subscriber], None]) -> None:
    """Change a subscriber, and their version if anything did change."""
    person = _person(session, public_id)
    change(person)
    if session.is_modified(person):
        person.version += 1
    session.commit()


def _person(session: Session, public_id: str) -> Subscriber:
    person = subscriber_by_public_id(session, public_id, for_update=True)
    if person is None:
        raise GoneError(public_id)
    return person
