"""Native: the engine by kernel.py, if Numba is installed. Says the same as arrays.py."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.core.machine import kernel
from matcher.core.machine.day import NO_KEY, Day, Numbers
from matcher.core.machine.layout import Layout
from matcher.core.machine.offsets import At
from matcher.core.machine.standing import Standing, Verdicts, Words

PLANES = {
    "yes": "criteria",
    "can": "criteria",
    "group_yes": "groups",
    "group_can": "groups",
    "group_may": "groups",
    "audience_yes": "audiences",
    "audience_can": "audiences",
    "audience_may": "audiences",
    "level": "studies",
}
"""The rows of planes in their order, and of what there are so many."""


def standing_of(layout: Layout, yes: Words, can: Words, *, count: int) -> Standing:
    """The levels of all studies for `count` people, from the criteria's truths."""
    at, table = _lists(layout, None)
    rows = _decided(at, table, yes, can)

    def part(start: int, size: int) -> Words:
        return rows[start : start + size]

    audience_yes = part(at.audience_yes, at.audiences + 1)
    audience_can = part(at.audience_can, at.audiences + 1)
    groups = [part(start, at.groups) for start in (at.group_yes, at.group_can, at.group_may)]
    fits, may, related, unsure = (part(at.level + i * at.studies, at.studies) for i in range(4))
    return Standing(
        verdicts=Verdicts(count, part(at.yes, at.criteria), part(at.can, at.criteria), *groups),
        audience_yes=audience_yes,
        most_yes=audience_yes[layout.most],
        most_can=audience_can[layout.most],
        levels=(fits, may, related, unsure),
    )


def all_keys(layout: Layout, day: Day, yes: Words, can: Words, *, count: int) -> Numbers:
    """The key of every study for every person, in the studies' order: [people × studies]."""
    at, table = _lists(layout, day)
    keys = np.empty((count, at.studies), dtype=np.int64)
    kernel.all_keys(at, table, _decided(at, table, yes, can), keys)
    return keys


def best(
    layout: Layout, day: Day, yes: Words, can: Words, *, count: int, top: int
) -> tuple[Numbers, NDArray[np.int32]]:
    """The best keys of the listed studies, [people × top], and counts by level, [people × 6].

    Where there are fewer studies, `NO_KEY` follows.
    """
    at, table = _lists(layout, day)
    keys = np.full((count, top), NO_KEY, dtype=np.int64)
    counts = np.zeros((count, len(Level)), dtype=np.int32)
    rows = np.empty((_height(at), min(kernel.BLOCK, yes.shape[1])), dtype=np.uint64)
    kernel.best(at, table, yes.astype(np.uint64), can.astype(np.uint64), rows, keys, counts)
    return keys, counts


def _decided(at: At, table: Numbers, yes: Words, can: Words) -> Words:
    """All rows of planes, filled from the criteria's."""
    rows: Words = np.empty((_height(at), yes.shape[1]), dtype=np.uint64)
    rows[[at.audience_yes + at.audiences, at.audience_can + at.audiences]] = 0
    rows[at.yes : at.yes + at.criteria] = yes
    rows[at.can : at.can + at.criteria] = can
    kernel.decide(at, table, rows, yes.shape[1])
    return rows


def _height(at: At) -> int:
    return at.level + Level.DIFFERENT * at.studies


def _lists(layout: Layout, day: Day | None) -> tuple[At, Numbers]:
    """All integers in one table, and where everything begins; kept where they came from."""
    keeper: Any = day or layout
    kept = keeper.__dict__.get("_native")
    if kept is None:
        kept = keeper.__dict__["_native"] = _laid_in_a_row(layout, day)
    found: tuple[At, Numbers] = kept
    return found


def _laid_in_a_row(layout: Layout, day: Day | None) -> tuple[At, Numbers]:
    lists = _of_layout(layout) | (_of_day(day) if day else {})
    sizes = {
        "criteria": len(layout.weights),
        "groups": layout.groups.owners,
        "audiences": layout.audiences.owners,
        "studies": len(layout.most),
        "fit": layout.fit,
        "related_count": layout.related_count,
    }
    planes = {name: sizes[owner] for name, owner in PLANES.items()}
    planes["audience_yes"] += 1  # the row that stays empty, of the audience that a study has not
    planes["audience_can"] += 1
    at = dict.fromkeys(At._fields, -1) | sizes
    at |= _begins({name: one.size for name, one in lists.items()}) | _begins(planes)
    table = np.concatenate([one.reshape(-1).astype(np.int64) for one in lists.values()])
    return At(**at), table


def _begins(sizes: Mapping[str, int]) -> dict[str, int]:
    """Where each begins, if they stand one after the other."""
    ends = accumulate(sizes.values(), initial=0)
    return dict(zip(sizes, ends, strict=False))


def _of_layout(layout: Layout) -> dict[str, NDArray[Any]]:
    return {
        "group_starts": layout.groups.starts,
        "group_items": layout.groups.items,
        "supporting_starts": layout.supporting.starts,
        "supporting_items": layout.supporting.items,
        "audience_starts": layout.audiences.starts,
        "audience_items": layout.audiences.items,
        "also_starts": layout.also.starts,
        "also_items": layout.also.items,
        "most": layout.most,
        "weights": layout.weights,
        "group_total": layout.group_total,
        "fits_points": layout.fits_points,
        "related_points": layout.related_points,
        "unlabelled": layout.unlabelled,
        "always_most": layout.always_most,
    }


def _of_day(day: Day) -> dict[str, NDArray[Any]]:
    return {
        "floors": day.floors,
        "own": day.own,
        "marked": day.marked,
        "rank": day.rank,
        "listed": day.listed,
        "class_starts": day.classes.starts,
        "class_rows": day.classes.rows,
        "most_score": day.classes.most,
    }
