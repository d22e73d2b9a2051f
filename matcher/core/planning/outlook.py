"""Outlook: how the listed studies stand to several hypothetical people, in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import best_from, conditions
from matcher.core.levels import Level
from matcher.core.machine.executors import executor
from matcher.core.machine.standing import level_rows

FIRST_PAGE = 10
BEST = 5
FURTHER_DOWN = 0.3
"""What a wanted study is worth on the first page, but not among the best of it."""
NONE = -1

Numbers = NDArray[np.int64]
Page = NDArray[np.int64]


@dataclass(frozen=True)
class Outlook:
    """`levels` is [people × studies], for the people whose levels were asked for, the first ones;
    of hidden studies as if nothing was said of them.

    `rows` and `standing` are everybody's first page, studies' rows and their levels:
    [people × places], rows `NONE` where the list ends.
    """

    levels: NDArray[np.uint8]
    rows: Numbers
    standing: Numbers

    @cached_property
    def page(self) -> Page:
        """Row and level of each place in one number: [people × places]."""
        return self.rows * (len(Level) + 1) + self.standing

    @cached_property
    def shown(self) -> Numbers:
        """The rows of the first page that are shown as concerning the person, else `NONE`."""
        return np.where(self.standing <= Level.RELATED, self.rows, NONE)

    @cached_property
    def moved(self) -> NDArray[np.bool_]:
        """Whether a study stands at another level than for the first person: [people × studies]."""
        return np.asarray(self.levels != self.levels[:1], dtype=bool)

    def changes(self, person: int) -> dict[tuple[Level, Level], int]:
        """How many studies stand at which level for the first person and at which other for this
        one, in the order of levels.
        """
        if person == 0:
            return {}
        kinds = len(Level)
        counts = np.bincount(self._before + self.levels[person])
        return {
            (Level(kind // kinds), Level(kind % kinds)): int(counts[kind])
            for kind in np.flatnonzero(counts).tolist()
            if kind // kinds != kind % kinds
        }

    @cached_property
    def _before(self) -> NDArray[np.uint8]:
        return np.asarray(self.levels[0] * len(Level), dtype=np.uint8)

    def page_changes(self, page: Page) -> NDArray[np.float64]:
        """How much everybody's first page differs from another: how many studies are new there or
        stand at another level; one that only moved counts a tenth of that.
        """
        known = (self.page[:, :, None] == page).any(axis=2)
        moved: Any = self.page != page
        changes: NDArray[np.float64] = (~known).sum(axis=1) + 0.1 * moved.sum(axis=1)
        return changes

    def seen(self, columns: Sequence[int], goals: Numbers) -> NDArray[np.float64]:
        """How many of the goals [people × best] each column shows among its best, in order.

        Those that it shows further down the first page count less.
        """
        shown = self.shown[list(columns)]
        found = (shown[:, :, None] == goals[:, None, :]) & (goals != NONE)[:, None, :]
        among_best = found[:, :BEST].sum(axis=(1, 2))
        further_down = found[:, BEST:].sum(axis=(1, 2))
        return np.asarray(among_best + FURTHER_DOWN * further_down, dtype=np.float64)


def look(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, levels: int | None = None
) -> Outlook:
    """How the studies of the catalogue stand to these people: everybody's first page, and all
    levels for the first `levels` people (all of them if None).
    """
    everybody = catalogue.finder.people(people, today=today)
    day = catalogue.on(today)
    truths = conditions(catalogue, everybody)
    best = best_from(catalogue, day, truths, count=len(people), top=FIRST_PAGE)
    count = len(people) if levels is None else levels
    yes, can = (np.ascontiguousarray(words[:, : -(-count // 64)]) for words in truths)
    standing = executor().standing_of(catalogue.layout, yes, can, count=count)
    found = np.ascontiguousarray(level_rows(catalogue.layout, standing).T)
    found[:, ~day.listed] = Level.UNLABELLED
    rows = best.rows
    return Outlook(found, rows, np.where(rows == NONE, len(Level), best.levels))
