"""Deciding: one mail or none for each wish, whatever the spelling, however many decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import deciding
from matcher.services.subscribing.deciding import decide
from tests.services.subscribing.asking import (
    ANN,
    NOW,
    ask,
    ask_link,
    at_once,
    count,
    hand_out,
    person,
    press,
    rows,
    stopped,
    subscribed,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SPELLINGS = ("ann.lee@gmail.com", "AnnLee@Gmail.com", "a.n.n.lee+x@googlemail.com")


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """A desk with empty tables, on each kind of database."""
    return kept_desk


def test_a_wish_becomes_one_mail_that_is_due_now(desk: Desk) -> None:
    ask(desk)
    assert decide(desk, now=NOW + MINUTE) == 1
    assert decide(desk, now=NOW + MINUTE) == 0
    ((signup, state),) = rows(desk, "id, state", "signup")
    assert state == "mailed"
    columns = "kind, signup_id, subscriber_id, period, state, items"
    mail = ("confirmation", signup, None, f"confirmation-{signup}", "due", None)
    assert rows(desk, columns, "delivery") == [mail]
    ((due, next_at),) = rows(desk, "due_at, next_at", "delivery")
    assert due == next_at
    assert str(due).startswith("2026-11-25 09:31")


def test_more_than_a_batch_is_decided_in_one_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "BATCH", 3)
    for number in range(8):
        ask(desk, f"a{number}@example.org")
    assert decide(desk, now=NOW) == 8


def test_a_mailbox_gets_one_a_day_whatever_its_spelling(desk: Desk) -> None:
    for number in range(40):
        ask(desk, SPELLINGS[number % 3], network=f"10.0.{number}.0/24")
    ask(desk, "other@gmail.com")
    assert decide(desk, now=NOW) == 2
    assert count(desk, "signup") == 2
    later = NOW + DAY - MINUTE
    ask(desk, SPELLINGS[1], now=later)
    assert decide(desk, now=later) == 0
    ask(desk, SPELLINGS[1], now=NOW + DAY)
    assert decide(desk, now=NOW + DAY) == 1


def test_three_mails_ever_to_who_never_confirms(desk: Desk) -> None:
    for day in range(10):
        ask(desk, now=NOW + day * DAY)
        decide(desk, now=NOW + day * DAY)
    assert count(desk, "delivery") == 3
    assert count(desk, "signup") == 3


def test_a_year_after_the_third_mail_its_owner_may_ask_again(desk: Desk) -> None:
    for day in (0, 1, 2, 3, 360, 366, 368, 369, 370, 371):
        ask(desk, now=NOW + day * DAY)
        decide(desk, now=NOW + day * DAY)
        with desk.engine.begin() as connection:
            connection.execute(sa.text("delete from signup"))
    days = [str(due)[:10] for (due,) in rows(desk, "due_at", "delivery")]
    assert days == [f"{NOW + day * DAY:%Y-%m-%d}" for day in (0, 1, 2, 368, 369, 370)]


def test_who_confirms_is_counted_anew(desk: Desk) -> None:
    for day in range(3):
        ask(desk, now=NOW + day * DAY)
        decide(desk, now=NOW + day * DAY)
    assert press(desk, hand_out(desk), now=NOW + 3 * DAY) == "done"
    for day in range(3, 9):
        ask(desk, now=NOW + day * DAY)
        decide(desk, now=NOW + day * DAY)
    assert count(desk, "delivery") == 6


@pytest.mark.parametrize(
    ("reason", "mails"),
    [("unsubscribed", 1), ("bounced", 0), ("complained", 0), ("died", 1), ("erased", 1)],
)
@pytest.mark.parametrize("kind", ["subscribe", "link"])
def test_only_a_final_reason_keeps_an_address_from_being_asked(
    desk: Desk, kind: str, reason: str, mails: int
) -> None:
    subscribed(desk)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("delete from delivery"))
    stopped(desk, reason="unsubscribed")
    with desk.engine.begin() as connection:
        connection.execute(sa.text("update suppression set reason = :why"), {"why": reason})
        connection.execute(sa.text("delete from signup"))
    (ask if kind == "subscribe" else ask_link)(desk)
    assert decide(desk, now=NOW) == mails
    assert count(desk, "delivery") == mails
    assert count(desk, "signup") == (mails if kind == "subscribe" else 0)


def test_a_link_goes_to_a_known_address_alone_and_leaves_no_wish(desk: Desk) -> None:
    subscribed(desk)
    ask_link(desk, "ANN.LEE@example.org")
    ask_link(desk, "unknown@example.org")
    ask_link(desk, "annlee@example.org")
    assert decide(desk, now=NOW) == 1
    links = rows(desk, "subscriber_id, signup_id", "delivery where kind = 'link'")
    assert links == [(person(desk).id, None)]
    assert rows(desk, "state", "signup") == [("confirmed",)]


@pytest.mark.parametrize("standing", ["active", "paused", "stopped"])
def test_a_link_is_for_every_standing(desk: Desk, standing: str) -> None:
    subscribed(desk)
    change = "update subscriber set standing = :new, stopped_at = :at"
    at = NOW if standing == "stopped" else None
    with desk.engine.begin() as connection:
        connection.execute(sa.text(change), {"new": standing, "at": at})
    ask_link(desk)
    assert decide(desk, now=NOW) == 1


def test_links_are_few_a_day_and_far_between(desk: Desk) -> None:
    subscribed(desk)
    midnight = NOW.replace(hour=0, minute=0)
    sent = []
    for minute in (0, 9, 10, 20, 30, 40, 50, 60, 24 * 60):
        now = midnight + minute * MINUTE
        ask_link(desk, now=now)
        if decide(desk, now=now):
            sent.append(minute)
    assert sent == [0, 10, 20, 30, 40, 24 * 60]


def test_two_links_have_rows_of_their_own(desk: Desk) -> None:
    """A database may give the number of a dropped wish to the next one."""
    subscribed(desk)
    for minutes in (0, 15):
        ask_link(desk, now=NOW + minutes * MINUTE)
        decide(desk, now=NOW + minutes * MINUTE)
    assert count(desk, "delivery where kind = 'link'") == 2


def test_a_wish_that_no_key_opens_keeps_nobody_back(desk: Desk) -> None:
    ask(desk, "lost@example.org")
    with desk.engine.begin() as connection:
        connection.execute(sa.text("update signup set sealed = :x"), {"x": b"broken"})
    ask(desk)
    assert decide(desk, now=NOW) == 1
    assert rows(desk, "state", "signup") == [("asked",), ("mailed",)]


def test_a_mailbox_is_counted_on_when_a_new_key_is_added(desk: Desk) -> None:
    ask(desk)
    decide(desk, now=NOW)
    both = replace(desk.settings, lookup_key=f"{'n' * 32},{desk.settings.lookup_key}")
    newer = Desk(desk.engine, desk.book, desk.matcher, both)
    ask(newer, now=NOW + MINUTE)
    assert decide(newer, now=NOW + MINUTE) == 0
    stopped(desk, "dead@example.org", reason="bounced")
    ask(newer, "dead@example.org", now=NOW + MINUTE)
    assert decide(newer, now=NOW + MINUTE) == 0


def test_several_who_decide_at_once_make_one_mail(desk: Desk) -> None:
    for number in range(12):
        ask(desk, SPELLINGS[number % 3], network=f"10.0.{number}.0/24")
        ask(desk, f"a{number}@example.org", network=f"10.0.{number}.0/24")
    mails = at_once([lambda: decide(desk, now=NOW)] * 8)
    # One that finds the rest in other hands is done; what was in hand is decided by then.
    assert sum(mails) + decide(desk, now=NOW) == 13
    assert count(desk, "delivery") == 13
    assert rows(desk, "state", "signup") == [("mailed",)] * 13


def test_nothing_of_a_dropped_wish_stays(desk: Desk) -> None:
    ask(desk)
    decide(desk, now=NOW)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("delete from signup"))
    ask(desk, now=NOW + MINUTE)
    ask_link(desk, ANN)
    assert decide(desk, now=NOW + MINUTE) == 0
    assert count(desk, "signup") == 0
