"""Which questions the way holds: none lost that can still move a level, none that presupposes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.conditions import AllOf, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.matching import Matcher
from tests.web.person import Person

BREAST = {"cancer_status": "now", "cancer": "breast", "extent": "metastatic"}
NEGATIVE = {**BREAST, "er": "negative", "pr": "negative", "triple_negative": "unknown"}


def study(key: str, *tags: str) -> Study:
    """A study for people to whom all these tags apply."""
    return Study(key=key, title=key, most=Audience(key, AllOf(tuple(map(Tag, tags)))))


STUDIES = (
    study("triple-negative", "breast_cancer", "triple_negative"),
    study("her2-positive-ovarian", "ovarian_cancer", "her2_positive"),
    study("women", "woman"),
)


@pytest.fixture
def reader(make_app: Callable[..., Flask], book: Rulebook) -> Person:
    """Somebody at a site with these studies alone."""
    return Person(make_app(matcher=Matcher(book, STUDIES)).test_client())


def offered(person: Person, answers: dict[str, str]) -> str:
    """The check page after these answers, to the end of the questions that still wait."""
    person.begin()
    for key, value in answers.items():
        person.answer(key, value)
    person.open("/check")
    return person.page.split("Other things you can tell us")[0]


@pytest.mark.parametrize("answer", ["unknown", "declined"])
def test_an_answer_nobody_has_is_sought_through_what_leads_to_it(
    reader: Person, answer: str
) -> None:
    assert "/questions/her2" in offered(reader, {**NEGATIVE, "triple_negative": answer})


def test_what_leads_to_a_known_answer_is_not_asked(reader: Person) -> None:
    assert "/questions/her2" not in offered(reader, {**NEGATIVE, "triple_negative": "yes"})


def test_gender_is_asked_before_the_sex_at_birth_stands_in_for_it(reader: Person) -> None:
    assert "/questions/gender" in offered(reader, {"sex_at_birth": "female"})
    told = offered(reader, {"sex_at_birth": "female", "gender": "woman"})
    assert "/questions/transgender" not in told


def test_one_cancer_and_maybe_more_has_no_main_one_to_choose(reader: Person) -> None:
    reader.begin()
    reader.answer("cancer_status", "now")
    reader.answer("cancer", ["breast", "unknown"])
    reader.open("/check")
    assert "/questions/main_cancer" not in reader.page


def test_a_fitting_review_asks_nothing_and_an_open_one_asks_the_person(reader: Person) -> None:
    offered(reader, {"cancer_status": "now"})
    reader.open("/studies/women")
    assert "Tell us" in reader.page
    assert "/questions/gender?from=study" in reader.page
    assert "Ask your doctor" not in reader.page
    reader.answer("gender", "woman")
    reader.open("/studies/women")
    assert "Tell us" not in reader.page


SPREAD = ("/questions/extent", "/questions/er", "/questions/triple_negative", "/questions/lines")


@pytest.fixture
def patient(make_app: Callable[..., Flask], book: Rulebook) -> Person:
    """Somebody at a site with studies on lines of treatment, spread and receptors."""
    studies = (
        study("spread", "breast_cancer", "metastatic", "triple_negative"),
        study("receptors", "breast_cancer", "er_positive"),
        study("lines", "breast_cancer", "lines_at_most:1"),
    )
    return Person(make_app(matcher=Matcher(book, studies)).test_client())


def test_no_question_takes_a_cancer_for_granted(patient: Person) -> None:
    told = offered(patient, {"cancer_status": "unknown"})
    assert not [path for path in SPREAD if path + "?" in told]
    told = offered(patient, {"cancer_status": "now"})
    assert [path for path in SPREAD if path + "?" in told] == ["/questions/extent"]


def test_lines_are_asked_only_of_cancer_that_has_spread(patient: Person) -> None:
    told = offered(patient, {"cancer_status": "now", "cancer": "breast"})
    assert [path for path in SPREAD if path + "?" in told] == list(SPREAD[:3])
    assert "/questions/lines?" in offered(patient, BREAST)


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/questions/er?from=results", "/results"),
        ("/questions/er?from=check", "/check"),
        ("/questions/er?from=study&study=women", "/studies/women"),
        ("/questions/er?from=study&study=nowhere", "/questions/cancer"),
        ("/questions/er", "/questions/cancer"),
    ],
)
def test_back_leads_to_where_the_person_came_from(reader: Person, address: str, back: str) -> None:
    reader.begin()
    reader.answer("cancer_status", "now")
    reader.answer("cancer", "breast")
    assert f'<a href="{back}" class="govuk-back-link">' in reader.open(address).text
