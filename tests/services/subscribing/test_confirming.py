"""Confirming: the owner's press makes a subscriber once, and nothing before it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile, open_profile, seal_profile
from matcher.services.subscribing import journal
from matcher.services.subscribing.confirming import LASTS, link_state
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.stopping import stop
from matcher.services.subscribing.wish import CONSENT_VERSION
from matcher.store.database import session
from tests.services.subscribing.asking import (
    ANN,
    ANSWERS,
    NOW,
    ask,
    at_once,
    count,
    hand_out,
    known_as,
    mailed,
    person,
    press,
    rows,
    stopped,
    subscribed,
    wish,
)

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """A desk with empty tables, on each kind of database."""
    return kept_desk


def state(desk: Desk, token: str, *, now: timedelta = timedelta()) -> str:
    with session(desk.engine) as opened:
        return link_state(opened, token, now=NOW + now)


def test_the_press_makes_a_subscriber_as_was_wished(desk: Desk) -> None:
    profile = Profile(ANSWERS, about="other", leave_out=True)
    token = mailed(desk, frequency="monthly", detail="titles", profile=profile)
    assert state(desk, token) == "open"
    assert count(desk, "subscriber") == 0
    assert press(desk, token, now=NOW + DAY) == "done"
    found = person(desk)
    assert desk.safe.open(found.address).decode() == ANN
    assert open_profile(desk.safe, found.profile) == profile
    assert (found.frequency, found.detail, found.language) == ("monthly", "titles", "es")
    assert (found.zone, found.standing, found.version, found.seen) == (
        "America/Lima",
        "active",
        1,
        None,
    )
    assert (found.consent_version, found.consent_at) == (CONSENT_VERSION, NOW)
    assert (found.confirmed_at, found.renewed_at) == (NOW + DAY, NOW + DAY)


def test_nothing_of_the_wish_stays_but_that_it_was_confirmed(desk: Desk) -> None:
    subscribed(desk)
    ((state, sealed),) = rows(desk, "state, sealed", "signup")
    assert state == "confirmed"
    assert desk.safe.open(bytes(sealed)) == b"{}"
    assert count(desk, "mailbox_limit") == 0
    assert [(one.what, one.address_hash) for one in journal.entries(desk)] == [
        ("confirmed", known_as(desk)[0])
    ]


def test_a_second_press_finds_that_all_is_well(desk: Desk) -> None:
    token = mailed(desk)
    assert [press(desk, token) for _ in range(3)] == ["done"] * 3
    assert state(desk, token) == "done"
    assert person(desk).version == 1
    assert count(desk, "subscriber") == 1


def test_a_used_link_starts_nothing_again(desk: Desk) -> None:
    token = mailed(desk)
    press(desk, token)
    stopped(desk, reason="unsubscribed")
    assert press(desk, token) == "gone"
    assert person(desk).standing == "stopped"


def test_a_link_lasts_seven_days(desk: Desk) -> None:
    token = mailed(desk)
    assert state(desk, token, now=LASTS - SECOND) == "open"
    assert press(desk, token, now=NOW + LASTS) == "gone"
    assert count(desk, "subscriber") == 0
    assert press(desk, token, now=NOW + LASTS - SECOND) == "done"


def test_a_link_that_is_not_whole_is_no_link(desk: Desk) -> None:
    token = mailed(desk)
    for other in (token[:-1], token[1:], token + "A", token.swapcase(), "", "x" * 500):
        assert press(desk, other) == "gone", other
    assert count(desk, "subscriber") == 0


def test_who_was_known_gets_new_answers_and_keeps_what_was_told(desk: Desk) -> None:
    subscribed(desk)
    with session(desk.engine, writing=True) as opened:
        known = opened.merge(person(desk))
        muted = Profile(ANSWERS, muted=("a-study",))
        known.profile, known.seen = seal_profile(desk.safe, muted), desk.safe.seal(b"seen")
        opened.commit()
    stopped(desk, reason="unsubscribed")
    before = person(desk)
    answers = Profile({"cancer": ["ovarian"]}, leave_out=True)
    later = NOW + 2 * DAY
    token = mailed(desk, "Ann.Lee@EXAMPLE.org", now=later, profile=answers, detail="full")
    assert person(desk) == before
    assert press(desk, token, now=later) == "done"
    after = person(desk)
    assert open_profile(desk.safe, after.profile) == replace(answers, muted=("a-study",))
    assert (after.id, after.address_hash, after.seen) == (
        before.id,
        before.address_hash,
        before.seen,
    )
    assert (after.version, after.standing, after.detail) == (before.version + 1, "active", "full")
    assert (after.stopped_at, after.stopped_reason) == (None, None)
    assert count(desk, "suppression") == 0


def test_what_was_asked_before_is_settled_with_it_and_what_came_later_is_not(desk: Desk) -> None:
    first = mailed(desk)
    second = mailed(desk, now=NOW + DAY)
    third = mailed(desk, now=NOW + 2 * DAY, frequency="monthly")
    assert press(desk, second, now=NOW + 2 * DAY) == "done"
    assert press(desk, first, now=NOW + 2 * DAY) == "gone"
    assert person(desk).frequency == "weekly"
    assert rows(desk, "state", "delivery where signup_id is null") == [("cancelled",)]
    assert press(desk, third, now=NOW + 2 * DAY) == "done"
    assert person(desk).frequency == "monthly"


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_an_address_that_stopped_for_good_cannot_be_confirmed(desk: Desk, reason: str) -> None:
    token = mailed(desk)
    stopped(desk, reason=reason)
    assert rows(desk, "state, reason", "delivery") == [("cancelled", reason)]
    assert press(desk, token) == "gone"
    assert (count(desk, "subscriber"), count(desk, "signup")) == (0, 0)
    assert rows(desk, "reason", "suppression") == [(reason,)]


def test_who_told_of_a_death_may_ask_for_mails_of_their_own(desk: Desk) -> None:
    name = subscribed(desk).public_id
    assert erase_by_name(desk, name, reason="died", now=NOW + SECOND)
    assert rows(desk, "reason", "suppression") == [("died",)]
    token = mailed(desk, now=NOW + DAY)
    assert rows(desk, "reason", "suppression") == [("died",)]
    assert press(desk, token, now=NOW + DAY) == "done"
    assert (count(desk, "subscriber"), count(desk, "suppression")) == (1, 0)


def test_an_address_keeps_its_hash_under_a_new_key(desk: Desk) -> None:
    """Links in old mails carry it, and must stop the mails for ever."""
    old = subscribed(desk).address_hash
    assert erase_by_name(desk, person(desk).public_id, reason="erased", now=NOW)
    both = replace(desk.settings, lookup_key=f"{'n' * 32},{desk.settings.lookup_key}")
    newer = Desk(desk.engine, desk.book, desk.matcher, both)
    found = subscribed(newer)
    assert found.address_hash == old == known_as(newer)[1]
    with session(newer.engine, writing=True) as opened:
        assert stop(opened, newer, old, reason="unsubscribed", now=NOW)
        opened.commit()
    assert person(newer).standing == "stopped"


def test_pressed_by_many_at_once_it_makes_one_subscriber(desk: Desk) -> None:
    token = mailed(desk)
    assert at_once([lambda: press(desk, token)] * 12) == ["done"] * 12
    assert person(desk).version == 1
    assert len(list(journal.entries(desk))) == 1


def test_two_links_of_one_address_pressed_at_once(desk: Desk) -> None:
    for _ in range(4):
        ask(desk)
        first = hand_out(desk)
        ask(desk, "ANN.lee@example.org", frequency="monthly", now=NOW + SECOND)
        second = hand_out(desk)
        at_once([lambda t=token: press(desk, t) for token in (first, second)])  # type: ignore[misc]
        assert count(desk, "subscriber") == 1
        assert person(desk).frequency == "monthly"
        with desk.engine.begin() as connection:
            for table in ("delivery", "subscriber", "signup", "network_limit"):
                connection.execute(sa.text(f"delete from {table}"))


def test_confirmed_and_erased_at_once_it_is_one_of_the_two(desk: Desk) -> None:
    for round_ in range(4):
        name = subscribed(desk, f"a{round_}@example.org").public_id
        ask(desk, f"a{round_}@example.org", now=NOW + DAY)
        decide(desk, now=NOW + DAY)
        token = hand_out(desk)
        done = at_once(
            [
                lambda t=token: press(desk, t, now=NOW + DAY),  # type: ignore[misc]
                lambda n=name: erase_by_name(desk, n, reason="erased", now=NOW + DAY),  # type: ignore[misc]
            ]
        )
        # Whoever came second found what the first had left: erased is erased.
        assert done[1] is True
        assert count(desk, "subscriber") == 0
        assert rows(desk, "state", "signup") == []
        assert rows(desk, "reason", "suppression") == [("erased",)] * (round_ + 1)


def test_the_wish_in_the_tests_is_whole() -> None:
    assert wish().consent_version == CONSENT_VERSION
