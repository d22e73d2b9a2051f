"""The population: people who answer everything else as this person may yet answer it."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.finder import FactFinder
from matcher.core.planning.population import Member, Population, shares_of
from matcher.core.planning.sayings import Sayings
from matcher.core.planning.scene import certain
from matcher.schemas.profiles import read_answers
from tests.core.small import TODAY, catalogue
from tests.kept import shipped_book

SIZE = 200
NUMBERS = dict.fromkeys(("age", "age_at_diagnosis", "positive_nodes", "lines"), (0, 40, 60))


@cache
def population() -> Population:
    finder = FactFinder(shipped_book())
    return Population(Sayings(finder), size=SIZE, numbers=NUMBERS)


def beside(**told: Any) -> tuple[Answers, list[Member]]:
    finder = population().sayings.finder
    answers = read_answers(told, finder.vocabulary.book)
    together = 0
    for said in finder.encoder.encode(answers, today=TODAY).values():
        together |= said.hard
    return answers, population().beside(answers, known=finder.closure.close(together))


PEOPLE: list[dict[str, Any]] = [
    {},
    {"cancer_status": "never"},
    {"cancer_status": "now", "cancer": ["breast"], "stage": "4"},
    {"cancer": ["prostate"], "sex_at_birth": "male", "tumor": {"BRCA2": "mutation"}},
    {"triple_negative": "yes", "inherited": {"any": "none"}, "pregnant": "declined"},
]


@pytest.mark.parametrize("told", PEOPLE, ids=str)
def test_members_contradict_nothing_and_repeat_nothing(told: dict[str, Any]) -> None:
    finder = population().sayings.finder
    answers, members = beside(**told)
    assert len(members) == SIZE
    for member in members:
        added = {key: member.value(key) for key in member.said}
        assert not set(added) & set(answers.declined)
        assert {*added} & {*answers.given} <= {"tumor", "inherited"}
        whole = dict(answers.given)
        for key, value in added.items():
            assert value is not None
            both = isinstance(value, dict)
            whole[key] = {**answers.results(key), **value} if both else value
            if both:
                assert not set(value) & set(answers.results(key))
        assert not finder.find(Answers(whole), today=TODAY).contradictions


def test_members_answer_as_often_as_the_shares_say() -> None:
    _, members = beside(cancer_status="now", cancer=["breast"])
    stages = Counter(member.value("stage") for member in members)
    assert stages["1"] / SIZE == pytest.approx(0.3, abs=0.1)
    er = Counter(member.value("er") for member in members)
    assert er["positive"] / SIZE == pytest.approx(0.74, abs=0.1)
    found = [member.value("inherited") for member in members]
    mutated = sum(isinstance(v, dict) and v["BRCA2"].found for v in found)
    assert mutated / SIZE == pytest.approx(0.07, abs=0.06)
    exposures = [member.value("exposures") for member in members]
    dairy = sum(isinstance(v, tuple) and "dairy_or_soy" in v for v in exposures)
    assert dairy / SIZE == pytest.approx(0.9, abs=0.1)


def test_what_is_known_rules_out_values_and_questions() -> None:
    _, never = beside(cancer_status="never")
    assert not any({"cancer", "stage", "er", "tumor"} & set(member.said) for member in never)
    _, spread = beside(cancer_status="now", cancer=["breast"], stage="4")
    assert {member.value("extent") for member in spread} == {"metastatic"}
    _, men = beside(sex_at_birth="male")
    assert not any("menopause" in member.said for member in men)


def test_genes_agree_with_pairs_and_panels() -> None:
    _, members = beside()
    pairs = 0
    for member in members:
        results = member.value("inherited")
        assert isinstance(results, dict)
        single = results["BRCA1"].found or results["BRCA2"].found
        assert results["BRCA"].found == single
        pairs += single
        assert results["any"].found or not single
    assert pairs


def test_a_member_knows_what_each_answer_brings() -> None:
    _, (member, *_) = beside(cancer_status="now", cancer=["breast"])
    for key in member.said:
        brings = 0
        for one in member.said[key]:
            assert member.said_of(one.unit) == one.brings
            brings |= one.brings
        assert member.brings(key) == brings
    assert member.value("cancer") is None
    assert member.brings("cancer") == member.said_of("cancer") == 0


def test_options_without_a_share_divide_what_is_left() -> None:
    er = catalogue().book.attributes["er"]
    assert shares_of(er) == pytest.approx([0.7, 0.15, 0.15])


def test_the_population_is_always_the_same() -> None:
    finder = population().sayings.finder
    again = Population(Sayings(finder), size=SIZE, numbers=NUMBERS)
    assert again.choices == population().choices
    assert certain(catalogue(), Answers(), TODAY) == 0
