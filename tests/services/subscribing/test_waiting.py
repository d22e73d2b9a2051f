"""Waiting: whoever asked first for an address does not decide for its owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile, open_profile
from matcher.services.subscribing.confirming import confirm
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.waiting import LASTS, MOST, Waiting, choices
from matcher.store.database import session
from tests.services.subscribing.asking import ANN, NOW, ask, count, mailed, person, press, rows

MINUTE = timedelta(minutes=1)
OWN = Profile({"cancer": ["ovarian"]})


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """A desk with empty tables, on each kind of database."""
    return kept_desk


def later(desk: Desk, address: str = ANN, *, minutes: int = 1, **other: Any) -> None:
    """Ask once more, where no mail of its own can follow."""
    now = NOW + minutes * MINUTE
    ask(desk, address, now=now, **other)
    assert decide(desk, now=now) == 0


def offered(desk: Desk, token: str, *, minutes: int = 60) -> list[Waiting]:
    with session(desk.engine) as opened:
        return choices(opened, desk, token, now=NOW + minutes * MINUTE)


def take(desk: Desk, token: str, chosen: int) -> str:
    with session(desk.engine, writing=True) as opened:
        return confirm(opened, desk, token, now=NOW + 60 * MINUTE, chosen=chosen)


def test_the_owner_takes_the_newer_one(desk: Desk) -> None:
    token = mailed(desk, detail="titles")
    later(desk, profile=OWN, frequency="monthly")
    newest, first = offered(desk, token)
    assert (newest.wish.profile, first.wish.detail) == (OWN, "titles")
    assert take(desk, token, newest.id) == "done"
    found = person(desk)
    assert open_profile(desk.safe, found.profile, of=found.public_id) == OWN
    assert (found.frequency, found.detail) == ("monthly", "count")
    assert found.consent_at == NOW + MINUTE
    assert rows(desk, "state", "signup") == [("confirmed",)]


def test_the_owner_takes_the_older_one_and_the_newer_is_gone(desk: Desk) -> None:
    token = mailed(desk, detail="titles")
    later(desk, profile=OWN)
    assert press(desk, token) == "done"
    assert person(desk).detail == "titles"
    assert rows(desk, "state", "signup") == [("confirmed",)]


def test_at_most_three_with_the_one_that_was_mailed_always_among_them(desk: Desk) -> None:
    token = mailed(desk)
    for minute in range(1, 6):
        later(desk, profile=Profile({"age": 40 + minute}), minutes=minute)
    ages = [dict(one.wish.profile.answers).get("age") for one in offered(desk, token)]
    assert ages == [45, 44, None]
    assert count(desk, "signup") == MOST


def test_the_same_wished_again_is_no_choice(desk: Desk) -> None:
    token = mailed(desk)
    later(desk)
    assert len(offered(desk, token)) == 1
    assert count(desk, "signup") == 1


def test_another_spelling_of_the_mailbox_is_not_offered(desk: Desk) -> None:
    token = mailed(desk, "ann@gmail.com")
    later(desk, "a.n.n@gmail.com", profile=OWN)
    assert len(offered(desk, token)) == 1
    assert count(desk, "signup") == 1


def test_what_is_not_this_addresss_cannot_be_taken(desk: Desk) -> None:
    token = mailed(desk)
    mailed(desk, "bob@example.org")
    ((_, other),) = rows(desk, "address_hash, id", "signup", order="id")[1:]
    assert take(desk, token, other) == "gone"
    assert count(desk, "subscriber") == 0


def test_a_link_that_has_ended_offers_nothing(desk: Desk) -> None:
    token = mailed(desk)
    later(desk, profile=OWN)
    week = int(LASTS / MINUTE)
    assert len(offered(desk, token, minutes=week - 1)) == 2
    assert offered(desk, token, minutes=week) == []
