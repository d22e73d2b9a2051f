"""Scoring: the points that a study brings along, whoever reads it: ratings and date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.core.rulebook import Scoring
from matcher.core.study import Ratings, Study


def evidence_points(ratings: Ratings, scoring: Scoring) -> int:
    """Points for the review's own ratings, 0 to 6; an absent rating is neutral."""
    relevance = scoring.relevance.get(ratings.relevance or "", scoring.neutral)
    return relevance + scoring.strength.get(ratings.strength_of_science or "", scoring.neutral)


def recency_points(studies: Sequence[Study], *, today: date, scoring: Scoring) -> NDArray[np.int64]:
    """Points for each study's age in whole months on `today`, 0 to 4; undated gets none."""
    points = np.zeros(len(studies), dtype=np.int64)
    for row, study in enumerate(studies):
        if study.posted is not None:
            months = _months_between(study.posted, today)
            points[row] = next((p for limit, p in scoring.recency if months < limit), 0)
    return points


def _months_between(earlier: date, later: date) -> int:
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)
