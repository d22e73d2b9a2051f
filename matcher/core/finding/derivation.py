"""Finding: one person's facts in the making, and what each of them rests on.

First what follows for certain, then defaults, then the silence of lists ("not listed" means no).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.core.facts import Derived, Facts, Note
from matcher.core.finding.closure import bits
from matcher.core.finding.contradictions import Contradiction
from matcher.core.finding.encoding import Encoded

if TYPE_CHECKING:
    from matcher.core.finder import FactFinder


@dataclass(frozen=True)
class Conditional:
    """A default or a never-no rule, compiled to sets of literals."""

    key: str
    premises: tuple[int, ...]
    unless: tuple[int, ...]
    literals: int

    def applies(self, known: int) -> bool:
        return _holds(self.premises, known) and not _holds(self.unless, known)


class Finding:
    """One person's facts: hard closure, then defaults, then the lists' silence."""

    def __init__(
        self, finder: FactFinder, encoded: Mapping[str, Encoded], alone: Mapping[str, int]
    ) -> None:
        self.finder = finder
        self.closure = finder.closure
        self.encoded = encoded
        self.alone = alone
        self.derived: list[Derived] = [
            Derived(self.closure.close(said.hard), (unit,)) for unit, said in encoded.items()
        ]
        self.known = self.closure.close(0, beside=_hard_known(self.derived))
        self.notes: list[Note] = []

    def facts(self, contradictions: tuple[Contradiction, ...]) -> Facts:
        self._explain_wide()
        while self._apply_defaults():
            pass
        self._note_overruled()
        self._apply_silence()
        return Facts(
            known=self.known,
            size=self.closure.size,
            derived=tuple(self.derived),
            contradictions=contradictions,
            notes=tuple(self.notes),
        )

    def _explain_wide(self) -> None:
        """Note which answers together brought what follows from several of them."""
        explained = _hard_known(self.derived)
        before = -1
        while explained != before:
            before = explained
            for rule in self.closure.wide:
                if explained & rule.premise == rule.premise and rule.conclusion & ~explained:
                    self.derived.append(Derived(rule.conclusion, self.units_of(rule.premise)))
                    explained |= rule.conclusion

    def units_of(self, literals: int) -> tuple[str, ...]:
        """The answers on which all of these literals rest."""
        units: dict[str, None] = {}
        for literal in bits(literals):
            found = next((d.units for d in self.derived if d.literals & literal), ())
            units.update(dict.fromkeys(found))
        return tuple(units)

    def _apply_defaults(self) -> bool:
        before = self.known
        firing = [(d, self._open_literals(d)) for d in self.finder.defaults]
        firing = [(d, literals) for d, literals in firing if literals and d.applies(before)]
        together = 0
        for _, literals in firing:
            together |= literals
        if self.closure.conflict(self.closure.close(together, beside=before)):
            firing = self._compatible(firing)
        for default, literals in firing:
            premise = next(p for p in default.premises if before & p == p)
            self._add(literals, self.units_of(premise))
        return self.known != before

    def _open_literals(self, default: Conditional) -> int:
        """Those of the default's literals of whose atoms nothing is known."""
        return default.literals & ~self.closure.told(self.known)

    def _compatible(self, firing: list[tuple[Conditional, int]]) -> list[tuple[Conditional, int]]:
        kept, known = [], self.known
        for default, literals in firing:
            closed = self.closure.close(literals, beside=known)
            if not self.closure.conflict(closed):
                kept.append((default, literals))
                known = closed
        return kept

    def _add(self, literals: int, units: tuple[str, ...]) -> None:
        closed = self.closure.close(literals, beside=self.known)
        self.derived.append(Derived(closed & ~self.known, units))
        self.known = closed

    def _note_overruled(self) -> None:
        silent = 0
        for said in self.encoded.values():
            silent |= said.silent
        for default in self.finder.defaults:
            if not _holds(default.premises, self.known):
                continue
            missed = default.literals & ~self.known
            overruled_silence = self.closure.negated(default.literals) & silent & ~self.known
            if missed or overruled_silence:
                premise = next(p for p in default.premises if self.known & p == p)
                against = self._against(default, missed)
                units = dict.fromkeys((*self.units_of(premise), *against))
                if len(units) > 1:
                    self.notes.append(Note(default.key, tuple(units)))

    def _against(self, default: Conditional, missed: int) -> tuple[str, ...]:
        """The answers that kept the default from applying."""
        told = self.units_of(self.closure.negated(missed) & self.known)
        for unless in default.unless:
            if self.known & unless == unless:
                return (*told, *self.units_of(unless))
        silent = self.closure.negated(default.literals)
        return told or tuple(u for u, said in self.encoded.items() if said.silent & silent)

    def _apply_silence(self) -> None:
        blocking = [rule for rule in self.finder.never_no if rule.applies(self.known)]
        blocked = 0
        for rule in blocking:
            blocked |= rule.literals
        for unit, said in self.encoded.items():
            self._add_silent(unit, said.silent & ~blocked)
        for unit, silent in self.alone.items():
            missed = silent & ~self.known
            if missed and not any(unit in note.units for note in self.notes):
                self._note_broken_silence(unit, missed, blocking)

    def _note_broken_silence(self, unit: str, missed: int, blocking: Iterable[Conditional]) -> None:
        """A list or panel that was told as complete, and another answer that says more."""
        rule = next((rule for rule in blocking if rule.literals & missed), None)
        if rule is not None:
            premise = next(p for p in rule.premises if self.known & p == p)
            self.notes.append(Note(rule.key, (unit, *self.units_of(premise))))
            return
        key = unit.partition(".")[0]
        names = self.finder.vocabulary.names
        told = dict.fromkeys(self.units_of(self.closure.negated(missed) & self.known))
        for literal in bits(missed):
            name = names[(literal.bit_length() - 1) % self.closure.size].replace("=", ".")
            told.update({name: None} if name in self.encoded else {})
        others = tuple(other for other in told if other != unit)
        if others:
            self.notes.append(Note(f"more_than_listed_{key}", (unit, *others)))

    def _add_silent(self, unit: str, silent: int) -> None:
        literals = silent & ~self.closure.told(self.known)
        closed = self.closure.close(literals, beside=self.known)
        if not self.closure.conflict(closed):
            self._add(literals, (unit,))
            return
        for literal in bits(literals):
            closed = self.closure.close(literal, beside=self.known)
            if not self.closure.conflict(closed):
                self._add(literal, (unit,))


def _hard_known(derived: Iterable[Derived]) -> int:
    known = 0
    for one in derived:
        known |= one.literals
    return known


def _holds(ways: tuple[int, ...], known: int) -> bool:
    return any(known & way == way for way in ways)
