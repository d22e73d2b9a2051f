"""Answering: what is known of one cancer never silently becomes what is known of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.answering import give_answer
from matcher.services.visits import Visit
from tests.factories import NOON

SPREAD = {"cancer_status": "now", "extent": "metastatic", "lines": 1}
BREAST = {**SPREAD, "cancer": ["breast"], "er": "positive", "age": 52}
BOTH = ["breast", "ovarian"]


def told(answers: Mapping[str, Any], key: str, answer: Any, book: Rulebook) -> Visit:
    visit = Visit(NOON, answers=answers, picked={"tumor": ["ESR1"], "inherited": ["ATM"]})
    return give_answer(visit, key, answer, book)


def test_with_a_second_cancer_the_first_one_stays_the_main_one(rulebook: Rulebook) -> None:
    visit = told(BREAST, "cancer", BOTH, rulebook)
    assert visit.answers == {**BREAST, "cancer": BOTH, "main_cancer": "breast"}
    assert (visit.pinned, visit.set_back) == ("breast", [])


def test_who_would_not_say_which_cancer_is_asked_nothing_anew(rulebook: Rulebook) -> None:
    visit = told({"cancer": ["declined"], "stage": "2"}, "cancer", ["breast"], rulebook)
    assert visit.answers == {"cancer": ["breast"], "stage": "2"}


def test_what_was_picked_goes_with_the_answer_that_named_it(rulebook: Rulebook) -> None:
    named = {"ATM": "mutation"}
    assert told(BREAST, "inherited", named, rulebook).picked["inherited"] == ["ATM"]
    assert told(BREAST, "inherited", {"any": "none"}, rulebook).picked == {"tumor": ["ESR1"]}


def test_who_told_nothing_about_the_first_one_is_asked_which_is_the_main_one(
    rulebook: Rulebook,
) -> None:
    visit = told({"cancer": ["breast"], "er": "positive"}, "cancer", BOTH, rulebook)
    assert visit.answers == {"cancer": BOTH, "er": "positive"}
    assert visit.pinned is None


@pytest.mark.parametrize(
    ("before", "key", "answer"),
    [
        ({"cancer": BOTH, "main_cancer": "breast"}, "main_cancer", "ovarian"),
        ({"cancer": BOTH, "main_cancer": "breast"}, "main_cancer", "unknown"),
        ({"cancer": ["breast"]}, "cancer", ["ovarian"]),
        ({"cancer": ["breast"]}, "cancer", ["ovarian", "melanoma"]),
        ({"cancer": ["breast"]}, "cancer", "unknown"),
        ({"cancer": BOTH, "main_cancer": "breast"}, "cancer", ["ovarian"]),
        ({"cancer": BOTH, "main_cancer": "breast"}, "cancer", ["ovarian", "melanoma"]),
    ],
    ids=repr,
)
def test_with_another_main_cancer_what_was_about_the_one_before_is_open_again(
    rulebook: Rulebook, before: Mapping[str, Any], key: str, answer: Any
) -> None:
    others = {"er": "positive", "age": 52, "treatments": "declined"}
    visit = told({**SPREAD, **others, **before}, key, answer, rulebook)
    stay = {"cancer": before["cancer"], **others, key: answer}
    main = {"main_cancer": visit.answers["main_cancer"]} if key == "main_cancer" else {}
    assert visit.answers == {**stay, **main}
    assert visit.set_back == [*SPREAD]
    assert visit.picked == {"inherited": ["ATM"]}


@pytest.mark.parametrize(
    ("before", "key", "answer"),
    [
        ({"cancer": ["breast"]}, "cancer", ["breast", "unknown"]),
        ({"cancer": BOTH}, "main_cancer", "ovarian"),
        ({"cancer": BOTH, "main_cancer": "ovarian"}, "cancer", ["ovarian"]),
        ({"cancer": BOTH, "main_cancer": "ovarian"}, "cancer", [*BOTH, "melanoma"]),
        ({"cancer": ["breast"]}, "age", 52),
    ],
    ids=repr,
)
def test_with_the_same_main_cancer_all_stays(
    rulebook: Rulebook, before: Mapping[str, Any], key: str, answer: Any
) -> None:
    visit = told({**SPREAD, **before}, key, answer, rulebook)
    assert visit.answers == {**SPREAD, **before, key: answer}
    assert (visit.pinned, visit.set_back) == (None, [])
    assert visit.picked.keys() == {"tumor", "inherited"}


def test_that_nobody_ever_had_cancer_is_about_all_cancers(rulebook: Rulebook) -> None:
    visit = told({"cancer_status": "never", "cancer": ["breast"]}, "cancer", BOTH, rulebook)
    assert visit.answers["cancer_status"] == "never"
    assert visit.pinned is None


def test_what_came_of_an_answer_is_told_until_the_next_one(rulebook: Rulebook) -> None:
    visit = told(BREAST, "cancer", BOTH, rulebook)
    visit = give_answer(visit, "main_cancer", "ovarian", rulebook)
    assert (visit.pinned, visit.set_back) == (None, [*SPREAD])
    assert give_answer(visit, "extent", "early", rulebook).set_back == []
