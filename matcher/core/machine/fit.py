"""Fit: the points of single pairs of a study and a person, for pairs of one level at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.core.machine.layout import Layout, Parts
from matcher.core.machine.standing import Standing

Index = NDArray[np.int64]
Words = NDArray[Any]


def fit_points(
    layout: Layout, standing: Standing, level: int, rows: Index, people: Index
) -> NDArray[np.int64]:
    """The fit points of pairs (rows[i], people[i]), all of which are of `level`."""
    if level > Level.RELATED or not len(rows):
        return np.zeros(len(rows), dtype=np.int64)
    if level == Level.FITS:
        return _best_group(layout.most_groups, layout.fits_points, standing, rows, people)
    if level == Level.MAY_FIT:
        return _may_fit(layout, standing, rows, people)
    points = _best_group(layout.also_groups, layout.related_points, standing, rows, people)
    audiences, begins, of = _spread(layout.also, rows)
    held = _bits(standing.audience_yes, audiences, people[of])
    return points + np.minimum(np.add.reduceat(held, begins), layout.related_count)


def _best_group(
    groups_of: Parts, points: Index, standing: Standing, rows: Index, people: Index
) -> Index:
    """What the best group that is yes brings."""
    groups, begins, of = _spread(groups_of, rows)
    held = _bits(standing.verdicts.group_yes, groups, people[of])
    best: Index = np.maximum.reduceat(held * points[groups], begins)
    return best


def _may_fit(layout: Layout, standing: Standing, rows: Index, people: Index) -> Index:
    """The share of the satisfied weight in the best group that is not no."""
    verdicts = standing.verdicts
    groups, begins, of = _spread(layout.most_groups, rows)
    criteria, group_begins, of_group = _spread(layout.groups, groups)
    held = _bits(verdicts.yes, criteria, people[of][of_group])
    satisfied = np.add.reduceat(held * layout.weights[criteria], group_begins)
    points = layout.fit * satisfied // np.maximum(layout.group_total[groups], 1)
    points *= _bits(verdicts.group_can, groups, people[of])
    best: Index = np.maximum.reduceat(points, begins)
    return best


def _spread(parts: Parts, owners: Index) -> tuple[Index, Index, Index]:
    """All items of some owners in a row, where each owner's run starts, and whose each item is."""
    items, begins = parts.spread(owners)
    of = np.zeros(len(items), dtype=np.int64)
    of[begins[1:]] = 1
    return items, begins, np.cumsum(of)


def _bits(words: Words, rows: Index, people: Index) -> Index:
    """The bits of single people in single rows."""
    width = words.dtype.itemsize * 8
    shift = (people % width).astype(words.dtype)
    found: Index = (words[rows, people // width] >> shift & words.dtype.type(1)).astype(np.int64)
    return found
