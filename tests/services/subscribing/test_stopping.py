"""Stopping: from whatever was, as often as it comes, at once, and after everything else too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import journal
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.stopping import unsubscribe
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token, unsubscribe_token
from matcher.store.database import session
from matcher.store.deliveries import STATES, Delivery
from tests.services.subscribing.asking import (
    NOW,
    ask,
    ask_link,
    at_once,
    count,
    known_as,
    person,
    rows,
    stopped,
    subscribed,
)

LATER = NOW + timedelta(days=1)
STOP_OPEN = {"due": "cancelled", "claimed": "cancelled", "retry": "cancelled"}


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """A desk with empty tables, on each kind of database."""
    return kept_desk


def token(desk: Desk) -> str:
    return unsubscribe_token(desk.hashes, known_as(desk)[0])


def pressed(desk: Desk, token: str) -> bool:
    with session(desk.engine, writing=True) as opened:
        return unsubscribe(opened, desk, token, now=LATER)


def mails_in_every_state(desk: Desk, subscriber: int) -> None:
    with session(desk.engine, writing=True) as opened:
        for state in STATES:
            times = {"due_at": NOW, "next_at": NOW, "planned_at": NOW, "lease_until": NOW}
            who = {"subscriber_id": subscriber, "kind": "digest", "period": state}
            opened.add(Delivery.model_validate({**who, **times, "state": state}))
        opened.commit()


def test_who_unsubscribes_gets_nothing_that_waits(desk: Desk) -> None:
    found = subscribed(desk)
    assert found.id is not None
    mails_in_every_state(desk, found.id)
    assert pressed(desk, token(desk))
    after = person(desk)
    assert (after.standing, after.stopped_reason) == ("stopped", "unsubscribed")
    assert (after.stopped_at, after.version) == (LATER, found.version + 1)
    assert (after.profile, after.address) == (found.profile, found.address)
    assert rows(desk, "address_hash, reason", "suppression") == [
        (found.address_hash, "unsubscribed")
    ]
    digests = dict(rows(desk, "period, state", "delivery where kind = 'digest'"))
    assert digests == {state: STOP_OPEN.get(state, state) for state in STATES}
    left = "reason, lease_until", "delivery where kind = 'digest' and period = 'claimed'"
    assert rows(desk, *left) == [("unsubscribed", None)]


def test_a_hundred_presses_are_as_one(desk: Desk) -> None:
    subscribed(desk)
    assert all(pressed(desk, token(desk)) for _ in range(100))
    assert person(desk).version == 2
    assert [one.what for one in journal.entries(desk)] == ["confirmed", "unsubscribed"]


def test_many_who_press_at_once_all_find_it_done(desk: Desk) -> None:
    subscribed(desk)
    assert at_once([lambda: pressed(desk, token(desk))] * 20) == [True] * 20
    assert person(desk).version == 2
    assert len(list(journal.entries(desk))) == 2


def test_it_works_after_erasure_and_changes_nothing_there(desk: Desk) -> None:
    subscribed(desk)
    erase_by_name(desk, person(desk).public_id, reason="erased", now=NOW)
    assert all(pressed(desk, token(desk)) for _ in range(3))
    assert (count(desk, "subscriber"), rows(desk, "reason", "suppression")) == (0, [("erased",)])
    assert [one.what for one in journal.entries(desk)] == ["confirmed", "erased"]


def test_it_works_for_an_address_that_the_database_has_forgotten(desk: Desk) -> None:
    """As after a restore from an older backup: the link in the mail still counts."""
    assert pressed(desk, token(desk))
    assert rows(desk, "reason", "suppression") == [("unsubscribed",)]
    assert [one.what for one in journal.entries(desk)] == ["unsubscribed"]


def test_a_token_for_something_else_stops_nothing(desk: Desk) -> None:
    found = subscribed(desk)
    good = token(desk)
    others = [
        manage_token(desk.hashes, found.public_id, now=NOW),
        mute_token(desk.hashes, Mute(found.public_id, 7)),
        desk.hashes.sign("unsubscribe", bytes.fromhex(found.public_id)),
        desk.hashes.sign("confirm", bytes.fromhex(found.address_hash)),
        good[:-1],
        good[1:],
        good + "A",
        good.swapcase(),
        "",
    ]
    assert [pressed(desk, one) for one in others] == [False] * len(others)
    assert person(desk) == found
    assert count(desk, "suppression") == 0


def test_every_changed_letter_makes_a_token_worthless(desk: Desk) -> None:
    subscribed(desk)
    good = token(desk)
    for place, letter in enumerate(good):
        changed = good[:place] + ("A" if letter != "A" else "B") + good[place + 1 :]
        assert not pressed(desk, changed), place
    assert person(desk).standing == "active"


def test_the_link_that_was_asked_for_still_comes_unless_mails_fail(desk: Desk) -> None:
    subscribed(desk)
    ask_link(desk)
    decide(desk, now=NOW)
    link = "delivery where kind = 'link'"
    pressed(desk, token(desk))
    assert rows(desk, "state", link) == [("due",)]
    assert stopped(desk, reason="bounced")
    assert rows(desk, "state, reason", link) == [("cancelled", "bounced")]


def test_a_final_reason_takes_the_place_of_a_milder_one_and_never_the_reverse(desk: Desk) -> None:
    subscribed(desk)
    assert stopped(desk, reason="unsubscribed")
    assert stopped(desk, reason="complained", now=LATER)
    assert not stopped(desk, reason="unsubscribed")
    assert rows(desk, "reason", "suppression") == [("complained",)]
    assert person(desk).stopped_reason == "complained"
    assert person(desk).stopped_at == NOW


def test_who_pauses_can_stop(desk: Desk) -> None:
    subscribed(desk)
    with session(desk.engine, writing=True) as opened:
        opened.merge(person(desk)).standing = "paused"
        opened.commit()
    assert pressed(desk, token(desk))
    assert person(desk).standing == "stopped"


def test_who_started_again_can_stop_again_by_the_old_mail(desk: Desk) -> None:
    subscribed(desk)
    pressed(desk, token(desk))
    subscribed(desk, now=LATER)
    assert pressed(desk, token(desk))
    assert person(desk).standing == "stopped"
    assert rows(desk, "reason", "suppression") == [("unsubscribed",)]


def test_a_wish_of_the_same_address_outlives_an_unsubscribing(desk: Desk) -> None:
    """Somebody who stops old mails may have just asked for new ones."""
    subscribed(desk)
    ask(desk, now=LATER)
    decide(desk, now=LATER)
    pressed(desk, token(desk))
    columns = "state, reason", "delivery where kind = 'confirmation'"
    assert rows(desk, *columns) == [("cancelled", "confirmed"), ("due", None)]


def test_nothing_is_stopped_unless_the_journal_has_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(desk)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "append", full)
    with pytest.raises(OSError, match="full"):
        pressed(desk, token(desk))
    assert person(desk).standing == "active"
    assert count(desk, "suppression") == 0
