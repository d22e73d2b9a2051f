"""Catalogue: studies compiled into distinct tags, criteria and groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag, Unread
from matcher.core.levels import Level
from matcher.core.machine.layout import Parts
from matcher.core.matching import match
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from tests.core.small import TODAY, book, catalogue, cond, finder, found, person, study

ER: dict[str, Any] = {"cancer": ["breast"], "er": "positive"}


def test_equal_criteria_groups_and_audiences_count_once() -> None:
    single = found(study("a", ("er_positive", "tumor_ESR1")), **ER)
    double = found(study("a", [("tumor_ESR1", ("er_positive", "tumor_ESR1")),
                               ("er_positive", "tumor_ESR1", "er_positive")]), **ER)  # fmt: skip
    assert (single.level, single.points, single.reasons) == (
        double.level,
        double.points,
        double.reasons,
    )
    twice = catalogue(study("a", None, ["er_positive", ["er_positive"], ("er_positive",)]))
    assert [len(audiences) for audiences in twice.also] == [1]
    assert len(twice.also_of(twice.studies[0])) == 1


def test_criteria_are_shared_between_studies() -> None:
    compiled = catalogue(study("a", ("er_positive", "women")), study("b", "er_positive"))
    assert len(compiled.criteria) == len(compiled.expressions) == 2
    assert compiled.groups == [(0, 1), (0,)]
    assert list(compiled.expressions) == ["er_positive", "women"]


def test_tags_that_the_rules_do_not_know_count_as_unread_words() -> None:
    compiled = catalogue(study("a", ("er_positive", "no_such_tag", {"not": "women:breast"})))
    condition = compiled.known_condition(cond(("er_positive", "no_such_tag")))
    assert condition == cond(("er_positive", "? no_such_tag"))
    assert not compiled.counts(Audience("x", Tag("no_such_tag")))
    assert not compiled.counts(Audience("x", Unread("x")))
    assert not compiled.counts(Audience("x", None))
    assert not compiled.counts(None)
    assert compiled.counts(Audience("x", cond(["no_such_tag", {"not": "women"}])))
    (one,) = match(compiled, person(**ER), today=TODAY).matches
    assert one.level == Level.MAY_FIT
    unread = {reason.unread: reason.parts for reason in one.reasons if reason.tag is None}
    assert set(unread) == {None, "no_such_tag"}
    assert unread[None][0].unread == "women:breast"


@pytest.mark.parametrize(
    ("shape", "weight", "supports"),
    [
        ("er_positive", 4, True),
        ("women", 1, False),
        ("? x", 3, False),
        ({"not": "her2_positive"}, 5, False),
        (["her2_positive", "breast_cancer"], 2, True),
        (["her2_positive", "women"], 1, False),
        ([("her2_positive", "women"), "er_positive"], 4, True),
        ([("any_cancer", "women"), "? x"], 1, False),
    ],
)
def test_what_a_criterion_weighs_and_whether_it_supports(
    shape: Any, weight: int, supports: bool
) -> None:
    compiled = catalogue(study("a", ("breast_cancer", shape)))
    criterion = next(c for c in compiled.criteria if c.condition != Tag("breast_cancer"))
    assert (criterion.weight, criterion.supports) == (weight, supports)


def test_a_catalogue_makes_its_own_finder_if_it_gets_none(rulebook: Rulebook) -> None:
    one = Study("a", "A", most=Audience("x", Tag("er_positive")))
    assert Catalogue.compile(rulebook, [one]).finder.vocabulary.book is rulebook
    assert Catalogue.compile(book(), [one], finder=finder()).finder is finder()


def test_parts_of_owners_some_of_whom_have_none() -> None:
    parts = Parts.of([[0, 1], [], [2], []])
    values = np.array([[1, 5], [2, 3], [7, 9]])
    assert parts.reduce(np.minimum, values).tolist() == [[1, 3], [0, 0], [7, 9], [0, 0]]
    assert parts.reduce(np.add, values, rows=5).tolist() == [[3, 8], [0, 0], [7, 9], [0, 0], [0, 0]]
    items, begins = parts.spread(np.array([2, 0, 2]))
    assert (items.tolist(), begins.tolist()) == ([2, 0, 1, 2], [0, 1, 3])
    none = Parts.of([[], []])
    assert none.reduce(np.add, values[:0]).tolist() == [[0, 0], [0, 0]]


def test_each_study_keeps_its_own_audiences() -> None:
    """Several studies with several "also" audiences each: none reads those of another."""
    yes, no, unknown = "er_positive", "er_negative", "tumor_ESR1"
    studies = [
        study("a", None, [no, "ovarian_cancer"]),
        study("b", None, [unknown]),
        study("c", "er_negative"),
        study("d", None, [no, yes, unknown]),
        study("e", None, [no]),
        study("f", None, ["prostate_cancer", "breast_cancer"]),
        study("g", "er_positive", [no]),
        study("h", None, [no, "ovarian_cancer"]),
    ]
    outcome = match(catalogue(*studies), person(**ER), today=TODAY)
    levels = {one.study.key: one.level.word for one in outcome.matches}
    assert levels == {
        "a": "different",
        "b": "open",
        "c": "different",
        "d": "related",
        "e": "different",
        "f": "related",
        "g": "fits",
        "h": "different",
    }
