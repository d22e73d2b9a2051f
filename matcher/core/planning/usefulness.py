"""Usefulness: which single answers can bear on which studies, by the rules in every direction.

Cautious: every link counts in both its truth values, so no useful answer is lost. Two things do
not count: to contradict other answers, which sets them aside; and to show that somebody has had
cancer, or which ("ER-positive" takes breast cancer for granted), for that is asked first, and by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import tags_in
from matcher.core.finder import FactFinder
from matcher.core.logic import UNSURE, Atom, Expression, walk
from matcher.core.machine.day import HIDDEN
from matcher.core.rulebook import Attribute
from matcher.core.study import Study
from matcher.core.vocabulary import CANCER, MAIN, ONE_CANCER, STATUS

ROUTING = (STATUS, CANCER, MAIN)
FIRST = (*ROUTING, ONE_CANCER)


class Usefulness:
    """What the listed studies of one catalogue rest on."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.links = _Links(catalogue.finder)
        self.units = tuple(_units(catalogue.book.attributes.values()))
        self.place = {unit: place for place, unit in enumerate(self.units)}
        self.touched = {unit: self.links.touched(unit) for unit in self.units}
        self._of_tag: dict[str, int] = {}
        self.atoms = 0
        of_study = [self._of_study(study) for study in catalogue.studies]
        size = catalogue.finder.vocabulary.size
        self.literals = self.atoms | self.atoms << size
        """The literals that can bear on some listed study."""
        together = reduce(or_, of_study, 0)
        self.useful = frozenset(
            unit for place, unit in enumerate(self.units) if together >> place & 1
        )
        self.bears_on = _planes(of_study, len(self.units))
        """[studies × units]: whether an answer can bear on a study; never for a hidden one."""

    def _of_study(self, study: Study) -> int:
        """The units that can bear on a study, as a set of bits by their places."""
        if study.standing in HIDDEN:
            return 0
        units = 0
        for audience in (study.most, *study.also):
            if audience is not None and audience.condition is not None:
                for key in tags_in(audience.condition):
                    units |= self._units_of(key)
        return units

    def _units_of(self, tag: str) -> int:
        if tag not in self._of_tag:
            # A tag that the rules lost is in no expression: it counts as unread words.
            expression = self.catalogue.expressions.get(tag, UNSURE)
            atoms = self.links.bearing(expression)
            self.atoms |= atoms
            touching = (p for p, unit in enumerate(self.units) if self.touched[unit] & atoms)
            self._of_tag[tag] = sum(1 << place for place in touching)
        return self._of_tag[tag]


def useful_units(catalogue: Catalogue) -> frozenset[str]:
    """The single answers (``key`` or ``key.gene``) that some listed study may come to rest on.

    The two that everything else is asked by are always among them.
    """
    return Usefulness(catalogue).useful | {STATUS, CANCER}


class _Links:
    """The rules as links between sets of atoms."""

    def __init__(self, finder: FactFinder) -> None:
        self.finder = finder
        self.closure = finder.closure
        self.vocabulary = finder.vocabulary
        self.size = finder.vocabulary.size
        self.links = list(self._all())
        owners = enumerate(self.vocabulary.owner)
        self.asked_first = sum(1 << atom for atom, owner in owners if owner in FIRST)

    def bearing(self, expression: Expression) -> int:
        """The atoms that can bear on a condition, also by stopping something."""
        atoms = 0
        for part in walk(expression):
            if isinstance(part, Atom):
                atoms |= 1 << part.index
        before = -1
        while atoms != before:
            before = atoms
            for conclusion, premise in self.links:
                if conclusion & atoms & ~self.asked_first:
                    atoms |= premise
        return atoms

    def touched(self, unit: str) -> int:
        """The atoms of which an answer can say something, what follows from it included."""
        key, _, gene = unit.partition(".")
        index = self.vocabulary.index
        own = [index[f"{key}={gene}"]] if gene else self._own(key)
        atoms = 0
        for atom in own:
            for literal in (1 << atom, 1 << (atom + self.size)):
                atoms |= self._atoms(self.closure.reach.get(literal, literal))
        return atoms if key in ROUTING else atoms & ~self.asked_first

    def _own(self, key: str) -> list[int]:
        named = (key, MAIN, ONE_CANCER) if key == CANCER else (key,)
        return [atom for atom, owner in enumerate(self.vocabulary.owner) if owner in named]

    def _all(self) -> Iterator[tuple[int, int]]:
        for wide in self.closure.wide:
            yield self._atoms(wide.conclusion), self._atoms(wide.premise)
        for default in self.finder.defaults:
            brought = self._atoms(self.closure.close(default.literals))
            yield brought, brought | self._atoms(*default.premises, *default.unless)
        for rule in self.finder.never_no:
            yield self._atoms(rule.literals), self._atoms(*rule.premises, *rule.unless)

    def _atoms(self, *literals: int) -> int:
        together = reduce(or_, literals, 0)
        return (together | together >> self.size) & ((1 << self.size) - 1)


def _units(attributes: Iterable[Attribute]) -> Iterator[str]:
    for attribute in attributes:
        if attribute.kind == "results":
            yield from (f"{attribute.key}.{option.value}" for option in attribute.options)
        else:
            yield attribute.key


def _planes(sets: list[int], count: int) -> NDArray[np.bool_]:
    length = (count + 7) // 8
    raw = b"".join(one.to_bytes(length, "little") for one in sets)
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(len(sets), length)
    return np.unpackbits(rows, axis=1, bitorder="little")[:, :count].astype(bool)
