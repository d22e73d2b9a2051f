"""Rivals: every engine gives the answer of ours, and a wrong answer is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.bench.contest import Answer
from matcher.bench.contestants import Contestant, contestants
from matcher.bench.measuring import SAMPLE
from matcher.bench.workload import TODAY, Size, Workload
from matcher.core.levels import Level
from matcher.core.matching import match_many
from matcher.core.rulebook import Rulebook

EVERYBODY = contestants()


@pytest.fixture(scope="module")
def truth(workload: Workload) -> Answer:
    """The answer read from the product's own matches, one by one."""
    outcomes = match_many(workload.catalogue, workload.people(SAMPLE), today=TODAY)
    row = {study.key: number for number, study in enumerate(workload.catalogue.studies)}
    best = [outcome.matches[: workload.contest.best] for outcome in outcomes]
    return Answer(
        counts=np.array([list(outcome.counts.values()) for outcome in outcomes]),
        rows=np.array([[row[one.study.key] for one in first] for first in best]),
        levels=np.array([[int(one.level) for one in first] for first in best]),
        scores=np.array([[one.score for one in first] for first in best]),
    )


@pytest.mark.parametrize("contestant", EVERYBODY, ids=lambda one: one.name)
def test_everybody_answers_like_the_product(
    contestant: Contestant, workload: Workload, truth: Answer
) -> None:
    assert contestant.ready(workload, SAMPLE)().equals(truth)


def test_the_workload_reaches_every_level(truth: Answer) -> None:
    assert all(truth.counts[:, level].any() for level in Level)


def test_fewer_studies_than_are_asked_for(rulebook: Rulebook) -> None:
    few = Workload(rulebook, Size(studies=7, people=40))
    answers = [contestant.ready(few, 40)() for contestant in EVERYBODY]
    assert answers[0].rows.shape == (40, 7)
    assert all(answer.equals(answers[0]) for answer in answers)


@pytest.mark.parametrize("part", ["counts", "rows", "levels", "scores"])
def test_one_wrong_number_is_a_different_answer(truth: Answer, part: str) -> None:
    numbers = getattr(truth, part).copy()
    numbers[-1, -1] += 1
    assert not replace(truth, **{part: numbers}).equals(truth)
