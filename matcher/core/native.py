"""Native: the engine by core.kernel, if Numba is installed. Says the same as core.arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.core import kernel
from matcher.core.day import NO_KEY, Day, Numbers
from matcher.core.layout import Layout
from matcher.core.levels import Level
from matcher.core.standing import Standing, Verdicts, Words

BLOCK = 8
"""Words of 64 people that are decided at a time: a row is one cache line."""


def standing_of(layout: Layout, yes: Words, can: Words, *, count: int) -> Standing:
    """The levels of all studies for `count` people, from the criteria's truths."""
    yes, can = _words(yes), _words(can)
    size = yes.shape[1]
    group = np.empty((3, layout.groups.owners, size), dtype=np.uint64)
    audience = np.empty((3, layout.audiences.owners + 1, size), dtype=np.uint64)
    planes = np.empty((4, len(layout.most), size), dtype=np.uint64)
    kernel.decide(_lay(layout), yes, can, group, audience, planes, size)
    return Standing(
        verdicts=Verdicts(count, yes, can, *group),
        audience_yes=audience[0],
        most_yes=audience[0][layout.most],
        most_can=audience[1][layout.most],
        levels=(planes[0], planes[1], planes[2], planes[3]),
    )


def all_keys(layout: Layout, day: Day, yes: Words, can: Words, *, count: int) -> Numbers:
    """The key of every study for every person, in the studies' order: [people × studies]."""
    yes, can = _words(yes), _words(can)
    size = yes.shape[1]
    group = np.empty((3, layout.groups.owners, size), dtype=np.uint64)
    audience = np.empty((3, layout.audiences.owners + 1, size), dtype=np.uint64)
    planes = np.empty((4, len(layout.most), size), dtype=np.uint64)
    lay = _lay(layout)
    kernel.decide(lay, yes, can, group, audience, planes, size)
    keys = np.empty((count, len(layout.most)), dtype=np.int64)
    kernel.all_keys(lay, _times(layout, day), yes, group, audience, planes, keys)
    return keys


def best(
    layout: Layout, day: Day, yes: Words, can: Words, *, count: int, top: int
) -> tuple[Numbers, NDArray[np.int32]]:
    """The best keys of the listed studies, [people × top], and counts by level, [people × 6].

    Where there are fewer studies, `NO_KEY` follows.
    """
    keys = np.full((count, top), NO_KEY, dtype=np.int64)
    counts = np.zeros((count, len(Level)), dtype=np.int32)
    times = _times(layout, day)
    kernel.best(_lay(layout), times, _words(yes), _words(can), BLOCK, keys, counts)
    return keys, counts


def _words(rows: Words) -> Words:
    return np.ascontiguousarray(rows, dtype=np.uint64)


def _lay(layout: Layout) -> kernel.Lay:
    return kernel.Lay(
        layout.groups.starts,
        layout.groups.items,
        layout.supporting.starts,
        layout.supporting.items,
        layout.audiences.starts,
        layout.audiences.items,
        layout.also.starts,
        layout.also.items,
        layout.most,
        layout.weights,
        layout.group_total,
        layout.fits_points,
        layout.related_points,
        layout.unlabelled,
        layout.fit,
        layout.most_fit,
        layout.related_count,
    )


def _times(layout: Layout, day: Day) -> kernel.Times:
    starts, rows = day.classes
    return kernel.Times(
        day.floors,
        day.own,
        day.marked,
        day.rank,
        day.listed,
        int(np.count_nonzero(day.listed)),
        int(np.count_nonzero(day.listed & layout.unlabelled)),
        starts,
        rows,
    )
