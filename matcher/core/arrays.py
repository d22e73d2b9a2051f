"""Arrays: the engine in NumPy alone. Says the same as core.kernel, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.day import NO_KEY, Day, Numbers
from matcher.core.fit import fit_points
from matcher.core.layout import Layout
from matcher.core.levels import Level
from matcher.core.standing import Standing, Words, bits_of, decide, level_rows, stand

MOST_AT_ONCE = 1 << 22
"""Pairs of a study and a person that are unpacked at a time: bounds the memory."""


def standing_of(layout: Layout, yes: Words, can: Words, *, count: int) -> Standing:
    """The levels of all studies for `count` people, from the criteria's truths."""
    return stand(layout, decide(layout, yes, can, count=count))


def all_keys(layout: Layout, day: Day, yes: Words, can: Words, *, count: int) -> Numbers:
    """The key of every study for every person, in the studies' order: [people × studies]."""
    standing = standing_of(layout, yes, can, count=count)
    levels = level_rows(layout, standing)
    fit = np.zeros(levels.shape, dtype=np.int64)
    for level in (Level.FITS, Level.MAY_FIT, Level.RELATED):
        rows, people = _pairs(standing.levels[level], count=count)
        fit[rows, people] = fit_points(layout, standing, level, rows, people)
    rows = np.arange(len(levels), dtype=np.int64).reshape(-1, 1)
    return np.ascontiguousarray(day.keys(levels, fit, rows).T)


def best(
    layout: Layout, day: Day, yes: Words, can: Words, *, count: int, top: int
) -> tuple[Numbers, NDArray[np.int32]]:
    """The best keys of the listed studies, [people × top], and counts by level, [people × 6].

    Where there are fewer studies, `NO_KEY` follows.
    """
    keys = np.full((count, top), NO_KEY, dtype=np.int64)
    counts = np.zeros((count, len(Level)), dtype=np.int32)
    step = max(MOST_AT_ONCE // max(len(layout.most), 1) // 64, 1)
    for start in range(0, yes.shape[1], step):
        part = slice(start, start + step)
        people = slice(start * 64, min(start * 64 + step * 64, count))
        size = people.stop - people.start
        chosen = _Block(layout, day, yes[:, part], can[:, part], size)
        keys[people] = chosen.best(top)
        counts[people] = chosen.counts()
    return keys, counts


class _Block:
    """Some people among all studies."""

    def __init__(self, layout: Layout, day: Day, yes: Words, can: Words, count: int) -> None:
        self.layout, self.day, self.count = layout, day, count
        self.standing = standing_of(layout, yes, can, count=count)

    def counts(self) -> NDArray[np.int32]:
        """How many listed studies are at each level, for each person."""
        found = np.zeros((self.count, len(Level)), dtype=np.int32)
        for level, words in enumerate(self.standing.levels):
            bits = bits_of(words[self.day.listed], count=self.count)
            found[:, level] = bits.sum(axis=0, dtype=np.int32)
        found[:, Level.UNLABELLED] = (self.day.listed & self.layout.unlabelled).sum()
        found[:, Level.DIFFERENT] = self.day.listed.sum() - found.sum(axis=1)
        return found

    def best(self, top: int) -> Numbers:
        """The best keys of each person: class by class, for those who have not enough yet."""
        found = np.full((self.count, top), NO_KEY, dtype=np.int64)
        have = np.zeros(self.count, dtype=np.int64)
        for level in Level:
            for marked in (0, 1):
                needy = have < top
                rows = np.flatnonzero(self.day.listed & (self.day.marked == marked))
                if needy.any() and len(rows):
                    self._take(found, have, level, rows[self._may_be(level, rows)], needy)
        return found

    def _may_be(self, level: Level, rows: Numbers) -> NDArray[np.bool_]:
        unlabelled = self.layout.unlabelled[rows]
        return unlabelled if level == Level.UNLABELLED else ~unlabelled

    def _take(
        self,
        found: Numbers,
        have: Numbers,
        level: Level,
        rows: Numbers,
        needy: NDArray[np.bool_],
    ) -> None:
        """Append the keys of one class of studies, best first, to what the needy have."""
        bits = bits_of(self._words(level, rows), count=self.count)
        bits &= needy
        at, people = np.nonzero(bits)
        fit = fit_points(self.layout, self.standing, level, rows[at], people)
        keys = self.day.keys(np.full(len(at), level), fit, rows[at])
        order = np.lexsort((keys, people))
        keys, people = keys[order], people[order]
        counts = np.bincount(people, minlength=self.count)
        place = np.arange(len(people)) - np.repeat(np.cumsum(counts) - counts, counts)
        place += have[people]
        fitting = place < found.shape[1]
        found[people[fitting], place[fitting]] = keys[fitting]
        have += counts

    def _words(self, level: Level, rows: Numbers) -> Words:
        levels = self.standing.levels
        if level < Level.DIFFERENT:
            return levels[level][rows]
        held: Words = levels[0][rows] | levels[1][rows] | levels[2][rows] | levels[3][rows]
        return ~held


def _pairs(words: Words, *, count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    return np.nonzero(bits_of(words, count=count))
