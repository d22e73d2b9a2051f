"""Packing: a study's whole place in the order as one integer, for engines that sort integers.

From the highest bit: level, marked, 127 - score, turn (date and key). The least is the best.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.bench.contest import NO_AUDIENCE, Answer, Contest
from matcher.core.levels import Level

SCORE_BITS = 7
HIGHEST = (1 << SCORE_BITS) - 1
SCORELESS = (Level.DIFFERENT, Level.UNLABELLED)


class Packing:
    """Packs and unpacks the places of one contest's studies; 28 bits for 100,000 studies."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.bits = max(1, (contest.studies - 1).bit_length())
        self.point = 1 << self.bits
        """What one point more takes off a key."""
        self.row_of = np.argsort(np.asarray(contest.turn), kind="stable")

    def key(self, study: int, level: Level) -> int:
        """The key of a study at a level, without any points for its fit."""
        contest = self.contest
        score = 0 if level in SCORELESS else contest.floors[level] + contest.static[study]
        place = (level * 2 + contest.marked[study]) << SCORE_BITS | HIGHEST - score
        return place << self.bits | contest.turn[study]

    def no_audience(self, study: int) -> bool:
        """Whether the study has nobody in mind, whoever asks."""
        return self.contest.most[study] == NO_AUDIENCE and not self.contest.also[study]

    def bound(self, level: Level) -> int:
        """The least integer above every key of this level or a better one."""
        return (level + 1) * 2 << SCORE_BITS + self.bits

    def levels(self, keys: NDArray[Any]) -> NDArray[Any]:
        """The levels of keys."""
        return keys >> (self.bits + SCORE_BITS + 1)

    def answer(self, counts: NDArray[Any], keys: NDArray[Any]) -> Answer:
        """The answer from counts [n × 6] and the best keys in order [n × k]."""
        scores = HIGHEST - (keys >> self.bits & HIGHEST)
        rows = self.row_of[keys & self.point - 1]
        return Answer(counts=counts, rows=rows, levels=self.levels(keys), scores=scores)

    def answer_of_cumulated(self, cumulated: NDArray[Any], keys: NDArray[Any]) -> Answer:
        """The answer from how many keys lie below each level's bound: [n × 6]."""
        return self.answer(np.diff(cumulated, axis=1, prepend=0), keys)
