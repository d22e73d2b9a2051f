"""Muting by the link in a mail: a page, a button, and nothing else that the link can do."""

from __future__ import annotations

import pytest
from flask import Flask

from matcher.services.digests.profile import open_profile
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token
from matcher.store.database import session
from tests.factories import StudyRowFactory
from tests.services.subscribing.kept import NOW, add_person, person_of
from tests.web.mails import MAIL, MakeApp, desk_of, dump
from tests.web.person import Person

KEY, TITLE = "a-study", "A study of things"


@pytest.fixture
def mailing(make_app: MakeApp) -> Flask:
    """An application that can mail people, with one review."""
    app = make_app(**MAIL)
    with session(desk_of(app).engine, writing=True) as opened:
        opened.add(StudyRowFactory(key=KEY, title=TITLE))
        opened.commit()
    return app


def link_of(app: Flask, public_id: str, study: int = 1) -> str:
    return f"/mute/{mute_token(desk_of(app).hashes, Mute(public_id, study))}"


def muted(app: Flask) -> tuple[str, ...]:
    person = person_of(desk_of(app))
    assert person is not None
    return open_profile(desk_of(app).safe, person.profile).muted


def test_looking_changes_nothing(mailing: Flask) -> None:
    link = link_of(mailing, add_person(desk_of(mailing)))
    before, client = dump(mailing), mailing.test_client()
    for method in (client.get, client.head) * 3:
        assert method(link).status_code == 200
    assert dump(mailing) == before


def test_the_page_names_the_review_and_the_way_back(mailing: Flask) -> None:
    page = mailing.test_client().get(link_of(mailing, add_person(desk_of(mailing)))).text
    assert f'<strong lang="en">{TITLE}</strong>' in page
    assert "You can put it back at any time on your own page." in page


def test_the_button_mutes_without_any_session_as_often_as_it_is_pressed(mailing: Flask) -> None:
    link = link_of(mailing, add_person(desk_of(mailing)))
    person = Person(mailing.test_client())
    for _ in range(3):
        person.open(link)
        assert person.send().status_code == 200
        assert "You get no more emails about that review" in person.text
    assert muted(mailing) == (KEY,)
    kept = person_of(desk_of(mailing))
    assert kept is not None
    assert (kept.version, kept.standing) == (2, "active")


def test_what_is_done_is_said_in_the_other_language_too(mailing: Flask) -> None:
    link = link_of(mailing, add_person(desk_of(mailing)))
    person = Person(mailing.test_client())
    person.open(link)
    person.send()
    assert f'name="back" value="{link}"' in person.page
    person.send("/language", language="es", back=link)
    assert "Ya no recibirá correos sobre esa reseña" in person.page


def test_whatever_is_posted_it_can_only_mute(mailing: Flask) -> None:
    link = link_of(mailing, add_person(desk_of(mailing)))
    person = Person(mailing.test_client())
    person.open(link)
    person.send(
        frequency="monthly", study="other", erase="yes", **{"List-Unsubscribe": "One-Click"}
    )
    kept = person_of(desk_of(mailing))
    assert kept is not None
    assert (kept.frequency, kept.standing, muted(mailing)) == ("weekly", "active", (KEY,))


def test_it_opens_no_page_of_own_data(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.open(link_of(mailing, add_person(desk_of(mailing))))
    person.send()
    assert "matcher-own" not in {cookie.key for cookie in person.client._cookies.values()}
    person.open("/my-data")
    assert "This page is closed now" in person.text


def test_a_link_that_is_none_is_said_kindly(mailing: Flask) -> None:
    public_id = add_person(desk_of(mailing))
    good = link_of(mailing, public_id)
    manage = manage_token(desk_of(mailing).hashes, public_id, now=NOW)
    person = Person(mailing.test_client())
    for path in (good[:-1], "/mute/nothing", f"/mute/{manage}"):
        assert person.open(path).status_code == 404
        assert person.send(path).status_code == 404
    person.open(good)
    of_nothing = link_of(mailing, public_id, study=999)
    assert person.send(of_nothing).status_code == 404
    assert person.open(of_nothing).status_code == 404
    assert muted(mailing) == ()


def test_after_erasing_it_does_nothing(mailing: Flask) -> None:
    public_id = add_person(desk_of(mailing))
    erase_by_name(desk_of(mailing), public_id, reason="erased", now=NOW)
    before = dump(mailing)
    person = Person(mailing.test_client())
    link = link_of(mailing, public_id)
    assert person.open(link).status_code == 404
    assert person.send(link).status_code == 404
    assert dump(mailing) == before


def test_the_page_speaks_the_language_of_the_mail(mailing: Flask) -> None:
    link = link_of(mailing, add_person(desk_of(mailing), language="es"))
    person = Person(mailing.test_client())
    person.open(link)
    assert "¿No más correos sobre esta?" in person.text
