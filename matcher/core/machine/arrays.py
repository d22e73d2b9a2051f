"""Arrays: the engine in NumPy alone. Says the same as core.machine.kernel, bit for bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.core.machine.day import NO_KEY, Day, Numbers
from matcher.core.machine.fit import fit_points
from matcher.core.machine.layout import Layout
from matcher.core.machine.standing import Standing, Words, bits_of, decide, level_rows, stand

MOST_AT_ONCE = 1 << 22
"""Pairs of a study and a person that are unpacked at a time: bounds the memory."""
FIRST_LOOK = 64
"""So many studies of a class are looked at first, then twice as many, and so on."""


def standing_of(layout: Layout, yes: Words, can: Words, *, count: int) -> Standing:
    """The levels of all studies for `count` people, from the criteria's truths."""
    return stand(layout, decide(layout, yes, can, count=count))


def all_keys(layout: Layout, day: Day, yes: Words, can: Words, *, count: int) -> Numbers:
    """The key of every study for every person, in the studies' order: [people × studies]."""
    standing = standing_of(layout, yes, can, count=count)
    levels = level_rows(layout, standing)
    fit = np.zeros(levels.shape, dtype=np.int64)
    for level in (Level.FITS, Level.MAY_FIT, Level.RELATED):
        rows, people = np.nonzero(bits_of(standing.levels[level], count=count))
        fit[rows, people] = fit_points(layout, standing, level, rows, people)
    every = np.arange(len(levels), dtype=np.int64).reshape(-1, 1)
    return np.ascontiguousarray(day.keys(levels, fit, every).T)


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
        """The best keys of each person: class by class, those that can score most first.

        Whoever has enough that nothing later can come before is left out: see kernel.py.
        """
        found = np.full((self.count, top), NO_KEY, dtype=np.int64)
        classes = self.day.classes
        for place, (first, end) in enumerate(pairwise(classes.starts.tolist())):
            level = Level(place // 2)
            start, size = first, FIRST_LOOK
            while start < end:
                rows = classes.rows[start : min(start + size, end)]
                most = classes.most[level, rows[0]]
                bound = self.day.bound(place, most)
                waiting = np.flatnonzero(found[:, -1] >= bound)
                if not len(waiting):
                    break
                found[waiting] = self._merged(found[waiting], level, rows, waiting)
                start, size = start + size, size * 2
        return found

    def _merged(self, found: Numbers, level: Level, rows: Numbers, people: Numbers) -> Numbers:
        """The best of what some people have and of some studies of one level."""
        bits = bits_of(self._words(level, rows), count=self.count)[:, people]
        who, at = np.nonzero(bits.T)
        fit = fit_points(self.layout, self.standing, level, rows[at], people[who])
        keys = self.day.keys(np.full(len(at), level), fit, rows[at])
        counts = np.bincount(who, minlength=len(people))
        beside = np.full((len(people), int(counts.max(initial=0))), NO_KEY, dtype=np.int64)
        place = np.arange(len(who)) - np.repeat(np.cumsum(counts) - counts, counts)
        beside[who, place] = keys
        merged = np.concatenate([found, beside], axis=1)
        merged.sort(axis=1)
        return merged[:, : found.shape[1]]

    def _words(self, level: Level, rows: Numbers) -> Words:
        """For whom studies are of a level: [rows × words]."""
        levels = self.standing.levels
        if level < Level.DIFFERENT:
            return levels[level][rows]
        held: Words = levels[0][rows] | levels[1][rows] | levels[2][rows] | levels[3][rows]
        held[self.layout.unlabelled[rows] != (level == Level.UNLABELLED)] = ~held.dtype.type(0)
        return ~held
