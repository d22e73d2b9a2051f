"""Questions: what is still open, what each answer would change, and in which order to ask."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.questions import (
    Question,
    is_asked,
    rank_questions,
)
from matcher.core.study import Study
from tests.core.possible import possible_answers
from tests.core.small import TODAY, book, catalogue, facts, person, study


def ask(*studies: Study, **answers: Any) -> tuple[Question, ...]:
    return rank_questions(catalogue(*studies), person(**answers), today=TODAY).questions


def units(*studies: Study, **answers: Any) -> list[str]:
    return [question.unit for question in ask(*studies, **answers)]


def open_units(*studies: Study, **answers: Any) -> list[str]:
    found = possible_answers(catalogue(*studies), person(**answers), today=TODAY)
    return [unit for unit, _ in found]


def words(unit: str, *studies: Study, **answers: Any) -> list[str]:
    found = dict(possible_answers(catalogue(*studies), person(**answers), today=TODAY))
    return [word for word, _ in found[unit]]


# What is open


def test_only_what_a_study_needs_is_open_in_form_order() -> None:
    one = study("a", ("young", "tumor_ESR1", "er_positive"))
    assert open_units(one, her2="low", triple_negative="no") == [
        "cancer_status", "cancer", "main_cancer", "er", "tumor.ESR1", "tumor.any",
        "age", "age_at_diagnosis",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "unit", "is_open"),
    [
        ({}, "er", True),
        ({"er": "low"}, "er", False),
        ({"er": "declined"}, "er", False),
        ({}, "tumor.ESR1", True),
        ({"tumor": {"ESR1": "mutation"}}, "tumor.ESR1", False),
        ({"tumor": {"ESR1": "none"}}, "tumor.ESR1", False),
        ({"tumor": {"ESR1": "uncertain"}}, "tumor.ESR1", False),
        ({"tumor": {"ESR1": "not_tested"}}, "tumor.ESR1", True),
        ({"tumor": {"ESR1": "declined"}}, "tumor.ESR1", False),
        ({"tumor": "declined"}, "tumor.ESR1", False),
        ({"tumor": {"PIK3CA": "mutation"}}, "tumor.ESR1", True),
        ({"tumor": {"PIK3CA": "declined"}}, "tumor.ESR1", True),
        # asked when it makes sense: unless that is surely not so
        ({"cancer_status": "never"}, "er", False),
        ({"cancer": ["ovarian"]}, "er", False),
        ({"cancer": ["ovarian", "unknown"]}, "er", True),
        ({"cancer_status": "never"}, "cancer", False),
        ({"cancer_status": "past"}, "extent", True),
        ({"cancer_status": "never"}, "extent", False),
        ({"cancer": ["breast", "unknown"]}, "cancer", False),
    ],
)
def test_what_is_open(answers: dict[str, Any], unit: str, is_open: bool) -> None:
    one = study("a", ("er_positive", "tumor_ESR1", "metastatic"))
    assert (unit in open_units(one, **answers)) == is_open


def test_a_question_without_a_condition_is_always_asked() -> None:
    compiled = catalogue()
    never = facts(cancer_status="never")
    asked = {a.key for a in book().attributes.values() if is_asked(compiled, a, never)}
    assert "gender" in asked
    assert "her2" in asked
    assert not {"cancer", "er", "extent", "castration_resistant"} & asked
    everybody = {a.key for a in book().attributes.values() if is_asked(compiled, a, facts())}
    assert everybody == set(book().attributes)


# What could be answered


@pytest.mark.parametrize(
    ("unit", "shape", "possible"),
    [
        ("er", "er_positive", ["positive", "low", "negative"]),
        ("triple_negative", "triple_negative", ["yes", "no"]),
        ("tumor.ESR1", "tumor_ESR1", ["mutation", "none"]),
        ("risk_reducing_surgery", "breasts_removed", ["ovaries", "breasts", "none"]),
        ("race_ethnicity", "ashkenazi", ["white", "black", "ashkenazi", "icelandic"]),
        ("age", "age_at_least:50", ["0", "50"]),
        ("age", "age_at_most:39", ["0", "40"]),
        ("age", ("age_at_least:50", "age_at_most:39", "young"), ["0", "40", "50"]),
        ("lines", "lines_at_least:2", ["0", "1", "2"]),
    ],
)
def test_what_could_be_answered(unit: str, shape: Any, possible: list[str]) -> None:
    assert words(unit, study("a", shape)) == possible


def test_what_could_be_answered_has_the_shape_of_its_kind() -> None:
    one = study("a", ("er_positive", "triple_negative", "age_at_least:50", "tumor_ESR1"))
    found = dict(possible_answers(catalogue(one), Answers(), today=TODAY))
    assert found["er"] == [(word, word) for word in ("positive", "low", "negative")]
    assert found["triple_negative"] == [("yes", "yes"), ("no", "no")]
    assert found["age"] == [("0", 0), ("50", 50)]
    assert found["tumor.ESR1"] == [
        ("mutation", {"ESR1": Result("mutation")}),
        ("none", {"ESR1": Result("none")}),
    ]


def test_old_tests_are_seen_as_of_today() -> None:
    old: dict[str, Any] = {"tumor": {"any": {"result": "none", "on": "2020-01"}}}
    one = study("a", ("tumor_ESR1", "women"))
    assert "tumor.ESR1" in units(one, **old)
    new = {"tumor": {"any": {"result": "none", "on": "2026-11"}}, "cancer": ["breast"]}
    assert "gender" not in units(one, **new)


def test_an_item_of_a_list_leaves_the_rest_of_it_open() -> None:
    found = dict(possible_answers(catalogue(study("a", "breasts_removed")), Answers(), today=TODAY))
    assert dict(found["risk_reducing_surgery"]) == {
        "ovaries": ("ovaries", "unknown"),
        "breasts": ("breasts", "unknown"),
        "none": ("none",),
    }
