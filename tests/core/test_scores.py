"""Scores: worked out by hand, term by term; a score never crosses a level.

Weights of the small rules: breast_cancer 2, ovarian_cancer 2, er_positive 4, her2_negative 3,
her2_positive 5, metastatic 5, women 1, age 1, tumor_ESR1 8 (the heaviest), unread words 3.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from matcher.core.catalogue import Catalogue
from matcher.core.levels import Level
from matcher.core.matching import Match, match
from matcher.core.rulebook import Rulebook
from matcher.core.scoring import evidence_points, recency_points
from matcher.core.study import RATING_WORDS, Ratings, Study
from tests.core.small import TODAY, book, catalogue, found, person, study

ER: dict[str, Any] = {"cancer": ["breast"], "er": "positive"}
SPREAD = ER | {"her2": "negative", "extent": "metastatic", "tumor": {"ESR1": "mutation"}}


def points(one: Match) -> list[int]:
    assert list(one.points) == ["level", "fit", "evidence", "recency"]
    assert sum(one.points.values()) == one.score
    return list(one.points.values())


# The contract's example


def test_the_example_of_the_contract_is_95(rulebook: Rulebook) -> None:
    """76 for the level, 11 for the fit, 5 for the evidence, 3 for a study posted 9 months ago.

    In the shipped rules the heaviest tag weighs 10 and ESR1 in the tumor 8: 14 × 8 ÷ 10 = 11.2.
    """
    assert (rulebook.heaviest, rulebook.tags["tumor_ESR1"].weight) == (10, 8)
    esr1 = study(
        "a",
        ("er_positive", "her2_negative", "metastatic:breast", "tumor_ESR1:breast"),
        posted=date(2026, 2, 19),
        relevance="High",
        strength_of_science="Medium-High",
    )
    (one,) = match(Catalogue.compile(rulebook, [esr1]), person(**SPREAD), today=TODAY).matches
    assert points(one) == [76, 11, 5, 3]
    assert one.score == 95


# Fit


@pytest.mark.parametrize(
    ("most", "fit"),
    [
        ("breast_cancer", 14 * 2 // 8),
        ("er_positive", 14 * 4 // 8),
        ("her2_negative", 14 * 3 // 8),
        ("tumor_ESR1", 14),
        (("breast_cancer", "er_positive"), 7),  # the heaviest counts, not the sum
        (["breast_cancer", "er_positive"], 7),  # of two groups that are yes the better one
        (["breast_cancer", "her2_positive"], 3),  # a group that is no brings nothing
        ({"not": "her2_positive"}, 14 * 5 // 8),
        (("breast_cancer", ["er_positive", "metastatic"]), 7),  # an "or" weighs as its least part
        (("breast_cancer", [("er_positive", "metastatic"), "tumor_ESR1"]), 14 * 5 // 8),
    ],
)
def test_the_fit_of_what_fits(most: Any, fit: int) -> None:
    assert points(found(study("a", most), **SPREAD)) == [76, fit, 2, 4]


@pytest.mark.parametrize(
    ("most", "fit"),
    [
        (("er_positive", "tumor_ESR1"), 14 * 4 // (4 + 8)),
        (("er_positive", "breast_cancer", "tumor_ESR1"), 14 * 6 // 14),
        (("er_positive", "her2_positive"), 14 * 4 // 9),
        (("er_positive", "? words"), 14 * 4 // 7),
        # of two groups the better share, of a group that is no nothing
        ([("er_positive", "tumor_ESR1"), ("breast_cancer", "women")], 14 * 2 // 3),
        ([("er_positive", "er_negative"), ("breast_cancer", "tumor_ESR1")], 14 * 2 // 10),
        # a compound that is not yes counts among all, but not among those that hold
        (("er_positive", ["tumor_ESR1", "her2_positive"]), 14 * 4 // 9),
        (("breast_cancer", {"not": "tumor_ESR1"}), 14 * 2 // 10),
        # a share that comes to nothing, beside a group that is no
        ([("any_cancer", "tumor_ESR1", "her2_positive", "? x"), "er_negative"], 0),
        # what only excludes counts towards the share
        (("er_positive", "any_cancer", "tumor_ESR1"), 14 * 5 // 13),
    ],
)
def test_the_fit_of_what_may_fit_is_a_share(most: Any, fit: int) -> None:
    one = found(study("a", most), **ER)
    assert one.level == Level.MAY_FIT
    assert points(one) == [51, fit, 2, 4]


@pytest.mark.parametrize(
    ("also", "fit"),
    [
        (["breast_cancer"], 10 * 2 // 8 + 1),
        (["er_positive"], 10 * 4 // 8 + 1),
        (["breast_cancer", "er_positive"], 5 + 2),
        (["breast_cancer", "er_positive", "er_negative", "tumor_ESR1"], 5 + 2),
        (["breast_cancer", "er_positive", "any_cancer", ("breast_cancer", "any_cancer")], 5 + 4),
        (["breast_cancer", "er_positive", "any_cancer", ("breast_cancer", "any_cancer"),
          ["er_positive", "women"]], 5 + 4),  # four at most
        ([["breast_cancer", "er_positive"]], 5 + 1),
        ([["breast_cancer", "tumor_ESR1"]], 2 + 1),  # the ESR1 of that group is not known
        (["breast_cancer", ("breast_cancer", "breast_cancer")], 2 + 1),  # equal ones count once
    ],
)  # fmt: skip
def test_the_fit_of_what_is_related(also: list[Any], fit: int) -> None:
    for most in (None, "er_negative", "tumor_ESR1"):
        one = found(study("a", most, also), **ER)
        assert one.level == Level.RELATED
        assert points(one) == [26, fit, 2, 4]


def test_open_has_no_fit_and_the_lower_ones_no_points_at_all() -> None:
    best = {"relevance": "High", "strength_of_science": "High"}
    assert points(found(study("a", "tumor_ESR1", **best), **ER)) == [12, 0, 6, 4]
    assert points(found(study("a", "er_negative", **best), **ER)) == [0, 0, 0, 0]
    assert points(found(study("a", "? x", **best), **ER)) == [0, 0, 0, 0]


# Evidence and recency


@pytest.mark.parametrize(
    ("relevance", "strength", "evidence"),
    [
        ("High", "High", 6),
        ("High", "Medium-High", 5),
        ("Medium-High", "Medium-High", 4),
        ("Medium", "Medium-Low", 2),
        ("Low", "Low", 0),
        ("Low", "High", 3),
        ("High", "Low", 3),
        (None, None, 2),
        ("High", None, 4),
        (None, "Low", 1),
        ("Excellent", "Low", 1),
    ],
)
def test_points_for_ratings(relevance: str | None, strength: str | None, evidence: int) -> None:
    ratings = Ratings(relevance=relevance, strength_of_science=strength)
    assert evidence_points(ratings, book().scoring) == evidence
    one = found(study("a", "er_positive", relevance=relevance, strength_of_science=strength), **ER)
    assert one.points["evidence"] == evidence


@pytest.mark.parametrize(
    ("posted", "recency"),
    [
        (date(2026, 11, 22), 4),
        (date(2026, 5, 23), 4),
        (date(2026, 5, 22), 3),
        (date(2026, 5, 21), 3),
        (date(2025, 5, 23), 3),
        (date(2025, 5, 22), 2),
        (date(2023, 11, 23), 2),
        (date(2023, 11, 22), 1),
        (date(2021, 11, 23), 1),
        (date(2021, 11, 22), 0),
        (date(1990, 1, 1), 0),
        (date(2027, 6, 1), 4),
        (None, 0),
    ],
)
def test_points_for_newness(posted: date | None, recency: int) -> None:
    one = Study("a", "A", posted=posted)
    told = recency_points([one], today=TODAY, scoring=book().scoring)
    assert told.tolist() == [recency]
    assert found(study("a", "er_positive", posted=posted), **ER).points["recency"] == recency


def test_a_month_is_whole_on_its_day() -> None:
    def recency(posted: date, today: date) -> int:
        told = recency_points([Study("a", "A", posted=posted)], today=today, scoring=book().scoring)
        return int(told[0])

    assert recency(date(2026, 1, 31), date(2026, 7, 30)) == 4
    assert recency(date(2026, 1, 31), date(2026, 7, 31)) == 3
    assert recency(date(2025, 12, 1), date(2026, 6, 1)) == 3


# Floors


def test_a_score_never_crosses_a_level() -> None:
    """The best study of a level scores less than the worst one of the level above."""
    tags = ["er_positive", "er_negative", "tumor_ESR1", "women", "? x"]
    shapes: list[Any] = [None, *tags, *product(tags, repeat=2)]
    days = [TODAY, TODAY - timedelta(days=3000)]
    words = (None, RATING_WORDS[0], RATING_WORDS[-1])
    ratings = [{"relevance": word, "strength_of_science": word} for word in words]
    studies = [
        study(f"s{number}", most, also, posted=posted, **rating)
        for number, (most, also, posted, rating) in enumerate(
            product(shapes, [(), ("er_positive",), tuple(tags)], days, ratings)
        )
    ]
    outcome = match(catalogue(*studies), person(**ER), today=TODAY)
    scores: dict[Level, list[int]] = {}
    for one in outcome.matches:
        points(one)
        assert 0 <= one.score <= 100
        scores.setdefault(one.level, []).append(one.score)
    assert set(scores) == set(Level)
    above = 101
    for level in (Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN, Level.DIFFERENT):
        assert max(scores[level]) < above
        above = min(scores[level])
    assert set(scores[Level.DIFFERENT]) == set(scores[Level.UNLABELLED]) == {0}
