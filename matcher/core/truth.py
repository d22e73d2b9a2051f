"""Truth: the three values of Kleene's strong logic, ordered no < unknown < yes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """What is known of a statement. The order is the logic: "and" is min, "or" is max."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def word(self) -> str:
        """The public word: ``yes``, ``no`` or ``unknown``."""
        return self.name.lower()


def every(values: Iterable[Truth]) -> Truth:
    """Kleene's "and"; of nothing it is yes."""
    return min(values, default=Truth.YES)


def some(values: Iterable[Truth]) -> Truth:
    """Kleene's "or"; of nothing it is no."""
    return max(values, default=Truth.NO)


def opposite(value: Truth) -> Truth:
    """Kleene's "not": yes and no change places, unknown stays."""
    return Truth(2 - value)
