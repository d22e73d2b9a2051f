"""The conversation: forward through the chapters, what weighs enough, nothing tender at a door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from matcher.core.planning.conversation import in_conversation
from matcher.core.rulebook import Rulebook
from tests.laws.court import shipped_court


@pytest.fixture
def book() -> Rulebook:
    return shipped_court().book


def order(book: Rulebook, weights: Mapping[str, float], *talked: str, **more: str) -> list[str]:
    opened = more.get("opened", "").split()
    return in_conversation(book, weights, talked=talked, begun=talked, opened=opened)


def test_chapters_come_in_their_order_and_pages_by_their_weight(book: Rulebook) -> None:
    weights = {"inherited": 3.0, "er": 1.0, "her2": 2.0, "gender": 2.0}
    assert order(book, weights) == ["her2", "er", "gender", "inherited"]


def test_what_weighs_little_waits(book: Rulebook) -> None:
    assert order(book, {"inherited": 3.0, "her2": 0.2, "er": 0.22}) == ["er", "inherited", "her2"]
    assert order(book, {"inherited": 3.0, "gender": 0.74})[0] == "inherited"
    assert order(book, {"inherited": 3.0, "gender": 0.76})[0] == "gender"


def test_a_chapter_that_was_passed_is_not_gone_back_to(book: Rulebook) -> None:
    weights = {"her2": 3.0, "concerned_about": 1.0, "family_history": 1.0}
    assert order(book, weights, "inherited")[0] == "family_history"
    assert order(book, weights, "inherited", opened="her2")[0] == "her2"
    assert order(book, {"her2": 3.0}, "inherited") == ["her2"]


def test_no_chapter_opens_with_a_tender_question(book: Rulebook) -> None:
    weights = {"lines": 3.0, "treatments": 0.1}
    assert order(book, weights) == ["treatments", "lines"]
    assert order(book, weights, "treatments_now") == ["lines", "treatments"]
    assert order(book, {"menopause": 3.0, "gender": 0.1, "inherited": 9.0})[0] == "gender"
    assert order(book, {"lines": 3.0, "treatments": 0.0})[0] == "lines"


def test_plain_words_come_before_the_number_of_a_stage(book: Rulebook) -> None:
    weights = {"stage": 3.0, "breast_type": 2.0, "extent": 0.1}
    keys = order(book, weights, "breast_type")
    assert keys.index("extent") < keys.index("stage")


def test_two_lists_of_the_same_things_are_parted(book: Rulebook) -> None:
    weights = {"high_risk": 3.0, "inherited": 2.0}
    assert order(book, weights, "family_history") == ["inherited", "high_risk"]
    assert order(book, weights, "family_mutation") == ["high_risk", "inherited"]


def test_what_has_no_chapter_comes_last(book: Rulebook) -> None:
    bare = {**book.attributes, "er": replace(book.attributes["er"], chapter=None)}
    without = replace(book, attributes=bare)
    assert order(without, {"er": 1.0, "exposures": 1.0, "gender": 1.0})[-1] == "er"
