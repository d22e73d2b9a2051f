"""The check page: answers by chapter, what is not sure, what waits, what would change most."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.schemas.spoken import AnswerWords
from matcher.words import load_words
from tests.web.catalogue import STUDIES
from tests.web.person import Person
from tests.web.test_answers_file import load
from tests.web.test_order import Planned, planned


@pytest.fixture
def matcher(book: Rulebook) -> Planned:
    """A matcher to be told its plan."""
    return Planned(book, STUDIES)


def chapters(part: str) -> list[str]:
    """The small headings in a part of the page."""
    return re.findall(r'<h3 class="chapter">([^<]+)</h3>', html.unescape(part))


def test_answers_stand_under_their_chapters_in_form_order(person: Person) -> None:
    person.begin()
    for key, value in {"gender": "woman", "er": "positive", "cancer_status": "now"}.items():
        person.answer(key, value)
    person.open("/check")
    given, waiting = person.page.split("<details", 1)
    assert chapters(given) == ["Your cancer", "Tests of the cancer", "About you"]
    assert "Not asked yet" in given
    assert "Genes and family" in chapters(waiting)
    assert not re.search(r"<details[^>]*\sopen", person.page)


def test_chapters_are_named_for_the_person_cared_for(person: Person) -> None:
    person.begin("other")
    person.answer("cancer_status", "now")
    person.answer("gender", "woman")
    person.open("/check")
    assert chapters(person.page)[:2] == ["The cancer", "About the person"]
    person.open("/questions/cancer_status")
    assert "The cancer · Question 1 of at most 10" in html.unescape(person.page)


def test_not_sure_is_not_called_no_answer(person: Person) -> None:
    person.begin()
    person.open("/check")
    assert "You have not answered anything yet" in person.page
    person.answer("er", "unknown")
    person.open("/check")
    assert "You have not answered anything yet" not in person.page
    assert "So far there is no answer that we can go by" in person.page
    assert "Not sure yet" in person.page


def test_what_would_change_most_is_told_first_with_links(
    make_app: Callable[..., Flask], matcher: Planned
) -> None:
    matcher.plan = planned(("er", 3.0, 1.0), ("her2", 2.0, 1.0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    person.open("/check")
    notice = r'<section class="notice notice--calm">(.*?)</section>'
    told = re.search(notice, person.page, re.DOTALL)
    assert told is not None
    assert "These answers could still change your results:" in told[1]
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', told[1])
    assert links == [
        ("/questions/er?from=check", "Estrogen receptor (ER)"),
        ("/questions/her2?from=check", "HER2"),
    ]
    matcher.plan = planned(("er", 3.0, 0.0))
    person.open("/check")
    assert "could still change your results" not in person.page


@pytest.mark.parametrize("answer", [{"ESR1": "declined"}, "declined", ["declined"]], ids=repr)
def test_what_was_declined_can_be_changed_on_this_page_alone(
    person: Person, answer: object
) -> None:
    load(person, json.dumps({"answers": {"tumor": answer}}), about="self")
    assert "What you told us" not in person.page
    assert "Not sure yet" not in person.page
    rest = person.page.split("What we will not ask again")[1].split("</dl>")[0]
    assert "You would rather not say" in rest
    assert 'href="/questions/tumor?from=check"' in rest
    assert rest.count("<dt") == 1
    person.open("/results")
    assert "<dt" not in person.page


def test_a_declined_list_has_no_words(book: Rulebook) -> None:
    words = AnswerWords(book, load_words().texts)
    assert words.words("cancer", ["declined"]) == []
    assert words.words("cancer", "declined") == []


def test_of_results_only_what_is_known_is_told(person: Person) -> None:
    results = {"ESR1": "declined", "PIK3CA": "unknown"}
    load(person, json.dumps({"answers": {"tumor": results}}), about="self")
    assert "What you told us" not in person.page
    assert "PIK3CA: I'm not sure" in person.text.split("Not sure yet")[1]
    load(person, json.dumps({"answers": {"tumor": {**results, "TP53": "none"}}}))
    given = person.text.split("What you told us")[1]
    assert "TP53" in given
    assert "ESR1" not in given.split("</dl>")[0]


def test_what_no_study_rests_on_now_can_be_told_too(
    make_app: Callable[..., Flask], matcher: Planned
) -> None:
    matcher.plan = planned(("er", 3.0, 1.0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    person.open("/questions/age")
    person.send(choice="declined")
    person.open("/check")
    waiting, others = person.page.split("Not asked yet")[1].split("Other things you can tell us")
    assert re.findall(r"/questions/(\w+)[?]", waiting) == ["er"]
    told = re.findall(r"/questions/(\w+)[?]from=check", others.split("</details>")[0])
    assert {"pr", "triple_negative", "extent", "gender"} <= set(told)
    assert not {"er", "age", "cancer", "lines", "castration_resistant"} & set(told)
    assert chapters(others)[:2] == ["Your cancer", "Tests of the cancer"]


def ways_on(person: Person) -> list[str]:
    """Where the words at the top of the start page lead."""
    person.open("/")
    words = person.page.split('class="hero__words"')[1].split('class="hero__kept"')[0]
    return re.findall(r'<a href="([^"]+)"', words)


def test_the_start_page_leads_on_or_back_to_the_results(
    make_app: Callable[..., Flask], matcher: Planned
) -> None:
    matcher.plan = planned(("er", 3.0, 1.0))
    person = Person(make_app(matcher=matcher).test_client())
    assert ways_on(person) == ["/who", "/answers"]
    person.begin()
    assert ways_on(person) == ["/questions"]
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    assert ways_on(person) == ["/questions", "/results"]
    person.answer("age", 52)
    matcher.plan = planned(("er", 3.0, 0.0))
    assert ways_on(person) == ["/results", "/check"]
    person.answer("age", 15)
    assert ways_on(person) == ["/questions"]
