"""Facts: all that is known of a person from their answers, and what each fact rests on."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.core.finding.contradictions import Contradiction
from matcher.core.truth import Truth


@dataclass(frozen=True)
class Note:
    """Something to tell the person: a default that a direct answer overruled."""

    rule: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Derived:
    """Literals that came together, and the answers that they rest on."""

    literals: int
    units: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is known: `known` is a set of literals over `size` atoms (see core.logic)."""

    known: int
    size: int
    derived: tuple[Derived, ...]
    contradictions: tuple[Contradiction, ...] = ()
    notes: tuple[Note, ...] = ()

    def value(self, atom: int) -> Truth:
        """The truth of an atom by its number."""
        if self.known >> atom & 1:
            return Truth.YES
        return Truth.NO if self.known >> (self.size + atom) & 1 else Truth.UNKNOWN

    def support(self, atom: int, value: Truth) -> tuple[str, ...]:
        """The answers (units) from which the atom has its value; the most direct source."""
        literal = 1 << (atom if value == Truth.YES else self.size + atom)
        return next((d.units for d in self.derived if d.literals & literal), ())

    @property
    def set_aside(self) -> frozenset[str]:
        """The answers that take part in a contradiction."""
        return frozenset(unit for found in self.contradictions for unit in found.units)
