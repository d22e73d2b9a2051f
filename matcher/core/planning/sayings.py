"""Sayings: what single answers say, as literals; found once and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.core.answers import Answers, Value
from matcher.core.finder import FactFinder

NO_DAY = date(1, 1, 1)
"""Answers that are tried carry no month, so the day does not matter."""


@dataclass(frozen=True)
class Said:
    """An answer to `unit` and what it says: for certain, or all that it `brings`; both closed."""

    unit: str
    value: Value
    hard: int
    brings: int


class Sayings:
    """What answers say under one rulebook."""

    def __init__(self, finder: FactFinder) -> None:
        self.finder = finder
        self.closure = finder.closure
        attributes = finder.vocabulary.book.attributes.values()
        self.merged: dict[str, tuple[str, ...]] = {}
        """The lists that a list is read together with, by key."""
        for one in attributes:
            if one.merged_from:
                for key, other in ((one.key, one.merged_from), (one.merged_from, one.key)):
                    self.merged[key] = (*self.merged.get(key, ()), other)
        self.several = finder.encoder.panels.keys()
        """The results that stand for several genes, as key and gene."""
        self._said: dict[tuple[object, ...], Said] = {}

    def of(self, key: str, value: Value) -> Said:
        """What one answer says by itself; of results, that of one gene."""
        name = (key, *value.items()) if isinstance(value, Mapping) else (key, value)
        said = self._said.get(name)
        if said is None:
            encoded = self.finder.encoder.encode(Answers({key: value}), today=NO_DAY)
            hard = brings = 0
            for one in encoded.values():
                hard |= one.hard
                brings |= one.hard | one.silent
            close = self.closure.close
            unit = ".".join([key, *value]) if isinstance(value, Mapping) else key
            said = self._said[name] = Said(unit, value, close(hard), close(brings))
        return said

    def certain(self, answers: Answers, *, today: date) -> int:
        """What answers say together that no further answer changes, as literals, closed."""
        together = 0
        for one in self.finder.encoder.encode(answers, today=today).values():
            together |= one.hard
        return self.closure.close(together)

    def contradicts(self, hard: int, known: int) -> bool:
        """Whether something cannot be said beside what is known."""
        return self.closure.conflict(self.closure.close(hard, beside=known)) != 0
