"""Profiles: what is taken, what is not known, what is refused, and how that is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import (
    profile_json,
    profile_schema,
    read_answers,
    read_profile,
)

NOT_KNOWN: list[Any] = [None, "", [], {}, "unknown"]
NO_RESULT: list[Any] = [
    *NOT_KNOWN,
    {"result": "unknown"},
    {"result": None},
    {"result": "", "on": "2026-01"},
    {"on": "2026-01"},
]
DECLINED_RESULT: list[Any] = [
    "declined",
    {"result": "declined"},
    {"result": "declined", "on": "2026-01"},
]


def read(rulebook: Rulebook, **answers: Any) -> Answers:
    return read_profile({"answers": answers}, rulebook)


# What is taken


def test_every_kind_of_answer(rulebook: Rulebook) -> None:
    answers = read(
        rulebook,
        cancer=["breast"],
        er="positive",
        recurrent="no",
        age=50,
        treatments_now=["tamoxifen", "chemotherapy", "tamoxifen"],
        inherited={"BRCA1": "mutation", "ATM": {"result": "none", "on": "2026-03"}},
        tumor={"MSI_H": "positive"},
    )
    assert answers.given == {
        "cancer": ("breast",),
        "er": "positive",
        "recurrent": "no",
        "age": 50,
        "treatments_now": ("chemotherapy", "tamoxifen"),
        "inherited": {"ATM": Result("none", (2026, 3)), "BRCA1": Result("mutation")},
        "tumor": {"MSI_H": Result("positive")},
    }
    assert answers.declined == frozenset()


def test_the_bounds_of_numbers_are_taken(rulebook: Rulebook) -> None:
    for key, attribute in rulebook.attributes.items():
        if attribute.kind == "integer":
            for number in (attribute.min, attribute.max):
                assert read(rulebook, **{key: number}).given == {key: number}


def test_every_value_of_every_question_is_taken(rulebook: Rulebook) -> None:
    for key, attribute in rulebook.attributes.items():
        for option in attribute.options:
            if attribute.kind == "one":
                assert read(rulebook, **{key: option.value}).given == {key: option.value}
            elif attribute.kind == "many":
                assert read(rulebook, **{key: [option.value]}).given == {key: (option.value,)}
            else:
                words = ["mutation", "none", "uncertain", "not_tested"]
                words += ["positive", "negative"] if option.signature else []
                for word in words:
                    given = read(rulebook, **{key: {option.value: word}}).given
                    assert given == {key: {option.value: Result(word)}}


def test_a_list_that_is_not_whole_keeps_the_word_unknown(rulebook: Rulebook) -> None:
    assert read(rulebook, cancer=["unknown", "breast"]).given == {"cancer": ("breast", "unknown")}


@pytest.mark.parametrize(
    ("on", "read_as"),
    [("2026-03", (2026, 3)), ("1999-12", (1999, 12)), ("2026-03-15", (2026, 3)), (None, None),
     ("2026", (2026, 0)), ("1999", (1999, 0)),
     ("", None), ("unknown", None)],
)  # fmt: skip
def test_dates_of_results(rulebook: Rulebook, on: Any, read_as: tuple[int, int] | None) -> None:
    answers = read(rulebook, tumor={"ESR1": {"result": "none", "on": on}})
    assert answers.results("tumor")["ESR1"] == Result("none", read_as)


# What is not known


@pytest.mark.parametrize("blank", NOT_KNOWN, ids=repr)
def test_missing_null_empty_and_unknown_are_the_same_for_every_question(
    rulebook: Rulebook, blank: Any
) -> None:
    for key in rulebook.attributes:
        assert read(rulebook, **{key: blank}) == Answers()


@pytest.mark.parametrize("blank", NO_RESULT, ids=repr)
def test_genes_without_a_result_are_not_known(rulebook: Rulebook, blank: Any) -> None:
    assert read(rulebook, inherited={"BRCA1": blank}) == Answers()
    assert read(rulebook, inherited={"BRCA1": blank, "ATM": "none"}).given == {
        "inherited": {"ATM": Result("none")}
    }


def test_a_list_of_nothing_but_unknown_is_not_known(rulebook: Rulebook) -> None:
    assert read(rulebook, cancer=["unknown"]) == Answers()
    assert read(rulebook, cancer=["unknown", "unknown"]) == Answers()


@pytest.mark.parametrize("data", [{"answers": {}}, {"answers": None}])
def test_a_profile_may_say_nothing(rulebook: Rulebook, data: Any) -> None:
    assert read_profile(data, rulebook) == Answers()


# What somebody would rather not say


def test_declined_in_every_kind(rulebook: Rulebook) -> None:
    for key, attribute in rulebook.attributes.items():
        assert read(rulebook, **{key: "declined"}) == Answers({}, frozenset({key}))
        assert read(rulebook, **{key: ["declined"]}) == Answers({}, frozenset({key}))
        if attribute.kind == "many":
            assert read(rulebook, **{key: ["declined"] * 2}) == Answers({}, frozenset({key}))


@pytest.mark.parametrize("declined", DECLINED_RESULT, ids=repr)
def test_a_result_may_be_declined(rulebook: Rulebook, declined: Any) -> None:
    answers = read(rulebook, tumor={"ESR1": declined, "PIK3CA": "mutation"})
    assert answers.declined == {"tumor.ESR1"}
    assert answers.given == {"tumor": {"PIK3CA": Result("mutation")}}


# Out and in again


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"er": "low", "age": 0, "cancer": ["breast", "unknown"], "recurrent": "yes"},
        {"er": "declined", "cancer": ["declined"], "age": "declined"},
        {"inherited": {"BRCA1": "declined"}},
        {
            "tumor": {
                "ESR1": {"result": "none", "on": "2026-03"},
                "PIK3CA": {"result": "mutation", "on": "2025"},
                "MSI_H": "negative",
                "HRD": "declined",
                "any": "not_tested",
            },
            "inherited": "declined",
        },
    ],
)
def test_what_goes_out_comes_in_the_same(rulebook: Rulebook, answers: dict[str, Any]) -> None:
    first = read(rulebook, **answers)
    text = json.dumps(profile_json(first))
    assert read_profile(json.loads(text), rulebook) == first
    assert json.dumps(profile_json(read_profile(json.loads(text), rulebook))) == text


def test_the_order_of_answers_is_lost(rulebook: Rulebook) -> None:
    one = read(rulebook, er="low", age=50, inherited={"ATM": "none", "BRCA1": "mutation"})
    other = read(rulebook, inherited={"BRCA1": "mutation", "ATM": "none"}, age=50, er="low")
    assert json.dumps(profile_json(one)) == json.dumps(profile_json(other))


def test_a_schema_made_once_reads_the_same(rulebook: Rulebook) -> None:
    schema = profile_schema(rulebook)
    data = {"er": "positive"}
    assert read_answers(data, rulebook, schema=schema) == read_answers(data, rulebook)
