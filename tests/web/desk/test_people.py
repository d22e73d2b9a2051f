"""People: somebody is added by a code, with consent, and the list says how they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.desk.panel_person import (
    add_person,
    enter_answers,
    make_panel,
    person_path,
)
from tests.web.desk.worker import Worker

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
    enter_answers(ana, panel, first, cancer="breast", er="positive")
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


def test_the_form_is_of_use_to_who_may_open_the_panel_alone(
    ana: Worker, worker: MakeWorker
) -> None:
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    ana.send(person_path(panel, person, "/answers"))
    ana.answer("cancer", "breast")
    assert "A-117" in ana.text
    ana.open(person_path(panel, person))
    assert "that are not kept yet" in ana.text
    ana.send("/desk/sign-out")
    ana.open("/check")
    assert ana.place == "/desk/sign-in"
    assert "A-117" not in ana.page
    eve = worker("eve@clinic.org")
    eve.client = ana.client
    eve.sign_in()
    for path in ("/check", "/results", "/questions/er", "/sheet", "/answers"):
        assert "A-117" not in eve.open(path).get_data(as_text=True)
