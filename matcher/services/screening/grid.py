"""Grid: how many people and many studies stand to each other, all pairs at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.engine import keys_of
from matcher.core.levels import Level
from matcher.core.machine.day import Numbers
from matcher.core.study import Study
from matcher.services.matching import Matcher

MOST_PAIRS = 2_000_000
MOST_PEOPLE = 2048
"""A block holds no more pairs and no more people than this: memory grows with them alone, to some
55 MB while a block is made; 9 bytes a pair are kept."""


@dataclass(frozen=True)
class Grid:
    """Levels and keys (see core.machine.day), [people × studies], of listed studies only.

    Column ``c`` is ``studies[c]``, row ``rows[c]`` of the catalogue; person ``p`` is the one with
    number ``start + p`` of all that were given. Superseded and retracted studies have no column.
    """

    studies: tuple[Study, ...]
    rows: Numbers
    levels: NDArray[np.uint8]
    keys: Numbers
    start: int = 0

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Whether a study may still come nearer to a person: it may fit, or is open."""
        return unsettled(self.levels)

    def ranked(self, person: int) -> Numbers:
        """The columns in the order in which one person sees the studies, best first."""
        order: Numbers = np.argsort(self.keys[person])
        return order

    def counts(self) -> NDArray[np.int64]:
        """How many people stand at which level to each study: [studies × levels]."""
        return np.stack([(self.levels == level).sum(axis=0) for level in Level], axis=1)


def unsettled(levels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which levels some answer may still change: it may fit, or is open."""
    waits: NDArray[np.bool_] = (levels == Level.MAY_FIT) | (levels == Level.OPEN)
    return waits


def screen(matcher: Matcher, people: Sequence[Answers], *, today: date) -> Grid:
    """All pairs of people and listed studies on a day: 9 bytes for each pair are kept."""
    blocks = list(screen_in_blocks(matcher, people, today=today))
    if len(blocks) == 1:
        return blocks[0]
    empty = _grid(matcher, (), today, 0)
    blocks = blocks or [empty]
    return Grid(
        empty.studies,
        empty.rows,
        np.concatenate([block.levels for block in blocks]),
        np.concatenate([block.keys for block in blocks]),
    )


def screen_in_blocks(matcher: Matcher, people: Iterable[Answers], *, today: date) -> Iterator[Grid]:
    """The same, some people at a time and in their order; earlier blocks are not kept."""
    size = max(1, min(MOST_PEOPLE, MOST_PAIRS // max(1, len(matcher.catalogue.studies))))
    rest, start = iter(people), 0
    while some := tuple(islice(rest, size)):
        yield _grid(matcher, some, today, start)
        start += len(some)


def _grid(matcher: Matcher, people: Sequence[Answers], today: date, start: int) -> Grid:
    catalogue = matcher.catalogue
    day = catalogue.on(today)
    rows = np.flatnonzero(day.listed)
    studies = tuple(catalogue.studies[row] for row in rows.tolist())
    if not people or not len(rows):
        shape = (len(people), len(rows))
        return Grid(studies, rows, np.zeros(shape, np.uint8), np.zeros(shape, np.int64), start)
    keys = keys_of(catalogue, day, catalogue.finder.people(people, today=today))[:, rows]
    return Grid(studies, rows, day.levels(keys).astype(np.uint8), keys, start)
