"""One engine: the kernel says what NumPy says, bit for bit; columns say what the finder says; and
the first studies that are chosen block by block are the first ones of the whole order."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import best_of, conditions, keys_of
from matcher.core.finding.answer_table import AnswerTable
from matcher.core.levels import Level
from matcher.core.machine import arrays, executors, native
from matcher.core.machine.day import NO_KEY
from matcher.core.machine.executors import installed
from matcher.core.machine.people import People
from matcher.core.machine.standing import Standing
from matcher.core.machine.trial import agrees
from matcher.core.matching import match_many
from matcher.core.stream import best_matches
from tests.laws.court import TODAY, Court, shipped_court, volume
from tests.laws.people import Profile

SIZES = [1, 7, 8, 9, 63, 64, 65, 200, 513]


def draw(seed: int, *, people: int, studies: int) -> tuple[Catalogue, list[Answers]]:
    court, rng = shipped_court(), Random(seed)
    catalogue = court.catalogue(court.studies(rng, studies))
    return catalogue, [court.answers(profile) for profile in court.profiles(rng, people)]


def test_the_kernel_is_among_those_that_are_tested() -> None:
    """Numba is an extra for those who run the service, and a must for those who test it."""
    assert list(installed()) == ["numpy", "numba"]


# The kernel and NumPy


def planes(standing: Standing) -> dict[str, Any]:
    verdicts = standing.verdicts
    found = {one.name: getattr(verdicts, one.name) for one in fields(verdicts)}
    found |= {f"level {number}": words for number, words in enumerate(standing.levels)}
    return found | {"most yes": standing.most_yes, "most can": standing.most_can}


@pytest.mark.parametrize("people", SIZES)
def test_both_decide_alike(people: int) -> None:
    catalogue, answers = draw(people, people=people, studies=60)
    known = catalogue.finder.people(answers, today=TODAY)
    yes, can = conditions(catalogue, known)
    one = planes(arrays.standing_of(catalogue.layout, yes, can, count=people))
    other = planes(native.standing_of(catalogue.layout, yes, can, count=people))
    for name, words in one.items():
        assert np.array_equal(words, other[name]), name


def compare(catalogue: Catalogue, answers: list[Answers], *, today: date) -> None:
    """All keys, and the best ones of several lengths, by both; and the best against all."""
    known = catalogue.finder.people(answers, today=today)
    day = catalogue.on(today)
    keys = keys_of(catalogue, day, known, using="numpy")
    assert np.array_equal(keys, keys_of(catalogue, day, known, using="numba"))
    listed = np.sort(keys[:, day.listed], axis=1)
    counts = [np.bincount(one, minlength=len(Level)) for one in day.levels(listed)]
    for top in (1, 3, 20, len(catalogue.studies) + 2):
        whole = np.full((len(answers), top), NO_KEY)
        whole[:, : listed.shape[1]] = listed[:, :top]
        for using in installed():
            best = best_of(catalogue, day, known, top=top, using=using)
            assert np.array_equal(best.keys, whole), (using, top)
            assert np.array_equal(best.counts, counts), using


@pytest.mark.parametrize("people", SIZES)
def test_both_choose_the_first_ones_of_the_whole_order(people: int) -> None:
    catalogue, answers = draw(1000 + people, people=people, studies=150)
    compare(catalogue, answers, today=TODAY)


@pytest.mark.parametrize("studies", [0, 1, 2, 17])
def test_few_studies(studies: int) -> None:
    catalogue, answers = draw(studies, people=70, studies=studies)
    compare(catalogue, answers, today=TODAY)


def test_studies_that_only_date_and_key_tell_apart() -> None:
    """Where all scores are equal, nobody may be left out too early."""
    court, rng = shipped_court(), Random(8)
    plain = court.studies(rng, 1)[0] | {
        "most": {"tag": "breast_cancer"}, "also": [], "standing": "current",
        "kind": "Study", "marks": [], "changed": False,
    }  # fmt: skip
    dates = [date(2026, 11, rng.randint(1, 22)) for _ in range(200)]
    studies = [plain | {"key": f"s{n:03}", "posted": day} for n, day in enumerate(dates)]
    answers = [court.answers(one) for one in [*court.profiles(rng, 60), {"cancer": ["breast"]}]]
    compare(court.catalogue(studies), answers, today=TODAY)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_both_say_the_same_at_volume() -> None:
    """As many pairs as asked for, on days of all kinds."""
    for seed in range(-(-volume() // 200_000)):
        catalogue, answers = draw(seed, people=500, studies=400)
        compare(catalogue, answers, today=date(2026 + seed % 3, 1 + seed % 12, 1 + seed % 28))


def test_more_points_than_a_key_holds_are_refused() -> None:
    court = shipped_court()
    scoring = replace(court.book.scoring, floors={"fits": 120, "may_fit": 51})
    catalogue = Catalogue.compile(replace(court.book, scoring=scoring), [], finder=court.finder)
    with pytest.raises(ValueError, match="between 0 and 127"):
        catalogue.on(TODAY)


# Columns and the finder


def differing(court: Court, profiles: list[Profile], *, today: date) -> list[Profile]:
    """The people of whom the columns do not know what the finder knows."""
    answers = [court.answers(profile) for profile in profiles]
    finder = court.finder
    literals = np.arange(2 * finder.closure.size)
    facts = [finder.find(one, today=today) for one in answers]
    alone = People.of(facts, size=finder.closure.size)
    assert [finder.known(one, today=today) for one in answers] == [one.known for one in facts]
    together = finder.columns.find(AnswerTable.of(answers, finder.encoder), today=today)
    wrong = 0
    for one, other in zip(alone.read(literals), together.read(literals), strict=True):
        wrong |= one ^ other
    return [profile for number, profile in enumerate(profiles) if wrong >> number & 1]


def check_columns(*, seed: int, people: int) -> None:
    court, rng = shipped_court(), Random(seed)
    today = [TODAY, date(2026, 3, 31), date(2029, 1, 1)][seed % 3]
    assert differing(court, court.profiles(rng, people), today=today) == []


@pytest.mark.parametrize("seed", range(3))
def test_columns_know_what_the_finder_knows(seed: int) -> None:
    check_columns(seed=seed, people=700)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_columns_know_what_the_finder_knows_at_volume() -> None:
    for seed in range(-(-volume() // 200_000)):
        check_columns(seed=100 + seed, people=2000)


def test_equal_answers_are_one() -> None:
    court = shipped_court()
    people = [court.answers(one) for one in [{"er": "positive"}, {"er": "positive"}, {}]]
    (column,) = AnswerTable.of(people, court.finder.encoder).columns
    assert (column.key, column.codes.tolist()) == ("er", [1, 1, 0])
    assert [dict(one.given) for one in column.values] == [{"er": "positive"}]


# Streams


@pytest.mark.parametrize("using", installed())
@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_a_stream_is_each_one_alone_in_the_order_they_came(using: str, block: int) -> None:
    catalogue, answers = draw(5, people=40, studies=90)
    blocks = list(
        best_matches(catalogue, iter(answers), today=TODAY, top=6, block=block, using=using)
    )
    assert [one for part in blocks for one in part.people] == answers
    rows = np.concatenate([part.best.rows for part in blocks])
    scores = np.concatenate([part.best.scores for part in blocks])
    counts = np.concatenate([part.best.counts for part in blocks])
    for number, outcome in enumerate(match_many(catalogue, answers, today=TODAY)):
        first = outcome.matches[:6]
        assert [catalogue.studies[row] for row in rows[number]] == [one.study for one in first]
        assert scores[number].tolist() == [one.score for one in first]
        assert counts[number].tolist() == list(outcome.counts.values())


def test_a_stream_takes_no_more_people_than_it_needs() -> None:
    catalogue, answers = draw(6, people=64, studies=20)
    taken = 0

    def people() -> Any:
        nonlocal taken
        for one in answers * 100:
            taken += 1
            yield one

    stream = best_matches(catalogue, people(), today=TODAY, block=16)
    next(stream)
    assert taken <= 16 * 130
    next(stream)
    stream.close()


def test_a_stream_of_nobody_is_empty() -> None:
    catalogue, _ = draw(7, people=0, studies=5)
    assert list(best_matches(catalogue, [], today=TODAY)) == []


# What is not right is not used


def test_the_kernel_passes_its_trial_and_a_wrong_one_does_not() -> None:
    assert agrees(native)
    wrong = SimpleNamespace(
        all_keys=native.all_keys,
        best=lambda *given, **more: (native.best(*given, **more)[0] + 1, None),
    )
    assert not agrees(cast(ModuleType, wrong))


def test_a_kernel_that_is_not_right_leaves_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_loaded", {"numpy": arrays})
    monkeypatch.setattr(executors, "_ready", ["numpy"])
    monkeypatch.setattr(executors, "agrees", lambda _: False)
    assert executors.load_fastest() == "numpy"
    assert executors.executor() is arrays
    with pytest.raises(RuntimeError, match="does not say what NumPy says"):
        executors.load("numba")
