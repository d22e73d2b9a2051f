"""What would change this: on a study's page, in calm words, from unanswered questions only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.change import Step
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.web.missing import missing_answers
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person
from tests.web.test_asked import study as one
from tests.web.test_results import READER, page, reader, words_of

TITLE = "What would change this?"


def part(study: str) -> str:
    """The words of the part that says what would change this."""
    return words_of(study.split(TITLE)[1].split("<h2", maxsplit=1)[0])


def test_the_one_missing_answer_is_named_with_its_way_there(person: Person) -> None:
    study = page(reader(person, tested=False), f"/studies/{CAMIZESTRANT}")
    assert "We don't have this answer yet." in part(study)
    assert "ESR1: " in part(study)
    assert "Answer this" in part(study)
    assert 'href="/questions/tumor?from=study' in study.split(TITLE)[1].split("<h2")[0]


def test_several_are_named_together(person: Person) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    study = page(person, f"/studies/{CAMIZESTRANT}")
    assert "We don't have these 4 answers yet." in part(study)
    assert study.split(TITLE)[1].split("<h2")[0].count("<li>") == 4


def test_of_women_and_men_the_page_asks_for_the_gender_as_the_card_does(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    matcher = Matcher(book, [one("for-women", "breast_cancer", "woman")])
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    for key in ("cancer_status", "cancer"):
        person.answer(key, READER[key])
    assert 'href="/questions/gender?from=results">Gender</a>' in page(person, "/results")
    told = part(page(person, "/studies/for-women"))
    assert "Gender : Woman" in told
    assert "Sex at birth" not in told


def test_in_spanish(person: Person) -> None:
    reader(person, tested=False)
    person.headers["Accept-Language"] = "es"
    study = page(person, f"/studies/{CAMIZESTRANT}")
    assert "¿Qué cambiaría esto?" in study
    assert "Todavía no tenemos esta respuesta." in study


@pytest.mark.parametrize(
    "answers", [{}, {"her2": "positive"}, {"her2": "positive", "er": "negative"}]
)
def test_what_fits_and_what_only_other_answers_would_change_says_nothing(
    person: Person, answers: dict[str, str]
) -> None:
    study = page(reader(person, tested=not answers, **answers), f"/studies/{CAMIZESTRANT}")
    assert TITLE not in study


def test_without_answers_it_says_nothing(person: Person) -> None:
    assert TITLE not in page(person, f"/studies/{CAMIZESTRANT}")


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ([Step("age", "40", span=(40, 120))], "40 years or more"),
        ([Step("age", "39", span=(0, 39))], "39 years or less"),
        ([Step("age", "40", span=(40, 60))], "40 to 60 years"),
        ([Step("age", "40", span=(40, 40))], "40 years"),
        ([Step("er", "positive")], "ER-positive"),
        ([Step("recurrent", "yes")], "Yes"),
    ],
)
def test_an_answer_in_words(app: Flask, book: Rulebook, steps: list[Step], answer: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert [one.answer for one in missing_answers(steps, book)] == [answer]


def test_items_of_one_list_stand_together(app: Flask, book: Rulebook) -> None:
    steps = [Step("treatments", "surgery", whole=True), Step("treatments", "radiation", whole=True)]
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        (one,) = missing_answers(steps, book)
    assert one.key == "treatments"
    assert "surgery" in one.answer.lower()
    assert "radiation" in one.answer.lower()
    assert one.answer.endswith(", and no other")
