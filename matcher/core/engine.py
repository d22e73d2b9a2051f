"""Engine: the one place that decides levels and scores, for one person or for many at once.

Answers become facts (core.finder), facts become the truths of all distinct criteria
(core.machine.program), and those become levels, points and order (core.machine.arrays, or the
kernel, which says the same bit for bit: core.machine.executors). A person is a batch of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.catalogue import Catalogue
from matcher.core.facts import Facts
from matcher.core.machine import arrays
from matcher.core.machine.day import NO_KEY, Day, Numbers
from matcher.core.machine.executors import executor
from matcher.core.machine.people import People, Planes
from matcher.core.machine.standing import Words, bits_of, level_rows, rows_of


@dataclass(frozen=True)
class Truths:
    """Verdicts as values of `Truth`: [criteria × people], and of each "most" [studies × people]."""

    criteria: NDArray[np.uint8]
    most: NDArray[np.uint8]


@dataclass(frozen=True)
class Best:
    """The first listed studies of each person by key, best first, and all counted by level.

    `keys` is [people × top], filled up with `NO_KEY`; `counts` is [people × levels].
    """

    day: Day
    keys: Numbers
    counts: NDArray[np.int32]

    @property
    def rows(self) -> Numbers:
        """The studies' rows, -1 where there is none: [people × top]."""
        rows = np.full(self.keys.shape, -1, dtype=np.int64)
        found = self.keys != NO_KEY
        rows[found] = self.day.rows(self.keys[found])
        return rows

    @property
    def levels(self) -> Numbers:
        """Their levels: [people × top]."""
        return self.day.levels(self.keys)

    @property
    def scores(self) -> Numbers:
        """Their scores: [people × top]."""
        return self.day.scores(self.keys)


def decide(catalogue: Catalogue, people: Sequence[Facts]) -> Truths:
    """The truth of every criterion and of every "most" audience for every person."""
    many = People.of(people, size=catalogue.finder.vocabulary.size)
    yes, can = conditions(catalogue, many)
    standing = arrays.standing_of(catalogue.layout, yes, can, count=many.count)
    return Truths(
        criteria=_values(yes, can, many.count),
        most=_values(standing.most_yes, standing.most_can, many.count),
    )


def levels_of(catalogue: Catalogue, people: People) -> NDArray[np.uint8]:
    """The level of each study for each person, [studies × people], as values of `Level`."""
    yes, can = conditions(catalogue, people)
    standing = executor().standing_of(catalogue.layout, yes, can, count=people.count)
    return level_rows(catalogue.layout, standing)


def keys_of(catalogue: Catalogue, day: Day, people: People, *, using: str | None = None) -> Numbers:
    """The key (see core.machine.day) of each study for each person: [people × studies]."""
    yes, can = conditions(catalogue, people)
    keys: Numbers = executor(using).all_keys(catalogue.layout, day, yes, can, count=people.count)
    return keys


def best_of(
    catalogue: Catalogue, day: Day, people: People, *, top: int, using: str | None = None
) -> Best:
    """The `top` listed studies of each person."""
    truths = conditions(catalogue, people)
    return best_from(catalogue, day, truths, count=people.count, top=top, using=using)


def best_from(
    catalogue: Catalogue,
    day: Day,
    truths: tuple[Words, Words],
    *,
    count: int,
    top: int,
    using: str | None = None,
) -> Best:
    """The same from what `conditions` gave for `count` people."""
    best = executor(using).best
    return Best(day, *best(catalogue.layout, day, *truths, count=count, top=top))


def conditions(catalogue: Catalogue, people: People) -> tuple[Words, Words]:
    """The truth of every distinct criterion for everybody: `yes` and `can`, [criteria × words]."""
    yes, can = catalogue.program.run(people)
    places = catalogue.layout.places.tolist()
    return _rows(yes, places, people.count), _rows(can, places, people.count)


def _rows(planes: Planes, places: Sequence[int], count: int) -> Words:
    return rows_of([planes[place] for place in places], count=count)


def _values(yes: Words, can: Words, count: int) -> Any:
    return bits_of(yes, count=count) + bits_of(can, count=count)
