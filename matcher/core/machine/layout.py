"""Layout: a compiled catalogue as flat arrays: who is made of what, and what it counts.

Studies refer to audiences, audiences to groups, groups to criteria, each distinct one once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level

if TYPE_CHECKING:
    from matcher.core.catalogue import Catalogue

Index = NDArray[np.int64]
Small = NDArray[np.int64]
Words = NDArray[Any]


@dataclass(frozen=True)
class Parts:
    """Which items each owner has: those of owner ``i`` are ``items[starts[i]:starts[i + 1]]``."""

    items: Index
    starts: Index

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Parts:
        """Lists of items, one for each owner, in order; some may be empty."""
        items = np.array([item for one in lists for item in one], dtype=np.int64)
        starts = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in lists], out=starts[1:])
        return cls(items, starts)

    @property
    def owners(self) -> int:
        """How many owners there are."""
        return len(self.starts) - 1

    @cached_property
    def rungs(self) -> tuple[Index, tuple[Index, ...]]:
        """Owners with any item, those with most first; then everybody's first item, second …

        So a reduction over all owners is one operation for each rung, on ever fewer owners.
        """
        lengths = np.diff(self.starts)
        order = np.argsort(-lengths, kind="stable")
        order = order[: np.count_nonzero(lengths)]
        starts, counts = self.starts[order], lengths[order]
        longest = int(counts[0]) if len(counts) else 0
        return order, tuple(
            self.items[starts[: np.count_nonzero(counts > rung)] + rung] for rung in range(longest)
        )

    def reduce(self, how: np.ufunc, values: Words, *, rows: int | None = None) -> Words:
        """Reduce each owner's items, [items × n] to [owners × n]; no items give zeros.

        `rows` asks for more rows than owners; the last ones are zeros.
        """
        owners, rungs = self.rungs
        result = np.zeros((rows or self.owners, values.shape[1]), dtype=values.dtype)
        if rungs:
            reduced = values[rungs[0]]
            for rung in rungs[1:]:
                part = reduced[: len(rung)]
                how(part, values[rung], out=part)
            result[owners] = reduced
        return result

    def spread(self, owners: Index) -> tuple[Index, Index]:
        """All items of some owners in a row, and where each owner's run starts.

        Owners must have at least one item each (for `ufunc.reduceat`).
        """
        lengths = self.starts[owners + 1] - self.starts[owners]
        begins = np.zeros(len(owners), dtype=np.int64)
        np.cumsum(lengths[:-1], out=begins[1:])
        offsets = np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(begins, lengths)
        return self.items[np.repeat(self.starts[owners], lengths) + offsets], begins


@dataclass(frozen=True)
class Layout:
    """A compiled catalogue: parts, and what criteria, groups and levels count.

    `places` says where the program leaves each criterion's truth. `most` is each study's audience
    or -1. `fits_points` and `related_points` are what a group brings that is yes.
    """

    places: Index
    groups: Parts
    supporting: Parts
    audiences: Parts
    most: Index
    most_groups: Parts
    also: Parts
    also_groups: Parts
    weights: Small
    group_total: Small
    fits_points: Small
    related_points: Small
    fit: int
    related_count: int

    @cached_property
    def most_points(self) -> NDArray[np.int64]:
        """The most fit points that a study can get at each level: [levels × studies].

        A study that may fit has, in the group that counts, a criterion that is not yes.
        """
        points = np.zeros((len(Level), len(self.most)), dtype=np.int64)
        points[Level.FITS] = _most(self.most_groups, self.fits_points)
        lightest = self.groups.reduce(np.minimum, self.weights.reshape(-1, 1))[:, 0]
        partial = self.fit * (self.group_total - lightest) // np.maximum(self.group_total, 1)
        points[Level.MAY_FIT] = _most(self.most_groups, partial)
        held = np.minimum(np.diff(self.also.starts), self.related_count)
        points[Level.RELATED] = _most(self.also_groups, self.related_points) + held
        return points

    @cached_property
    def always_most(self) -> NDArray[np.bool_]:
        """The studies that always get the most points when they fit: all groups bring the same."""
        points = self.fits_points.reshape(-1, 1)
        least = self.most_groups.reduce(np.minimum, points)[:, 0]
        alike: NDArray[np.bool_] = np.equal(least, self.most_points[Level.FITS])
        return alike

    @cached_property
    def unlabelled(self) -> NDArray[np.bool_]:
        """The studies that have no audience at all."""
        found: NDArray[np.bool_] = (self.most < 0) & (np.diff(self.also.starts) == 0)
        return found


def lay_out(catalogue: Catalogue, places: Sequence[int]) -> Layout:
    """The lists of a catalogue as arrays; `places` are those of its criteria in the program."""
    scoring, criteria = catalogue.book.scoring, catalogue.criteria
    groups = catalogue.groups
    heaviest = [max(criteria[i].weight for i in group) for group in groups]
    of_none = (*catalogue.audiences, ())  # the last one, -1: a study without an audience
    alternatives = [of_none[number] for number in catalogue.most]
    return Layout(
        places=np.array(places, dtype=np.int64),
        groups=Parts.of(groups),
        supporting=Parts.of([[i for i in group if criteria[i].supports] for group in groups]),
        audiences=Parts.of(catalogue.audiences),
        most=np.array(catalogue.most, dtype=np.int64),
        most_groups=Parts.of(alternatives),
        also=Parts.of(catalogue.also),
        also_groups=Parts.of(
            [[g for a in audiences for g in catalogue.audiences[a]] for audiences in catalogue.also]
        ),
        weights=np.array([c.weight for c in criteria], dtype=np.int64),
        group_total=np.array([sum(criteria[i].weight for i in g) for g in groups], dtype=np.int64),
        fits_points=_points(heaviest, scoring.fit, catalogue.book.heaviest),
        related_points=_points(heaviest, scoring.related_fit, catalogue.book.heaviest),
        fit=scoring.fit,
        related_count=scoring.related_count,
    )


def _most(groups: Parts, points: Small) -> Small:
    most: Small = groups.reduce(np.maximum, points.reshape(-1, 1))[:, 0]
    return most


def _points(heaviest: Sequence[int], fit: int, heaviest_of_all: int) -> Small:
    return np.array([fit * weight // heaviest_of_all for weight in heaviest], dtype=np.int64)
