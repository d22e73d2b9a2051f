"""Which studies are folded as hard ground: only what is no surprise to the person stands open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.matching import Matcher
from matcher.web.hard_topics import _ways
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_sheet import tell

PREGNANT, SPREAD, BACK = Tag("pregnant"), Tag("metastatic:breast"), Tag("recurrent:breast")
HAS = {"cancer_status": "now", "cancer": ["breast"]}


def labelled(key: str, *parts: Condition) -> Study:
    """A study for people with breast cancer to whom all these parts apply."""
    label = Audience(key, AllOf((Tag("breast_cancer"), *parts)))
    return replace(study(key), most=label)


STUDIES = (
    labelled("both", SPREAD, PREGNANT),
    labelled("one-of", AnyOf((SPREAD, PREGNANT))),
    labelled("back-too", SPREAD, BACK),
    labelled("lines", SPREAD, Tag("lines_at_least:2:breast")),
    labelled("no-baby", Not(PREGNANT)),
    labelled("neither", Not(AnyOf((SPREAD, PREGNANT)))),
    labelled("not-yet", Tag("non_metastatic:breast"), BACK),
    labelled("young", Tag("premenopausal"), PREGNANT),
)
KEYS = {one.key for one in STUDIES}


@pytest.fixture
def folded(make_app: Callable[..., Flask], book: Rulebook) -> Callable[..., set[str]]:
    """What is folded for somebody with these answers: all that goes when it is left out."""
    app = make_app(matcher=Matcher(book, STUDIES))

    def find(**answers: str) -> set[str]:
        person = Person(app.test_client())
        tell(person, {**HAS, **answers})
        assert shown(person) == KEYS
        tell(person, {**HAS, **answers}, leave_out=True)
        return KEYS - shown(person)

    return find


def shown(person: Person) -> set[str]:
    """The studies on the results page and on the page of each level."""
    text = ""
    for level in ("fits", "may_fit", "different"):
        for path in (f"/results/{level}", f"/results/{level}?folded=1"):
            person.open(path)
            text += person.page
    return {key for key in KEYS if f'href="/studies/{key}"' in text}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        # Spread is known: its return and the treatments since are no surprise, pregnancy is.
        ({"extent": "metastatic"}, {"both", "not-yet", "young"}),
        ({"extent": "early"}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        ({"pregnant": "yes"}, {"both", "back-too", "lines", "not-yet", "young"}),
        ({"menopause": "pre"}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        ({"extent": "metastatic", "pregnant": "yes"}, {"not-yet", "young"}),
    ],
)
def test_a_study_is_folded_unless_every_hard_topic_of_a_way_is_known(
    folded: Callable[..., set[str]], answers: dict[str, str], expected: set[str]
) -> None:
    assert folded(**answers) == expected


def test_what_must_not_hold_is_no_hard_ground(folded: Callable[..., set[str]]) -> None:
    for answers in ({"pregnant": "no"}, {"pregnant": "no", "extent": "early"}, {}):
        assert not folded(**answers) & {"no-baby", "neither"}


def test_a_label_of_very_many_ways_asks_for_every_tag() -> None:
    keys = [f"t{number}" for number in range(40)]
    label = AllOf(tuple(AnyOf((Tag(a), Tag(b))) for a, b in zip(keys, keys[20:], strict=False)))
    assert _ways(label, frozenset(keys), holds=True) == {frozenset(keys)}
    few = AllOf((AnyOf((Tag("a"), Tag("b"))), Not(Not(Tag("c"))), Not(Tag("d"))))
    ways = _ways(few, frozenset("abcd"), holds=True)
    assert ways == {frozenset("ac"), frozenset("bc")}
