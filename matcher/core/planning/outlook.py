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
from matcher.core.engine import best_of, levels_of
from matcher.core.levels import Level

FIRST_PAGE = 10
BEST = 5
FURTHER_DOWN = 0.3
"""What a wanted study is worth on the first page, but not among the best of it."""
NONE = -1

Numbers = NDArray[np.int64]
Page = NDArray[np.int64]


@dataclass(frozen=True)
class Outlook:
    """`levels` is [studies × people], of hidden studies as if nothing was said of them.

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
        return np.ascontiguousarray((self.levels != self.levels[:, :1]).T)

    @cached_property
    def changes(self) -> list[list[tuple[int, int, int]]]:
        """For each person: (level before, level after, how many studies), in the order of levels.

        Before means for the first person.
        """
        kinds = len(Level) ** 2
        people, rows = np.nonzero(self.moved)
        before, after = self.levels[rows, 0].astype(np.intp), self.levels[rows, people]
        codes = people * kinds + before * len(Level) + after
        counts = np.bincount(codes, minlength=self.levels.shape[1] * kinds).reshape(-1, kinds)
        changes: list[list[tuple[int, int, int]]] = [[] for _ in counts]
        for person, kind in zip(*(one.tolist() for one in np.nonzero(counts)), strict=True):
            count = int(counts[person, kind])
            changes[person].append((kind // len(Level), kind % len(Level), count))
        return changes

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


def look(catalogue: Catalogue, people: Sequence[Answers], *, today: date) -> Outlook:
    """How all studies of the catalogue stand to these people."""
    everybody = catalogue.finder.people(people, today=today)
    day = catalogue.on(today)
    levels = levels_of(catalogue, everybody)
    levels[~day.listed] = Level.UNLABELLED
    best = best_of(catalogue, day, everybody, top=FIRST_PAGE)
    rows = best.rows
    return Outlook(levels, rows, np.where(rows == NONE, len(Level), best.levels))
