"""Status: the ledger as it stands, row by row, whoever is in it or was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Item
from matcher.services.digests.pausing import Pause
from matcher.services.digests.status import digest_rows, failed_letters, overall
from matcher.store.database import session
from matcher.store.deliveries import STATES, Delivery
from tests.services.subscribing.kept import add_mail, add_person, add_wish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ITEMS = (Item("a-study", "fits", "new"), Item("b-study", "related", "new"))


def test_every_row_is_told_with_its_person_and_its_studies(kept_desk: Desk) -> None:
    public_id = add_person(kept_desk)
    first = add_mail(kept_desk, items=ITEMS)
    second = add_mail(kept_desk, period="2026-W48", state="empty")
    add_wish(kept_desk)
    with session(kept_desk.engine) as opened:
        rows = list(digest_rows(opened, kept_desk))
        newest = list(digest_rows(opened, kept_desk, newest=1))
    assert [(row.id, row.period, row.state, row.items) for row in rows] == [
        (first, "2026-W47", "sent", ("a-study", "b-study")),
        (second, "2026-W48", "empty", ()),
    ]
    assert {row.subscriber for row in rows} == {public_id}
    assert newest == rows[1:]
    name = rows[0].message_id
    assert name
    assert name.endswith("@matcher.example.org>")


def test_of_the_erased_only_the_row_is_left(kept_desk: Desk) -> None:
    add_person(kept_desk)
    number = add_mail(kept_desk, items=ITEMS)
    with session(kept_desk.engine, writing=True) as opened:
        row = opened.get(Delivery, number)
        assert row
        row.subscriber_id, row.items, row.state = None, None, "cancelled"
        opened.commit()
        (left,) = digest_rows(opened, kept_desk)
    assert (left.subscriber, left.items, left.state) == (None, (), "cancelled")


def test_the_counts_name_every_state_and_keep_letters_apart(kept_desk: Desk) -> None:
    add_person(kept_desk)
    add_mail(kept_desk)
    add_mail(kept_desk, period="2026-W48", state="due")
    add_wish(kept_desk)
    with session(kept_desk.engine) as opened:
        whole = overall(opened)
    assert set(whole.counts) == set(whole.letters) == set(STATES)
    assert {state: count for state, count in whole.counts.items() if count} == {"sent": 1, "due": 1}
    assert {state: count for state, count in whole.letters.items() if count} == {"due": 1}
    assert (whole.paused, whole.restored) == (None, None)


def test_why_mails_are_held_back_is_told_until_they_go_again(kept_desk: Desk) -> None:
    with session(kept_desk.engine, writing=True) as opened:
        pausing.pause(opened, "the mail server cannot be reached", NOW)
        pausing.pause(opened, "the password is wrong", NOW.replace(hour=13))
        assert overall(opened).paused == Pause("the password is wrong", NOW)
        assert pausing.resume(opened)
        assert overall(opened).paused is None
        assert not pausing.resume(opened)
        opened.rollback()


def test_without_a_sender_no_message_has_a_name(kept_desk: Desk) -> None:
    add_person(kept_desk)
    add_mail(kept_desk)
    nameless = replace(kept_desk, settings=replace(kept_desk.settings, mail_from=None))
    with session(kept_desk.engine) as opened:
        (row,) = digest_rows(opened, nameless)
    assert row.message_id is None


def test_of_a_row_that_cannot_be_opened_no_studies_are_told(kept_desk: Desk) -> None:
    add_person(kept_desk)
    broken = add_mail(kept_desk, items=ITEMS)
    add_mail(kept_desk, period="2026-W48", items=ITEMS)
    with session(kept_desk.engine, writing=True) as opened:
        opened.get_one(Delivery, broken).items = b"broken"
        opened.commit()
        rows = list(digest_rows(opened, kept_desk))
    assert [row.items for row in rows] == [(), ("a-study", "b-study")]
    assert [row.reason for row in rows] == ["its studies cannot be opened", None]
    other = replace(kept_desk, settings=replace(kept_desk.settings, data_key="o" * 32))
    with session(kept_desk.engine) as opened:
        assert [row.items for row in digest_rows(opened, other)] == [(), ()]


def test_failed_letters_are_told_with_why_and_without_whom(kept_desk: Desk) -> None:
    add_person(kept_desk)
    add_mail(kept_desk, state="failed")
    for number, state in enumerate(("failed", "sent", "expired")):
        add_mail(kept_desk, period=f"link-{number}", state=state)
    with session(kept_desk.engine, writing=True) as opened:
        letters = "update delivery set kind='link', reason='550 no' where period <> '2026-W47'"
        opened.execute(sa.text(letters))
        opened.commit()
        found = failed_letters(opened, newest=9)
        assert failed_letters(opened, newest=1) == found[:1]
    assert [(one.kind, one.state, one.reason) for one in found] == [
        ("link", "expired", "550 no"),
        ("link", "failed", "550 no"),
    ]
