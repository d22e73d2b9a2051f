"""Trial: whether an executor says what NumPy says, on a small made-up catalogue.

Numba keeps compiled code and looks at one file's age to tell whether it is stale. A constant that
changed in another file, or a compiler's fault, would go unseen: so nothing is used untried.
"""

from __future__ import annotations

from datetime import date
from types import ModuleType

import numpy as np

from matcher.core.machine import arrays
from matcher.core.machine.day import Day
from matcher.core.machine.layout import Layout, Parts

CRITERIA, GROUPS, AUDIENCES, STUDIES = 12, 30, 25, 90
TOP = 7


def agrees(other: ModuleType) -> bool:
    """Whether both give the same keys and counts for 1, 100 and 600 people."""
    rng = np.random.default_rng(seed=1)
    layout = _layout(rng)
    day = _day(rng, layout)
    return all(_alike(other, rng, layout, day, count=count) for count in (1, 100, 600))


def _alike(
    other: ModuleType, rng: np.random.Generator, layout: Layout, day: Day, *, count: int
) -> bool:
    shape = (CRITERIA, -(-count // 64))
    yes, more = rng.integers(0, 2**63, size=(2, *shape), dtype=np.uint64)
    can = yes | more
    found = []
    for one in (arrays, other):
        keys, counts = one.best(layout, day, yes, can, count=count, top=TOP)
        found.append((keys, counts, one.all_keys(layout, day, yes, can, count=count)))
    return all(np.array_equal(mine, theirs) for mine, theirs in zip(*found, strict=True))


def _layout(rng: np.random.Generator) -> Layout:
    def some(count: int, of: int, *, least: int) -> list[list[int]]:
        return [
            sorted(rng.choice(of, size=rng.integers(least, 4), replace=False).tolist())
            for _ in range(count)
        ]

    groups, audiences = some(GROUPS, CRITERIA, least=1), some(AUDIENCES, GROUPS, least=1)
    also = some(STUDIES, AUDIENCES, least=0)
    most = rng.integers(-1, AUDIENCES, size=STUDIES)
    weights = rng.integers(1, 13, size=CRITERIA)
    heaviest = np.array([weights[group].max() for group in groups])

    def through(ones: list[int]) -> list[int]:
        return [group for one in ones for group in audiences[one]]

    return Layout(
        places=np.arange(CRITERIA),
        groups=Parts.of(groups),
        supporting=Parts.of([group[:-1] for group in groups]),
        audiences=Parts.of(audiences),
        most=most,
        most_groups=Parts.of([through([a]) if a >= 0 else [] for a in most.tolist()]),
        also=Parts.of(also),
        also_groups=Parts.of([through(ones) for ones in also]),
        weights=weights,
        group_total=np.array([weights[group].sum() for group in groups]),
        fits_points=14 * heaviest // 12,
        related_points=10 * heaviest // 12,
        fit=14,
        related_count=4,
    )


def _day(rng: np.random.Generator, layout: Layout) -> Day:
    return Day(
        today=date(2000, 1, 1),
        marks=((),) * STUDIES,
        listed=rng.random(STUDIES) < 0.95,
        evidence=rng.integers(0, 7, size=STUDIES),
        recency=rng.integers(0, 5, size=STUDIES),
        marked=rng.integers(0, 2, size=STUDIES),
        rank=rng.permutation(STUDIES),
        floors=np.array([76, 51, 26, 12, 0, 0]),
        most_fit=layout.most_points,
    )
