"""Plain: the levels and scores of docs/interface.md in straightforward Python, person by person."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or

TITLE = "Plain Python"
PACKAGES: tuple[str, ...] = ()
METHOD = "trees read recursively; each tag, criterion, group and audience once for each person"
NO, UNKNOWN, YES = 0, 1, 2


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over lists of facts, one list for each person."""
    people = columns.T.tolist()
    reader = _Reader(contest)
    return lambda: reader.answer(people)


def value(expression: Expression, values: list[int]) -> int:
    """Kleene's value of a tree: "and" is the least, "or" the greatest, "not" the mirror."""
    match expression:
        case Atom(index):
            return values[index]
        case And(parts):
            return min(value(part, values) for part in parts)
        case Or(parts):
            return max(value(part, values) for part in parts)
        case Inverse(part):
            return YES - value(part, values)
        case Known(part):
            return YES if value(part, values) == YES else NO
        case Constant(fixed):
            return int(fixed)


class _Reader:
    def __init__(self, contest: Contest) -> None:
        self.contest = contest

    def answer(self, people: list[list[int]]) -> Answer:
        contest = self.contest
        counts = np.zeros((len(people), len(Level)), dtype=np.int64)
        best = np.zeros((3, len(people), contest.best), dtype=np.int64)
        for person, facts in enumerate(people):
            told = self._studies(facts)
            for level, *_ in told:
                counts[person, level] += 1
            first = heapq.nsmallest(contest.best, told)
            for place, (level, _, minus_score, _, row) in enumerate(first):
                best[:, person, place] = row, level, -minus_score
        return Answer(counts, *best)

    def _studies(self, facts: list[int]) -> list[tuple[int, bool, int, int, int]]:
        """Of every study: level, marked, minus its score, turn and row; the least is the best."""
        contest = self.contest
        tags = [value(tag, facts) for tag in contest.tags]
        criteria = [value(criterion, tags) for criterion in contest.criteria]
        groups = [min(criteria[i] for i in group) for group in contest.groups]
        audiences = [max(groups[i] for i in audience) for audience in contest.audiences]
        told = []
        for row in range(contest.studies):
            level, points = self._level(row, criteria, groups, audiences)
            score = 0
            if level < Level.DIFFERENT:
                score = contest.floors[level] + points + contest.static[row]
            told.append((int(level), contest.marked[row], -score, contest.turn[row], row))
        return told

    def _level(
        self, row: int, criteria: list[int], groups: list[int], audiences: list[int]
    ) -> tuple[Level, int]:
        """The first level that holds, and the points for the fit."""
        contest = self.contest
        place, also = contest.most[row], contest.also[row]
        if place == NO_AUDIENCE and not also:
            return Level.UNLABELLED, 0
        most = NO if place == NO_AUDIENCE else audiences[place]
        of_most = () if place == NO_AUDIENCE else contest.audiences[place]
        if most == YES:
            weight = max(self._heaviest(i) for i in of_most if groups[i] == YES)
            return Level.FITS, contest.fit * weight // contest.heaviest
        possible = [i for i in of_most if groups[i] != NO]
        if most == UNKNOWN and any(self._supported(i, criteria) for i in possible):
            return Level.MAY_FIT, max(self._share(i, criteria) for i in possible)
        held = [audience for audience in also if audiences[audience] == YES]
        if held:
            satisfied = [i for a in held for i in contest.audiences[a] if groups[i] == YES]
            weight = max(map(self._heaviest, satisfied))
            points = contest.related_fit * weight // contest.heaviest
            return Level.RELATED, points + min(contest.related_count, len(held))
        if most == UNKNOWN or any(audiences[audience] == UNKNOWN for audience in also):
            return Level.OPEN, 0
        return Level.DIFFERENT, 0

    def _heaviest(self, group: int) -> int:
        return max(self.contest.weights[i] for i in self.contest.groups[group])

    def _supported(self, group: int, criteria: list[int]) -> bool:
        contest = self.contest
        return any(contest.supports[i] and criteria[i] == YES for i in contest.groups[group])

    def _share(self, group: int, criteria: list[int]) -> int:
        weights: Any = self.contest.weights
        ids = self.contest.groups[group]
        satisfied = sum(weights[i] for i in ids if criteria[i] == YES)
        return int(self.contest.fit * satisfied // sum(weights[i] for i in ids))
