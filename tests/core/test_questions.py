"""Questions: what is still open, what each answer would change, and in which order to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.questions import (
    Question,
    is_asked,
    possible_answers,
    rank_questions,
    useful_units,
)
from matcher.core.study import Study
from tests.core.small import TODAY, book, catalogue, facts, finder, person, study


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


# What studies rest on


@pytest.mark.parametrize(
    ("shape", "needed"),
    [
        ("er_positive", {"er"}),
        ("tumor_ESR1", {"tumor.ESR1", "main_cancer"}),
        ("metastatic:breast", {"extent", "main_cancer"}),
        ("young", {"age", "age_at_diagnosis"}),
        ("told_high_risk", {"high_risk"}),
        ("hormone_positive_her2_negative", {"er", "her2"}),
        ("women", {"gender", "sex_at_birth"}),
        ("non_metastatic:breast", {"extent", "main_cancer"}),
        ({"not": ("er_positive", ["women", "? x"])}, {"er", "gender", "sex_at_birth"}),
        ("inherited_any", {"inherited.any"}),
        ("no_such_tag", set()),
        ("age_at_least:50", {"age"}),
    ],
)
def test_the_answers_that_a_study_rests_on(shape: Any, needed: set[str]) -> None:
    assert useful_units(catalogue(study("a", shape))) == needed | {"cancer_status", "cancer"}
    assert useful_units(catalogue(study("a", None, [shape]))) == needed | {
        "cancer_status",
        "cancer",
    }


# What is open


def test_only_what_a_study_needs_is_open_in_form_order() -> None:
    one = study("a", ("young", "tumor_ESR1", "er_positive"))
    assert open_units(one) == [
        "cancer_status", "cancer", "main_cancer", "er", "tumor.ESR1", "age", "age_at_diagnosis",
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
        ("age", "age_at_least:999", ["0"]),
        ("lines", "lines_at_least:2", ["0", "2"]),
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


# What it would change


CATALOGUE = [
    study("a", ("er_positive", "tumor_ESR1")),
    study("b", "er_positive"),
    study("c", ("er_negative", "women"), ["breast_risk"]),
    study("d", [("her2_positive", "women"), "metastatic:breast"]),
    study("e", "age_at_least:50", ["age_at_most:30"]),
    study("f", "? x"),
    study("g", "no_triple_negative"),
]
PEOPLE: list[dict[str, Any]] = [
    {},
    {"cancer": ["breast"]},
    {"er": "positive", "sex_at_birth": "female"},
    {"cancer_status": "never"},
    {"cancer": ["breast"], "tumor": {"ESR1": "not_tested", "PIK3CA": "mutation"}},
    {"er": "negative", "her2": "low", "age": 45},
]


def levels(answers: Answers) -> dict[str, Level]:
    found = match(catalogue(*CATALOGUE), answers, today=TODAY)
    return {one.study.key: one.level for one in found.matches}


@pytest.mark.parametrize("answers", PEOPLE, ids=str)
def test_the_changes_are_what_each_answer_would_change(answers: dict[str, Any]) -> None:
    """Counted again by matching everybody who would answer so, one by one."""
    before = levels(person(**answers))
    asked = {question.unit: question for question in ask(*CATALOGUE, **answers)}
    given = person(**answers).given
    for unit, values in possible_answers(catalogue(*CATALOGUE), person(**answers), today=TODAY):
        key = unit.partition(".")[0]
        unsettled = [name for name, level in before.items() if level in (Level.MAY_FIT, Level.OPEN)]
        moves: list[set[str]] = []
        changes = []
        possible = []
        for word, value in values:
            told = {**dict(given.get(key, {})), **value} if isinstance(value, Mapping) else value
            if match(catalogue(), Answers({**given, key: told}), today=TODAY).contradictions:
                continue
            possible.append(word)
            after = levels(Answers({**given, key: told}))
            moved = [name for name in before if before[name] != after[name]]
            changes.append(Counter((before[name], after[name]) for name in moved))
            moves.append(set(moved).intersection(unsettled))
        if not any(moves):
            assert unit not in asked
            continue
        question = asked.pop(unit)
        assert [Counter(dict(answer.changes)) for answer in question.answers] == changes
        assert question.settles == len(set().union(*moves))
        assert [answer.value for answer in question.answers] == possible
    assert asked == {}


def test_changes_are_listed_in_the_order_of_levels() -> None:
    (question,) = [one for one in ask(*CATALOGUE) if one.unit == "er"]
    for answer in question.answers:
        assert list(answer.changes) == sorted(answer.changes)


def test_the_most_valuable_question_comes_first_ties_in_form_order() -> None:
    found = ask(*CATALOGUE)
    order = list(book().attributes)
    keys = [(-q.weight, order.index(q.key), q.gene or "") for q in found]
    assert keys == sorted(keys)
    assert all(q.weight > 0 for q in found)
    genes = study("a", (["inherited_PALB2", "inherited_BRCA2"], "women"))
    told = [u for u in units(genes, gender="woman") if u.startswith("inherited")]
    assert told == ["inherited.BRCA2", "inherited.PALB2"]
    tumor = study("a", (["tumor_PIK3CA", "tumor_MSI_H"], "women"))
    told = [u for u in units(tumor, gender="woman") if u.startswith("tumor")]
    assert told == ["tumor.MSI_H", "tumor.PIK3CA"]


def test_shares_are_those_of_the_rules_or_a_guess() -> None:
    shares = {
        question.unit: [answer.share for answer in question.answers]
        for question in ask(
            study("a", "er_positive"), study("b", "her2_positive"), study("c", "triple_negative"),
            study("d", "inherited_BRCA1"), study("e", "inherited_BRCA2"), study("f", "young"),
        )
    }  # fmt: skip
    assert shares["er"] == [0.7, 0.3, 0.3]
    assert shares["her2"] == [0.3] * 4
    assert shares["triple_negative"] == [0.5, 0.5]
    assert shares["inherited.BRCA1"] == [0.1, 0.9]
    assert shares["inherited.BRCA2"] == [0.3, 0.7]
    assert set(shares["age"]) == {0.3}


def test_what_changes_nothing_is_not_asked() -> None:
    assert units(study("a", "er_positive"), er="low") == []
    assert units(study("a", "? x")) == []
    assert units() == []
    assert "tumor.ESR1" not in units(study("a", ("er_positive", "tumor_ESR1")), er="negative")


def test_a_question_names_its_gene() -> None:
    (question,) = [q for q in ask(study("a", "tumor_ESR1")) if q.key == "tumor"]
    assert (question.gene, question.unit) == ("ESR1", "tumor.ESR1")
    (plain,) = [q for q in ask(study("a", "women")) if q.key == "gender"]
    assert (plain.gene, plain.unit) == (None, "gender")


def test_results_that_were_told_stay_beside_the_one_that_is_tried() -> None:
    one = study("a", ("inherited_BRCA1", "inherited_PALB2"))
    (question,) = ask(one, inherited={"BRCA1": "mutation"})
    mutation = question.answers[0]
    assert (mutation.value, dict(mutation.changes)) == (
        "mutation",
        {(Level.MAY_FIT, Level.FITS): 1},
    )
    assert finder().vocabulary.book is book()
