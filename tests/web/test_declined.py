"""What was declined is nothing to settle: no card depends on it, and it is on no sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from matcher.core.conditions import AllOf, AnyOf, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_results import page, words_of
from tests.web.test_sheet import paper, tell

BREAST = {"cancer_status": "now", "cancer": ["breast"]}
EITHER = replace(
    study("either"),
    most=Audience(
        "either",
        AllOf((Tag("breast_cancer"), AnyOf((Tag("er_positive"), Tag("pr_positive"))))),
    ),
)
STUDIES = (
    study("one", "breast_cancer", "er_positive"),
    study("two", "breast_cancer", "er_positive", "her2_low"),
    study("tested", "breast_cancer", "tumor_ESR1:breast"),
    study("expecting", "breast_cancer", "pregnant"),
    study("asked", "er_positive"),
    EITHER,
)


@pytest.fixture
def person(make_app: Callable[..., Flask], book: Rulebook) -> Person:
    """Somebody at a site with these studies alone."""
    return Person(make_app(matcher=Matcher(book, STUDIES)).test_client())


def card(person: Person, key: str, answers: Mapping[str, Any], level: str = "may_fit") -> str:
    """What the card of a study says after these answers, without its chips."""
    tell(person, answers)
    found = page(person, f"/results/{level}")
    pieces = re.split(r'<li class="card|<ul class="rows"><li>|</article>', found)
    (told,) = [piece for piece in pieces if f'href="/studies/{key}"' in piece]
    return words_of(re.sub(r'<ul class="chips">.*?</ul>', "", told, flags=re.S))


@pytest.mark.parametrize(
    ("key", "declined"),
    [
        ("one", {"er": "declined"}),
        ("tested", {"tumor": "declined"}),
        ("tested", {"tumor": {"ESR1": "declined"}}),
        ("either", {"er": "declined", "pr": "declined"}),
    ],
)
def test_a_card_that_waits_for_declined_answers_alone_says_its_level(
    person: Person, key: str, declined: dict[str, Any]
) -> None:
    waiting = card(person, key, BREAST)
    assert "It depends on" in waiting
    assert "Ask your doctor" in waiting
    told = card(person, key, {**BREAST, **declined})
    for words in ("depends", "Ask your doctor", "chose not to say", "May be about you:"):
        assert words not in told
    assert "May be about you" in told


def test_a_card_names_what_else_it_depends_on(person: Person) -> None:
    answers = {**BREAST, "er": "declined"}
    assert "It depends on “HER2-low” It is about" in card(person, "two", answers)
    told = card(person, "either", answers)
    assert "It depends on “PR-positive”" in told
    assert "chose not to say" not in told


def test_what_cannot_be_told_says_nothing_of_it(person: Person) -> None:
    told = card(person, "asked", {"er": "declined"}, level="open")
    assert "chose not to say" not in told
    assert "Ask your doctor" not in told


def test_nothing_declined_stands_on_the_paper(person: Person) -> None:
    tell(person, {**BREAST, "er": "declined", "pregnant": "declined"})
    person.open("/sheet?folded=1")
    text = paper(person.page)
    for key in ("one", "two", "tested", "expecting", "either"):
        assert f">{key}</h4>" in person.page
    assert "Not known yet: HER2-low" in text
    assert "Not known yet: PR-positive" in text
    assert not re.search("ER-positive|ER/PR|pregnan", text)
