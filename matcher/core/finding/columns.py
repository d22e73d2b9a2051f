"""Columns: the facts of many people at once, found answer by answer instead of person by person.

Every distinct answer is worked out once. What it says is then given to all who gave it, as bits:
word by word of [words × people], what holds and what fails apart. The implications, defaults and
silences follow in the same order as in core.finder; whoever meets a conflict on the way
(contradicting answers, defaults or silences that do not go together) is left to the finder.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import UNKNOWN
from matcher.core.finding.answer_table import AnswerTable, Column
from matcher.core.finding.closure import bits
from matcher.core.machine.people import People, Planes
from matcher.core.vocabulary import CANCER

if TYPE_CHECKING:
    from matcher.core.finder import FactFinder

Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Bits = tuple[tuple[int, np.uint64], ...]
"""A set of literals as the words that hold any, each with its bits."""


class ColumnFinder:
    """Finds the facts of many people under one rulebook."""

    def __init__(self, finder: FactFinder) -> None:
        self.finder = finder
        self.closure = finder.closure
        self.half = -(-self.closure.size // 64)
        self.wide = [(self.bits(r.premise), self.bits(r.conclusion)) for r in self.closure.wide]
        self.reach = {one: self.bits(found) for one, found in self.closure.reach.items()}

    def find(self, table: AnswerTable, *, today: date) -> People:
        """What is known of everybody in a table."""
        crowd = _Crowd(self, len(table.people))
        silent = []
        for column in table.columns:
            hard, unless_told = self._said(column, today)
            crowd.tell(hard, column.codes)
            silent.append((unless_told, column.codes))
        crowd.follow()
        crowd.apply_defaults()
        crowd.apply_silence(silent)
        for person in np.flatnonzero(crowd.odd).tolist():
            crowd.put(person, self.finder.find(table.people[person], today=today).known)
        return crowd.people()

    def _said(self, column: Column, today: date) -> tuple[Words, Words]:
        """What each distinct answer says for certain, closed, and what by silence.

        Both are [words × codes]; code 0 says nothing.
        """
        if column.key in self.finder.encoder.items:
            return self._said_by_lists(column)
        encoder = self.finder.encoder
        said = [encoder.said(one, column.key, today=today) for one in column.values]
        hard = [self.closure.close(one.hard) for one in said]
        return self._table(hard), self._table([one.silent for one in said])

    def _said_by_lists(self, column: Column) -> tuple[Words, Words]:
        """The same for lists, item by item: there are far fewer items than different lists."""
        encoder, key = self.finder.encoder, column.key
        items, lists = encoder.items[key], [one.listed(key) for one in column.values]
        also = [one.listed(encoder.attributes[key].merged_from or "") for one in column.values]
        kind = np.int64 if len(items.all) < 63 else object  # one bit for each item
        listed = np.array([0, *map(items.mask, lists)], dtype=kind)
        merged = listed | np.array([0, *map(items.mask, also)], dtype=kind)
        complete = np.array([False, *(UNKNOWN not in one for one in lists)])
        hard, silent = (np.zeros((2 * self.half, len(listed)), dtype="<u8") for _ in range(2))
        for item, holds, fails in items.say(listed, merged, complete):
            _put(hard, self.reach_of(item.holds), holds)
            if key in encoder.yielding:
                _put(silent, self.bits(item.fails), fails)
            else:
                _put(hard, self.reach_of(item.fails), fails)
        if key == CANCER:
            told = [0 if UNKNOWN in one else encoder.how_many_cancers(one) for one in lists]
            hard |= self._table([self.closure.close(one) for one in told])
        return hard, silent

    def _table(self, sets: Sequence[int]) -> Words:
        """Sets of literals as columns, from code 1: [words × codes]."""
        return np.stack([self.words(literals) for literals in (0, *sets)], axis=1)

    def reach_of(self, literal: int) -> Bits:
        """What follows from one literal, itself included."""
        return self.reach.get(literal) or self.bits(literal)

    def bits(self, literals: int) -> Bits:
        """A set of literals by words: first those of what holds, then those of what fails."""
        found = []
        for word, value in enumerate(self.words(literals).tolist()):
            if value:
                found.append((word, np.uint64(value)))
        return tuple(found)

    def words(self, literals: int) -> Words:
        """A set of literals as words: `half` of what holds, then `half` of what fails."""
        size = self.closure.size
        parts = (literals & self.closure.all_atoms, literals >> size)
        raw = b"".join(part.to_bytes(self.half * 8, "little") for part in parts)
        return np.frombuffer(raw, dtype="<u8")


class _Crowd:
    """What is known so far of many people, and who is odd: left to the finder."""

    def __init__(self, rules: ColumnFinder, count: int) -> None:
        self.rules = rules
        self.known = np.zeros((2 * rules.half, count), dtype="<u8")
        self.odd = np.zeros(count, dtype=bool)

    def tell(self, said: Words, codes: NDArray[np.int32]) -> None:
        """Give everybody what their answer says: [words × codes]."""
        _gather(self.known, said, codes)

    def follow(self) -> None:
        """Add what follows from several facts together, until nothing new does."""
        new = True
        while new:
            new = False
            for premise, conclusion in self.rules.wide:
                fresh = self._holds(premise) & ~self._holds(conclusion)
                if fresh.any():
                    self._add(conclusion, fresh)
                    new = True
        self.odd |= (self._held & self._failed).any(axis=0)

    def apply_defaults(self) -> None:
        """Add what is taken to hold while nothing is known of it, until nothing new does."""
        new = True
        while new:
            told = self._held | self._failed
            firing = [
                (self.rules.reach_of(literal), fresh)
                for rule in self.rules.finder.defaults
                for applies in [self._applies(rule.premises, rule.unless)]
                for literal in bits(rule.literals)
                for fresh in [applies & ~self._is_told(told, literal)]
                if fresh.any()
            ]
            for literals, fresh in firing:
                self._add(literals, fresh)
            self.follow()
            new = bool(firing)

    def apply_silence(self, silent: Sequence[tuple[Words, NDArray[np.int32]]]) -> None:
        """Add what lists leave out, unless something is known of it or a rule holds it open."""
        told = self._held | self._failed
        blocked = np.zeros_like(self.known)
        for rule in self.rules.finder.never_no:
            applies = self._applies(rule.premises, rule.unless)
            for word, value in self.rules.bits(rule.literals):
                blocked[word, applies] |= value
        absent = np.zeros_like(self.known)
        for said, codes in silent:
            _gather(absent, said, codes)
        absent &= ~(blocked | np.concatenate([told, told]))
        self.known |= absent
        for literal in bits(self._any(absent)):
            reached = self.rules.reach_of(literal)
            ((word, bit),) = self.rules.bits(literal)
            if reached != ((word, bit),):
                self._add(reached, (absent[word] & bit) != 0)
        self.follow()

    def put(self, person: int, known: int) -> None:
        """Replace what is known of one person."""
        self.known[:, person] = self.rules.words(known)

    def people(self) -> People:
        """Everybody, for the engine."""
        octets = self.known.view(np.uint8).reshape(len(self.known), -1, 8)
        size, half = self.rules.closure.size, self.rules.half * 64

        def read(literals: NDArray[np.intp]) -> Planes:
            planes = []
            for literal in np.where(literals < size, literals, literals - size + half).tolist():
                octet = octets[literal >> 6, :, literal >> 3 & 7]
                plane = np.packbits(octet & np.uint8(1 << (literal & 7)), bitorder="little")
                planes.append(int.from_bytes(plane.tobytes(), "little"))
            return planes

        return People(self.known.shape[1], size, read)

    @property
    def _held(self) -> Words:
        return self.known[: self.rules.half]

    @property
    def _failed(self) -> Words:
        return self.known[self.rules.half :]

    def _holds(self, literals: Bits) -> Mask:
        held: Mask = np.ones(self.known.shape[1], dtype=bool)  # of nothing it is yes
        for word, bit in literals:
            held &= (self.known[word] & bit) == bit
        return held

    def _applies(self, premises: Sequence[int], unless: Sequence[int]) -> Mask:
        none = np.zeros(self.known.shape[1], dtype=bool)
        held = [self._holds(self.rules.bits(premise)) for premise in premises]
        kept = [self._holds(self.rules.bits(one)) for one in unless]
        applies: Mask = np.logical_or.reduce([none, *held]) & ~np.logical_or.reduce([none, *kept])
        return applies

    def _is_told(self, told: Words, literal: int) -> Mask:
        ((word, bit),) = self.rules.bits(literal)
        known: Mask = (told[word % self.rules.half] & bit) != 0
        return known

    def _add(self, literals: Bits, people: Mask) -> None:
        _put(self.known, literals, people)

    def _any(self, rows: Words) -> int:
        """The literals that anybody has."""
        raw = np.bitwise_or.reduce(rows, axis=1)
        held, failed = (
            int.from_bytes(part.tobytes(), "little")
            for part in (raw[: self.rules.half], raw[self.rules.half :])
        )
        return held | failed << self.rules.closure.size


def _put(rows: Words, literals: Bits, where: Mask) -> None:
    """Set literals in some columns."""
    for word, bit in literals:
        rows[word, where] |= bit


def _gather(rows: Words, said: Words, codes: NDArray[np.int32]) -> None:
    """Add to everybody's column what their answer says."""
    for word in np.flatnonzero(said.any(axis=1)).tolist():
        rows[word] |= said[word][codes]
