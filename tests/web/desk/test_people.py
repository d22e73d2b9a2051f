"""People: somebody is added by a code, with consent, and the list says how they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.web.conftest import Clock
from tests.web.desk.panel_person import (
    add_person,
    give_answers,
    make_panel,
    person_path,
)
from tests.web.desk.worker import PASSWORD, Worker
from tests.web.mails import MAIL, MakeApp

MakeWorker = Callable[..., Worker]


@pytest.fixture
def ana(worker: MakeWorker) -> Worker:
    ana = worker()
    ana.sign_in()
    return ana


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "Enter a code"),
        ("Maria Lopez", "This looks like a name."),
        ("ana@example.org", "This looks like an email address."),
        ("1959-01-01", "This looks like a date of birth."),
        ("MRN 1234567", "This looks like a record or phone number."),
        ("A-117", "Somebody in this panel has that code"),
    ],
)
def test_a_code_that_cannot_be_taken_says_why(ana: Worker, code: str, told: str) -> None:
    panel = make_panel(ana)
    add_person(ana, panel, "A-117")
    ana.open(f"/desk/panels/{panel}/people/add")
    response = ana.send(code=code, language="en", consent="yes")
    assert response.status_code == 422
    assert ana.text.count(told) == 2
    assert 'href="#code"' in ana.page
    assert "<title>Error:" in ana.page


@pytest.mark.parametrize(
    ("code", "told"), [("Maria Lopez", "looks like a name"), ("a-117", "has that code")]
)
def test_a_code_and_a_missing_consent_are_told_together(ana: Worker, code: str, told: str) -> None:
    panel = make_panel(ana)
    add_person(ana, panel, "A-117")
    ana.open(f"/desk/panels/{panel}/people/add")
    assert ana.send(code=code, language="en").status_code == 422
    assert ana.text.count(told) == 2
    assert ana.text.count("Tick that the person agreed") == 2
    assert 'href="#consent"' in ana.page


def test_nobody_is_added_without_their_consent(ana: Worker) -> None:
    panel = make_panel(ana)
    ana.open(f"/desk/panels/{panel}/people/add")
    assert ana.send(code="A-117", language="en").status_code == 422
    assert 'value="A-117"' in ana.page
    ana.open(f"/desk/panels/{panel}")
    assert "A-117" not in ana.text


def test_the_list_says_what_is_known_and_due_and_can_be_ordered(ana: Worker) -> None:
    panel = make_panel(ana)
    first = add_person(ana, panel, "A-1")
    add_person(ana, panel, "B-2")
    give_answers(ana, panel, first, cancer=["breast"], er="positive")
    ana.open(person_path(panel, first, "/details"))
    ana.send(code="A-1", language="es", bring_up_by="2026-11-20", next_visit="", version="2")
    ana.open(f"/desk/panels/{panel}")
    assert "late" in ana.text
    assert "none yet" in ana.text
    assert ana.page.index(">A-1<") < ana.page.index(">B-2<")
    ana.open(f"/desk/panels/{panel}?order=bring_up_by&whose=mine")
    assert ana.page.index(">A-1<") < ana.page.index(">B-2<")
    ana.open(f"/desk/panels/{panel}?order=nonsense")
    assert "2 people" in ana.text


def test_who_is_put_away_or_died_stands_under_the_list(ana: Worker) -> None:
    panel = make_panel(ana)
    for code, what in (("A-1", "archive"), ("B-2", "died")):
        person = add_person(ana, panel, code)
        ana.open(person_path(panel, person, f"/{what}"))
        ana.send()
        assert ana.place == f"/desk/panels/{panel}"
    assert "One person put away" in ana.text
    assert "One person who died" in ana.text
    assert "Nobody is in this panel yet" in ana.text


def opened_form(ana: Worker) -> str:
    """Ana fills the form in for A-117; her panel."""
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    ana.send(person_path(panel, person, "/answers"))
    ana.answer("cancer", "breast")
    assert "A-117" in ana.text
    ana.open(person_path(panel, person))
    assert "that are not kept yet" in ana.text
    return panel


def test_who_rested_comes_back_to_the_form_by_signing_in(ana: Worker, desk_clock: Clock) -> None:
    opened_form(ana)
    desk_clock.now += timedelta(minutes=31)
    ana.open("/check")
    assert ana.place == "/desk/sign-in"
    assert "A-117" not in ana.page
    wanted = ana.page.partition('name="next" value="')[2].partition('"')[0]
    ana.send("/desk/sign-in", email=ana.email, password=PASSWORD, next=wanted)
    assert ana.place == "/check"
    assert "Keep for A-117" in ana.text


def test_somebody_else_at_the_same_browser_sees_nothing_of_the_form(
    ana: Worker, worker: MakeWorker, desk_clock: Clock
) -> None:
    opened_form(ana)
    desk_clock.now += timedelta(minutes=31)
    eve = worker("eve@clinic.org")
    eve.client = ana.client
    eve.sign_in()
    for path in ("/check", "/results", "/questions/er", "/sheet", "/answers"):
        response = eve.open(path)
        assert response.status_code == 404, path
        assert "A-117" not in response.text


def test_signing_out_erases_what_was_not_kept(ana: Worker) -> None:
    opened_form(ana)
    ana.send("/desk/sign-out")
    ana.open("/check")
    assert ana.place == "/check"
    for told in ("A-117", "Breast cancer"):
        assert told not in ana.page


def test_who_is_taken_out_of_the_panel_is_out_of_the_form_too(
    ana: Worker, worker: MakeWorker
) -> None:
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    ben = worker("ben@clinic.org")
    ben.sign_in()
    ana.open(f"/desk/panels/{panel}/settings")
    colleague = ana.page.partition('name="colleague">')[2].partition('value="')[2][:32]
    ana.send(f"/desk/panels/{panel}/members", colleague=colleague)
    ben.open(person_path(panel, person))
    ben.send(person_path(panel, person, "/answers"))
    ben.answer("cancer", "breast")
    ana.send(f"/desk/panels/{panel}/members/remove", member=colleague)
    assert ben.open("/check").status_code == 404
    assert "A-117" not in ben.page


def test_nobody_signs_a_person_of_a_panel_up_for_mails(make_app: MakeApp) -> None:
    ana = Worker.made(make_app(**MAIL), "ana@clinic.org")
    ana.sign_in()
    assert ana.open("/subscribe").status_code == 200
    opened_form(ana)
    assert ana.open("/subscribe").status_code == 404
    for path in ("/results", "/sheet"):
        ana.open(path)
        assert "/subscribe" not in ana.page


def test_answers_of_a_panel_never_go_over_into_a_visit_of_ones_own(
    ana: Worker, desk_clock: Clock
) -> None:
    opened_form(ana)
    ana.begin("other", shared="yes", anew="yes")
    ana.open("/check")
    assert "A-117" not in ana.text
    assert "Breast cancer" not in ana.text
    opened_form(ana)
    desk_clock.now += timedelta(minutes=31)
    for path in ("/", "/who", "/privacy", "/studies/no-label"):
        assert ana.open(path).status_code == 200
        assert 'action="/clear"' not in ana.page, path
    ana.begin("other", shared="yes")
    ana.open("/check")
    assert "Breast cancer" not in ana.text
