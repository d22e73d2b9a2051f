"""The ends: erasing by one's own wish and after a death, and what is said about it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.mails import ANN, MAIL, MakeApp, confirmed, dump
from tests.web.own_page import (
    CLOSED,
    add,
    at_home,
    now_kept,
)
from tests.web.person import Person


@pytest.fixture
def mailing(make_app: MakeApp) -> Flask:
    """An application that can mail people."""
    return make_app(**MAIL)


def test_erasing_asks_once_and_leaves_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/answers")
    person.open("/my-data/erase")
    assert now_kept(mailing)
    person.send()
    assert person.path == "/my-data/erased"
    tables = dump(mailing)
    assert (tables["subscriber"], tables["signup"]) == ([], [])
    assert len(tables["suppression"]) == 1
    assert CLOSED in person.open("/my-data").get_data(as_text=True)
    assert "ER-positive" not in person.open("/check").get_data(as_text=True)


def test_after_a_death_little_is_said_and_nothing_about_care(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.open("/my-data/died")
    person.send()
    main = re.sub(r"<[^>]+>", "", person.page.partition("<main")[2].partition("</main>")[0])
    told = " ".join(main.partition(">")[2].split())
    assert told == "We are sorry for your loss Everything is erased. No more emails will come."
    foot = person.page.partition("<footer")[2]
    assert "What we keep" in foot
    assert "medical" not in foot
    assert "care team" not in foot
    assert dump(mailing)["subscriber"] == []
    assert "'died'" in dump(mailing)["suppression"][0]


def test_erasing_twice_from_two_windows_is_no_fault(mailing: Flask) -> None:
    public_id = add(mailing)
    one, two = at_home(mailing, public_id), at_home(mailing, public_id)
    for person in (one, two):
        person.open("/my-data/erase")
    assert one.send().status_code == 200
    assert CLOSED in two.send("/my-data/erase").get_data(as_text=True)


def test_the_whole_way_from_signing_up_to_erasing(mailing: Flask) -> None:
    confirmed(mailing)
    kept = now_kept(mailing, ANN)
    person = at_home(mailing, kept.public_id)
    assert "ER-positive" in person.text
    person.open("/my-data/erase")
    person.send()
    assert dump(mailing)["subscriber"] == []
    confirmed(mailing)
    assert now_kept(mailing, ANN).standing == "active"


def test_the_privacy_page_speaks_of_mails_only_where_there_are_any(make_app: MakeApp) -> None:
    with_mail, without = (Person(make_app(**settings).test_client()) for settings in (MAIL, {}))
    for person, told in ((with_mail, True), (without, False)):
        person.open("/privacy")
        for text in ("If you sign up for emails", "Three small cookies", "keep them longer"):
            assert (text in person.text) == told
