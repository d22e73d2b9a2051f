"""Day: what a catalogue's studies bring along on one day, whoever reads them; and their order.

A study's place for a person is one integer, its *key*: the lesser, the better. From its highest
bits down it holds level, marked or not, 127 - score, and the study's rank among equals (newer
first, undated last, then by key). So sorting keys is the whole order, and a key tells what it
was made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level, marks_of
from matcher.core.rulebook import Scoring
from matcher.core.scoring import evidence_points, recency_points
from matcher.core.study import Study

Numbers = NDArray[np.int64]

HIDDEN = ("superseded", "retracted")
RANK_BITS = 32
CLASS_SHIFT = RANK_BITS + 8
MOST_POINTS = 127
NO_KEY = np.int64(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Classes:
    """Studies by class: all unmarked ones for the first level, all marked ones, all unmarked
    ones for the second level, and so on. Within a class those that can score most come first.

    Class ``i`` is ``rows[starts[i]:starts[i + 1]]``; `most` is the highest possible score,
    [levels × studies].
    """

    starts: Numbers
    rows: Numbers
    most: Numbers


@dataclass(frozen=True)
class Day:
    """Marks, points and ranks of all studies on a day, by row.

    `own` are the points that a study brings along (ratings and date). `first` is the lesser part
    of the key: marked or not, and rank. `floors` are the floors by level; `most_fit` is the most
    fit that a study can get, [levels × studies].
    """

    today: date
    marks: tuple[tuple[str, ...], ...]
    listed: NDArray[np.bool_]
    evidence: Numbers
    recency: Numbers
    marked: Numbers
    rank: Numbers
    floors: Numbers
    most_fit: Numbers

    @classmethod
    def of(
        cls, studies: Sequence[Study], scoring: Scoring, most_fit: Numbers, *, today: date
    ) -> Day:
        """The studies on a day."""
        marks = tuple(marks_of(study, today=today, scoring=scoring) for study in studies)
        evidence = [evidence_points(study.ratings, scoring) for study in studies]
        return cls(
            today=today,
            marks=marks,
            listed=np.array([study.standing not in HIDDEN for study in studies], dtype=bool),
            evidence=np.array(evidence, dtype=np.int64),
            recency=recency_points(studies, today=today, scoring=scoring),
            marked=np.array([bool(one) for one in marks], dtype=np.int64),
            rank=_ranks(studies),
            floors=_floors(scoring),
            most_fit=most_fit,
        )

    @cached_property
    def own(self) -> Numbers:
        """The points that each study brings along at every level but the last two."""
        return self.evidence + self.recency

    @cached_property
    def row_of_rank(self) -> Numbers:
        """The study at each rank."""
        return np.argsort(self.rank)

    @cached_property
    def classes(self) -> Classes:
        """The listed studies in the order in which to look for a person's best ones."""
        most = self.floors.reshape(-1, 1) + self.most_fit + self.own
        most[Level.DIFFERENT :] = 0
        starts, rows = [0], []
        for level in Level:
            for marked in (0, 1):
                here = np.flatnonzero(self.listed & (self.marked == marked))
                rows.append(here[np.lexsort((self.rank[here], -most[level, here]))])
                starts.append(starts[-1] + len(here))
        return Classes(np.array(starts), np.concatenate(rows), most)

    def keys(self, level: NDArray[Any], fit: NDArray[Any], rows: NDArray[Any]) -> Numbers:
        """The keys of studies by row, given their levels and fit points; all of one shape."""
        level = level.astype(np.int64)
        counts = level < Level.DIFFERENT
        score = self.floors[level] + np.where(counts, fit + self.own[rows], 0)
        place = level * 2 + self.marked[rows]
        keys: Numbers = place << CLASS_SHIFT | (MOST_POINTS - score) << RANK_BITS | self.rank[rows]
        return keys

    def read(self, key: int) -> tuple[int, Level, int]:
        """The study's row, its level and its score in one key."""
        row = int(self.row_of_rank[key & ((1 << RANK_BITS) - 1)])
        return row, Level(key >> (CLASS_SHIFT + 1)), MOST_POINTS - (key >> RANK_BITS & MOST_POINTS)

    def bound(self, place: int, score: int) -> int:
        """No key of a class that has at most this score is less."""
        return place << CLASS_SHIFT | (MOST_POINTS - int(score)) << RANK_BITS

    def rows(self, keys: NDArray[Any]) -> Numbers:
        """The studies that keys stand for."""
        rows: Numbers = self.row_of_rank[keys & ((1 << RANK_BITS) - 1)]
        return rows

    def levels(self, keys: NDArray[Any]) -> Numbers:
        """The levels in keys."""
        return keys >> (CLASS_SHIFT + 1)

    def scores(self, keys: NDArray[Any]) -> Numbers:
        """The scores in keys."""
        return MOST_POINTS - (keys >> RANK_BITS & MOST_POINTS)


def _ranks(studies: Sequence[Study]) -> Numbers:
    posted = [-study.posted.toordinal() if study.posted else 0 for study in studies]
    order = sorted(range(len(studies)), key=lambda row: (posted[row], studies[row].key))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _floors(scoring: Scoring) -> Numbers:
    floors = np.zeros(len(Level), dtype=np.int64)
    for name, points in scoring.floors.items():
        floors[Level[name.upper()]] = points
    ratings = [*scoring.relevance.values(), scoring.neutral]
    ratings = [max(ratings) + max([*scoring.strength.values(), scoring.neutral])]
    dates = [points for _, points in scoring.recency]
    most = max(floors) + max(scoring.fit, scoring.related_fit + scoring.related_count)
    if min([0, *floors, *dates]) < 0 or most + max(ratings) + max([0, *dates]) > MOST_POINTS:
        raise ValueError(f"scores must lie between 0 and {MOST_POINTS}")
    return floors
