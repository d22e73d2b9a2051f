"""Own data: every change is a new version, and nothing is changed for anybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile
from matcher.services.subscribing import own_data
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.journal import entries
from matcher.services.subscribing.own_data import ChoiceError, GoneError, Settings, opened
from matcher.services.subscribing.stopping import stop
from matcher.store.database import session
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import suppress, suppression
from tests.services.subscribing.kept import (
    ANSWERS,
    NOW,
    add_person,
    person_of,
)

LATER = NOW + timedelta(days=40)
# Where nothing depends on the kind of database, one is enough.
one_store = pytest.mark.parametrize("store", ["sqlite"], indirect=True)

Change = Callable[[Session, Desk, str], object]
CHANGES: dict[str, tuple[Change, Callable[[Subscriber, Profile], Any], Any]] = {
    "settings": (
        lambda s, d, n: own_data.change_settings(
            s, d, n, Settings("monthly", "es", "America/Lima", "count"), now=LATER
        ),
        lambda p, _: (p.frequency, p.language, p.zone, p.detail),
        ("monthly", "es", "America/Lima", "count"),
    ),
    "pause": (lambda s, _, n: own_data.pause(s, n), lambda p, _: p.standing, "paused"),
    "keep": (
        lambda s, _, n: own_data.keep(s, n, now=LATER),
        lambda p, _: p.renewed_at,
        LATER,
    ),
    "mute": (
        lambda s, d, n: own_data.mute(s, d, n, "a-study"),
        lambda _, profile: profile.muted,
        ("a-study",),
    ),
    "answers": (
        lambda s, d, n: own_data.keep_answers(
            s, d, n, {"age": 70}, about="other", leave_out=True, now=LATER
        ),
        lambda _, profile: profile,
        Profile({"age": 70}, "other", leave_out=True, changed_at=LATER.isoformat()),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_kept_once_and_makes_a_new_version(desk: Desk, name: str) -> None:
    change, read, expected = CHANGES[name]
    public_id = add_person(desk)
    add_person(desk, "other@example.org")
    for _ in range(2):
        with session(desk.engine, writing=True) as started:
            change(started, desk, public_id)
        person = person_of(desk)
        assert person is not None
        assert read(person, opened(desk, person).profile) == expected
        # The second time nothing changes any more: mails under way stay good.
        assert person.version == 2
    other = person_of(desk, "other@example.org")
    assert other is not None
    assert (other.version, other.standing, other.frequency) == (1, "active", "weekly")


def test_nothing_can_be_changed_of_who_is_gone(desk: Desk) -> None:
    public_id = add_person(desk)
    erase_by_name(desk, public_id, reason="erased", now=NOW)
    for change, _, _ in CHANGES.values():
        with session(desk.engine, writing=True) as started, pytest.raises(GoneError):
            change(started, desk, public_id)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frequency", "daily"),
        ("language", "de"),
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("detail", ""),
    ],
)
@one_store
def test_what_is_not_offered_is_refused_and_nothing_changes(
    desk: Desk, name: str, value: str
) -> None:
    public_id = add_person(desk)
    wanted = replace(Settings("monthly", "es", "America/Lima", "count"), **{name: value})
    with session(desk.engine, writing=True) as started, pytest.raises(ChoiceError) as caught:
        own_data.change_settings(started, desk, public_id, wanted, now=NOW)
    assert caught.value.name == name
    person = person_of(desk)
    assert person is not None
    assert (person.frequency, person.version) == ("weekly", 1)


@one_store
def test_a_pause_ends_when_the_person_says_so(desk: Desk) -> None:
    public_id = add_person(desk)
    with session(desk.engine, writing=True) as started:
        own_data.go_on(started, public_id)
        own_data.pause(started, public_id)
        own_data.go_on(started, public_id)
    person = person_of(desk)
    assert person is not None
    assert (person.standing, person.version) == ("active", 3)


@one_store
def test_muting_keeps_the_order_and_takes_back_one(desk: Desk) -> None:
    public_id = add_person(desk, profile=Profile(ANSWERS, muted=("b",)))
    with session(desk.engine, writing=True) as started:
        for study in ("c", "a", "c"):
            own_data.mute(started, desk, public_id, study)
        own_data.unmute(started, desk, public_id, "b")
    person = person_of(desk)
    assert person is not None
    assert opened(desk, person).profile.muted == ("c", "a")


def test_who_stopped_may_start_again_and_agrees_anew(desk: Desk) -> None:
    public_id = add_person(desk)
    stop_them(desk, "unsubscribed")
    with session(desk.engine, writing=True) as started:
        assert own_data.start_again(started, desk, public_id, now=LATER)
    person = person_of(desk)
    assert person is not None
    assert (person.standing, person.stopped_at, person.stopped_reason) == ("active", None, None)
    assert (person.consent_at, person.confirmed_at, person.renewed_at) == (LATER,) * 3
    with session(desk.engine) as started:
        assert suppression(started, [person.address_hash]) is None
    assert [entry.what for entry in entries(desk)] == ["unsubscribed", "confirmed"]


@pytest.mark.parametrize("reason", ["bounced", "complained"])
@one_store
def test_who_was_stopped_by_their_server_cannot(desk: Desk, reason: str) -> None:
    public_id = add_person(desk)
    stop_them(desk, reason)
    with session(desk.engine, writing=True) as started:
        assert not own_data.start_again(started, desk, public_id, now=LATER)
    person = person_of(desk)
    assert person is not None
    assert person.standing == "stopped"


@one_store
def test_nor_who_bounced_after_they_had_stopped(desk: Desk) -> None:
    public_id = add_person(desk)
    stop_them(desk, "unsubscribed")
    with session(desk.engine, writing=True) as started:
        person = person_of(desk)
        assert person is not None
        suppress(started, person.address_hash, reason="bounced", now=NOW)
        started.commit()
        assert not own_data.start_again(started, desk, public_id, now=LATER)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("Ann.Smith@example.org", "A…@example.org"),
        ("x@example.org", "x…@example.org"),
    ],
)
@one_store
def test_the_address_is_masked(desk: Desk, address: str, masked: str) -> None:
    add_person(desk, address)
    person = person_of(desk, address)
    assert person is not None
    assert opened(desk, person).masked == masked


def stop_them(desk: Desk, reason: str) -> None:
    person = person_of(desk)
    assert person is not None
    with session(desk.engine, writing=True) as started:
        stop(started, desk, person.address_hash, reason=reason, now=NOW)
        started.commit()
