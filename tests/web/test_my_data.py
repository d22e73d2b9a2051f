"""My data: what is shown, and every change."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from matcher.core.text import LANGUAGES
from matcher.services.digests.items import Gone, Item
from matcher.services.digests.profile import Profile, open_profile
from tests.services.subscribing.kept import ADDRESS, add_mail
from tests.web.catalogue import CAMIZESTRANT
from tests.web.conftest import Clock
from tests.web.mails import MAIL, MakeApp, desk_of, site_of
from tests.web.own_page import (
    CLOSED,
    MICE,
    SETTINGS,
    TOLD,
    add,
    at_home,
    link_of,
    muted,
    now_kept,
    open_answers,
)
from tests.web.person import Person


@pytest.fixture
def mailing(make_app: MakeApp) -> Flask:
    """An application that can mail people."""
    return make_app(**MAIL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_mails(mailing: Flask, language: str) -> None:
    browser = "es" if language == "en" else "en"
    person = at_home(mailing, add(mailing, language=language), **{"Accept-Language": browser})
    title = {"en": "Your emails and your data", "es": "Sus correos y sus datos"}[language]
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in person.page
    person.send("/my-data/answers")
    assert f'<html lang="{language}"' in person.page


@pytest.mark.parametrize(
    ("first", "title"), [(True, "What we found for you"), (False, "What is new for you")]
)
def test_the_first_mail_brought_nothing_new_but_what_was_found(
    mailing: Flask, title: str, *, first: bool
) -> None:
    public_id = add(mailing)
    add_mail(desk_of(mailing), items=[Item(CAMIZESTRANT, "fits", "new")], first=first)
    page = at_home(mailing, public_id).page
    assert f'<h2 class="govuk-heading-m">{title}</h2>' in page


def test_every_page_leads_to_ones_emails_where_there_are_any(make_app: MakeApp) -> None:
    for settings, count in ((MAIL, 1), ({}, 0)):
        page = make_app(**settings).test_client().get("/").get_data(as_text=True)
        foot = page.partition("<footer")[2]
        assert foot.count('<a href="/my-data/link">Emails from Matcher</a>') == count


def test_it_shows_all_that_is_kept(mailing: Flask) -> None:
    profile = Profile(TOLD, muted=(MICE, "not-there-any-more"), leave_out=True)
    public_id = add(mailing, profile=profile)
    news = [Item(CAMIZESTRANT, "fits", "new"), Item(MICE, "related", "new")]
    gone = [Gone("x", "A title of old", "retracted")]
    add_mail(desk_of(mailing), items=news, gone=gone)
    page = at_home(mailing, public_id).text
    for told in (
        "A…@example.org",
        "ER-positive",
        "ESR1",
        "Treating advanced breast cancer with ESR1 mutations shows promise",
        "A drug slows HER2-low tumors in mice",
        "A title of old",
        "This does not mean that the treatment works for you",
        "A review that is not in our list any more",
        "Reviews on hard topics are left out",
        "November 22, 2026 (wording 1)",
        "November 22, 2027",
        "2 more had no room",
    ):
        assert told in page, told
    # Once among the news, where it can be muted; the muted one only among the muted.
    assert page.count(f'name="study" value="{CAMIZESTRANT}"') == 1
    assert page.count(f'name="study" value="{MICE}"') == 1
    assert 'value="weekly" checked' in page
    assert 'value="Europe/Berlin" selected' in page


def test_a_carers_page_speaks_of_the_person_cared_for(mailing: Flask) -> None:
    page = at_home(mailing, add(mailing, profile=Profile(TOLD, about="other"))).text
    assert "What is new for the person you care for" in page
    assert "What you told us" in page


def test_no_review_is_shown_twice_or_as_it_was_then(mailing: Flask) -> None:
    """Levels and reasons are those of today, whatever the mail said."""
    public_id = add(mailing)
    add_mail(
        desk_of(mailing), items=[Item(CAMIZESTRANT, "related", "new"), Item("gone", "fits", "new")]
    )
    page = at_home(mailing, public_id).text
    assert "Its label describes people like you" in page
    assert page.count("/studies/") == 1


# Changes


def test_settings_are_saved_at_once_and_said_so(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/settings", **SETTINGS)
    assert 'role="status"' in person.page
    kept = now_kept(mailing)
    assert {name: getattr(kept, name) for name in SETTINGS} == SETTINGS
    assert kept.version == 2
    for name in SETTINGS:
        person.open("/my-data")
        assert person.send("/my-data/settings", **{**SETTINGS, name: "x"}).status_code == 400
    assert now_kept(mailing).version == 2


def test_pausing_stopping_and_starting_again(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    standings = []
    for deed in ("pause", "go-on", "stop", "start-again"):
        person.open("/my-data")
        person.send(f"/my-data/{deed}")
        assert person.path.startswith("/my-data?done="), deed
        standings.append(now_kept(mailing).standing)
    assert standings == ["paused", "active", "stopped", "active"]
    person.open("/my-data")
    assert person.send("/my-data/start-again").status_code == 400


def test_who_stopped_is_told_until_when_it_is_kept(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/stop")
    assert "All is erased on December 22, 2026" in person.text
    assert "Start the emails again" in person.text
    assert "Take a break" not in person.text


def test_who_bounced_is_not_offered_to_start_again(mailing: Flask, clock: Clock) -> None:
    stopped = {"standing": "stopped", "stopped_reason": "bounced", "stopped_at": clock.now}
    person = at_home(mailing, add(mailing, **stopped))
    assert "Start the emails again" not in person.text
    assert person.send("/my-data/start-again").status_code == 400
    assert now_kept(mailing).standing == "stopped"


def test_before_the_end_the_page_asks_and_keeping_gives_a_year(
    mailing: Flask, clock: Clock
) -> None:
    public_id = add(mailing)
    clock.now += timedelta(days=340)
    person = at_home(mailing, public_id)
    assert "The emails end on November 22, 2027" in person.text
    person.send("/my-data/keep")
    assert "The emails end on" not in person.text
    assert now_kept(mailing).renewed_at == clock.now


def test_muting_and_putting_back(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/mute", study=MICE)
    assert muted(mailing) == (MICE,)
    assert "A drug slows HER2-low tumors in mice" in person.text
    person.send("/my-data/unmute", study=MICE)
    assert muted(mailing) == ()
    person.open("/my-data")
    assert person.send("/my-data/mute", study="no-such-study").status_code == 400


def test_answers_are_changed_in_a_visit_and_kept_on_wish(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing, profile=Profile(TOLD, leave_out=True)))
    person.send("/my-data/answers")
    assert person.path == "/check"
    assert "ER-positive" in person.text
    person.answer("er", "negative")
    person.open("/check")
    assert open_answers(mailing)["er"] == "positive"
    person.send("/my-data/answers/keep")
    assert person.path == "/my-data/answers/kept"
    kept = open_profile(desk_of(mailing).safe, now_kept(mailing).profile)
    changed_at = site_of(mailing).clock().isoformat()
    assert kept == Profile({**TOLD, "er": "negative"}, leave_out=True, changed_at=changed_at)
    assert now_kept(mailing).version == 2


def test_all_reviews_are_those_of_the_stored_answers(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/results")
    assert person.path == "/results"
    assert "Its label describes people like you" in person.text
    assert "Keep these answers for my emails" in person.text


def test_only_a_visit_that_came_from_there_can_be_kept(mailing: Flask) -> None:
    public_id = add(mailing)
    stranger = Person(mailing.test_client())
    stranger.begin()
    stranger.answer("er", "negative")
    assert "Keep these answers for my emails" not in stranger.open("/check").get_data(as_text=True)
    stranger.send("/my-data/answers/keep", subscription=public_id)
    assert CLOSED in stranger.text
    at_home(mailing, public_id, person=stranger)
    stranger.open("/my-data")
    assert stranger.send("/my-data/answers/keep").status_code == 404
    assert open_answers(mailing) == TOLD


def test_closing_the_page_closes_the_answers_that_were_opened_from_it(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/answers")
    person.answer("er", "negative")
    person.open("/my-data")
    person.send("/my-data/leave")
    person.open("/check")
    assert "ER-" not in person.text
    person.open("/privacy")
    person.send("/my-data/answers/keep")
    assert CLOSED in person.text
    assert open_answers(mailing) == TOLD


def test_closing_the_page_leaves_answers_that_came_from_elsewhere(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.begin()
    person.answer("er", "negative")
    at_home(mailing, add(mailing), person=person)
    person.send("/my-data/leave")
    assert "ER-negative" in person.open("/check").text


def test_a_visit_of_before_makes_room_and_is_told_so(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.begin()
    person.answer("er", "negative")
    person.open(link_of(mailing, add(mailing)))
    person.send()
    assert "Other answers are open in this browser" in person.text
    person.send("/my-data/answers")
    assert "ER-positive" in person.text
    person.open("/my-data")
    assert "Other answers are open in this browser" not in person.text


def test_who_became_a_child_in_their_answers_keeps_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/answers")
    person.answer("age", 12)
    person.open("/my-data")
    person.send("/my-data/answers/keep")
    assert person.path == "/under-18"
    assert open_answers(mailing) == TOLD


def test_the_file_holds_everything_and_its_name_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    response = person.send("/my-data/file")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(response.get_data(as_text=True))
    assert found["address"] == ADDRESS
    assert found["profile"] == {"answers": TOLD}
    assert found["technical"]["subscriber"][0]["frequency"] == "weekly"
