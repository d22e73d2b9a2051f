"""Replaced and withdrawn studies: in no list and no count, and about nobody; they keep a page."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.core.study import Ratings
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_results import words_of
from tests.web.test_sheet import tell

OLD = replace(
    study("old", "breast_cancer", "inherited_BRCA1"),
    title="An old story",
    kind="Personal Story",
    url="https://example.org/old",
    ratings=Ratings("High", None, None, None),
    marks=("not_research",),
)
LISTED = study("listed", "breast_cancer", "er_positive")
BREAST = {"cancer_status": "now", "cancer": ["breast"]}
MEANING = {
    "superseded": "A newer review has replaced this one Please read the newer one instead.",
    "retracted": "This study was withdrawn Those who published it took it back.",
}


@pytest.fixture(params=MEANING)
def standing(request: pytest.FixtureRequest) -> str:
    """Why the study is in no list any more."""
    return str(request.param)


@pytest.fixture
def person(make_app: Callable[..., Flask], book: Rulebook, standing: str) -> Person:
    """Somebody at a site with one listed study and one that is in no list any more."""
    studies = [LISTED, replace(OLD, standing=standing)]
    return Person(make_app(matcher=Matcher(book, studies)).test_client())


def test_the_start_page_and_the_filter_know_only_listed_studies(person: Person) -> None:
    person.open("/")
    assert "There is one review here now." in person.page
    tell(person, BREAST)
    person.open("/results")
    assert 'value="receptors"' in person.page
    assert 'value="genes"' not in person.page
    assert 'value="Personal Story"' not in person.page
    person.open("/results?kind=Personal+Story")
    assert "Showing only" not in person.page


def test_its_page_says_what_it_is_and_nothing_of_the_person(person: Person, standing: str) -> None:
    for answers in (BREAST, {**BREAST, "inherited": {"BRCA1": "mutation"}}):
        tell(person, answers)
        person.open("/studies/old")
        told = words_of(html.unescape(person.page))
        assert told.count(MEANING[standing]) == 1
        personal = ("about you", "people like you", "Ask your doctor", "How this was ranked",
                    "Points", "You said", "See whether this concerns you")  # fmt: skip
        for words in personal:
            assert words not in told
        assert 'class="chip' not in person.page
        assert "A personal story, not research" in told
        assert "Relevance" in told
        assert 'href="https://example.org/old"' in person.page
        assert 'href="/results"' in person.page
        person.open("/studies/listed")
        assert "May be about you" in person.page


def test_without_a_visit_nobody_is_asked_to_find_out_about_it(
    person: Person, standing: str
) -> None:
    person.open("/studies/old")
    assert MEANING[standing] in words_of(html.unescape(person.page))
    assert "See whether this concerns you" not in person.page
    person.open("/studies/listed")
    assert "See whether this concerns you" in person.page
