"""Contradictions: the smallest sets of answers that cannot all be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_


@dataclass(frozen=True)
class Contradiction:
    """Answers that cannot all be right; `rules` are the keys of what they run against."""

    units: tuple[str, ...]
    rules: tuple[str, ...]


def minimal_conflicts(
    literals: Mapping[str, int], conflicts: Callable[[int], bool]
) -> list[tuple[str, ...]]:
    """All minimal sets of units whose literals conflict, smallest first.

    Found by a hitting-set tree: shrink one conflict, then look again without each of its units.
    """

    def joined(units: frozenset[str]) -> int:
        return reduce(or_, (literals[unit] for unit in units), 0)

    def shrink(units: frozenset[str]) -> frozenset[str]:
        for unit in sorted(units):
            if conflicts(joined(units - {unit})):
                units -= {unit}
        return units

    found: set[frozenset[str]] = set()
    seen: set[frozenset[str]] = set()
    waiting = [frozenset(literals)]
    while waiting:
        units = waiting.pop()
        if units in seen:
            continue
        seen.add(units)
        smallest = next((one for one in found if one <= units), None)
        if smallest is None:
            if not conflicts(joined(units)):
                continue
            smallest = shrink(units)
            found.add(smallest)
        waiting.extend(units - {unit} for unit in smallest)
    return sorted((tuple(sorted(one)) for one in found), key=lambda one: (len(one), one))
