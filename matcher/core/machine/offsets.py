"""Offsets: where everything begins in the kernel's two arrays (see core.machine.kernel)."""

from __future__ import annotations

from typing import NamedTuple


class At(NamedTuple):
    """How many there are of each; where the lists begin in `table`, and the planes in `rows`."""

    criteria: int
    groups: int
    audiences: int
    studies: int
    fit: int
    related_count: int
    group_starts: int
    group_items: int
    supporting_starts: int
    supporting_items: int
    audience_starts: int
    audience_items: int
    also_starts: int
    also_items: int
    most: int
    weights: int
    group_total: int
    fits_points: int
    related_points: int
    unlabelled: int
    always_most: int
    floors: int
    own: int
    marked: int
    rank: int
    listed: int
    class_starts: int
    class_rows: int
    most_score: int
    yes: int
    can: int
    group_yes: int
    group_can: int
    group_may: int
    audience_yes: int
    audience_can: int
    audience_may: int
    level: int
