"""Useful answers: none is lost. Tried by force: what moves a study must be useful for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

from matcher.core.answers import Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag
from matcher.core.engine import levels_of
from matcher.core.finder import FactFinder
from matcher.core.planning.asking import with_answer
from matcher.core.planning.usefulness import Usefulness
from matcher.core.questions import useful_units
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from tests.core import small
from tests.core.possible import possible_answers
from tests.core.small import TODAY, catalogue, study
from tests.kept import shipped_book

NUMBERED = ("age_at_least:40", "age_at_most:60", "lines_at_least:2", "age_at_diagnosis_at_most:50")


@cache
def shipped() -> tuple[Rulebook, FactFinder]:
    book = shipped_book()
    return book, FactFinder(book)


def one_study_for_each_tag(book: Rulebook, finder: FactFinder) -> Catalogue:
    sites = ("breast", "prostate")
    scoped = [f"{key}:{site}" for key, tag in book.tags.items() if tag.scoped for site in sites]
    tags = [key for key in (*book.tags, *NUMBERED, *scoped) if book.knows(key)]
    studies = [Study(key, key, most=Audience("x", Tag(key))) for key in tags]
    return Catalogue.compile(book, studies, finder=finder)


def context(random: Random, compiled: Catalogue) -> Answers:
    """Somebody whose cancer is known, and more or less of everything else."""
    never = random.random() < 0.3
    answers = Answers({"cancer_status": "never"})
    if not never:
        site = random.choice(("breast", "breast", "prostate", "ovarian"))
        given: dict[str, Value] = {"cancer_status": "now", "cancer": (site,), "main_cancer": site}
        answers = Answers(given)
    share = random.choice((0.1, 0.3, 0.6))
    for unit, values in possible_answers(compiled, answers, today=TODAY):
        if random.random() < share:
            told = with_answer(answers, unit.partition(".")[0], random.choice(values)[1])
            answers = told if is_sound(compiled, told) else answers
    return answers


def is_sound(compiled: Catalogue, answers: Answers) -> bool:
    return not compiled.finder.find(answers, today=TODAY).contradictions


@pytest.mark.parametrize("rules", ["small", "shipped"])
def test_what_moves_a_study_is_useful_for_it(rules: str) -> None:
    book, finder = shipped() if rules == "shipped" else (small.book(), small.finder())
    compiled = one_study_for_each_tag(book, finder)
    usefulness = Usefulness(compiled)
    random = Random(7)
    moves = 0
    for _ in range(30):
        answers = context(random, compiled)
        tried = [
            (unit, with_answer(answers, unit.partition(".")[0], value))
            for unit, values in possible_answers(compiled, answers, today=TODAY)
            for _, value in values
        ]
        tried = [(unit, told) for unit, told in tried if is_sound(compiled, told)]
        people = finder.people([answers, *(told for _, told in tried)], today=TODAY)
        levels = levels_of(compiled, people)
        for column, (unit, _) in enumerate(tried, start=1):
            for row in np.flatnonzero(levels[:, column] != levels[:, 0]):
                moves += 1
                name = compiled.studies[row].key
                assert usefulness.bears_on[row, usefulness.place[unit]], (unit, name, answers)
    assert moves > 1000


@pytest.mark.parametrize(
    ("shape", "needed"),
    [
        ("breast_cancer", set()),
        ("women", {"gender", "sex_at_birth"}),
        ("tumor_ESR1", {"tumor.ESR1", "tumor.any"}),
        ("inherited_PALB2", {"inherited.PALB2", "inherited.any"}),
        ("no_such_tag", set()),
        ("? words", set()),
        ("age_at_least:50", {"age", "age_at_diagnosis"}),
        ({"not": ("women", "? x")}, {"gender", "sex_at_birth"}),
    ],
)
def test_the_answers_that_a_study_rests_on(shape: Any, needed: set[str]) -> None:
    routing = {"cancer_status", "cancer"}
    for one in (study("a", shape), study("a", None, [shape])):
        assert useful_units(catalogue(one)) - {"main_cancer"} == needed | routing


def test_what_leads_to_an_answer_is_useful() -> None:
    """Stage 4 and lines of treatment mean spread; a default takes stage 1 to be early."""
    spread = useful_units(catalogue(study("a", "metastatic:breast")))
    assert {"extent", "stage", "lines"} <= spread
    assert "tumor.ESR1" not in spread
    risk = useful_units(catalogue(study("a", "told_high_risk")))
    assert {"high_risk", "inherited.BRCA1", "inherited.any", "risk_reducing_surgery"} <= risk


def test_hidden_studies_need_nothing() -> None:
    one = study("a", "women")
    assert "gender" in useful_units(catalogue(one))
    for standing in ("superseded", "retracted"):
        assert useful_units(catalogue(replace(one, standing=standing))) == {
            "cancer_status",
            "cancer",
        }
