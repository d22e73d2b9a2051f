"""Moved: what one answer does to others is told on the page that comes next."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.person import Person
from tests.web.test_answers_file import load
from tests.web.test_sheet import tell

SPREAD = {"cancer_status": "now", "cancer": ["breast"], "extent": "metastatic", "lines": 1}


@pytest.mark.parametrize(
    ("language", "pinned", "cleared"),
    [
        (
            "en",
            "Your answers so far were about this cancer, so it is now the main one: Breast cancer.",
            "The main cancer is another one now. So we cleared the answers about the one before: ",
        ),
        (
            "es",
            "Hasta ahora sus respuestas eran sobre este cáncer; por eso ahora es el principal: ",
            "El cáncer principal ahora es otro. Por eso borramos las respuestas sobre el anterior:",
        ),
    ],
)
def test_another_main_cancer_does_not_take_over_what_was_said_of_the_first(
    client: FlaskClient, language: str, pinned: str, cleared: str
) -> None:
    person = Person(client, **{"Accept-Language": language})
    tell(person, SPREAD)
    person.open("/questions/cancer?from=check")
    person.send(answer=["breast", "ovarian"])
    assert person.path == "/check"
    assert pinned in person.text
    person.open("/questions/main_cancer?from=check")
    person.send(answer="ovarian")
    assert cleared in person.text
    for path in ("/results", "/check"):
        person.open(path)
        assert cleared in person.text, path
    given = person.page.split("<dl", 1)[1].split("<details")[0]
    assert "/questions/cancer?from=check" in given
    assert "/questions/extent?from=check" not in given
    person.answer("age", 52)
    person.open("/check")
    assert cleared not in person.text


def test_a_file_of_answers_moves_nothing(person: Person) -> None:
    tell(person, SPREAD)
    person.answer("cancer", "ovarian")
    assert "So we cleared the answers about the one before" in person.text
    load(person, '{"answers": {"cancer": ["ovarian"]}}')
    assert person.path == "/check"
    assert "So we cleared" not in person.text


def test_a_cancer_that_another_window_took_back_is_not_the_main_one(person: Person) -> None:
    person.begin()
    person.answer("cancer", ["breast", "ovarian"])
    person.answer("extent", "metastatic")
    person.open("/questions/main_cancer")
    old = person.page
    person.answer("cancer", ["breast"])
    person.page = old
    sent = person.send("/questions/main_cancer", answer="ovarian")
    assert sent.status_code == 422
    person.open("/check")
    assert "Ovarian" not in person.text
    assert "metastatic" in person.text
