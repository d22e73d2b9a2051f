"""Finder: finds the facts that follow from answers, under one rulebook.

First what follows for certain, then defaults, then the silence of lists ("not listed" means no).
`find` says what each fact rests on, for reasons; `known` and `people` say the same faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_

from matcher.core.answers import Answers
from matcher.core.facts import Facts
from matcher.core.finding.answer_table import AnswerTable
from matcher.core.finding.closure import Closure
from matcher.core.finding.columns import ColumnFinder
from matcher.core.finding.contradictions import Contradiction, minimal_conflicts
from matcher.core.finding.derivation import Conditional, Finding
from matcher.core.finding.encoding import Encoded, Encoder
from matcher.core.machine.people import People
from matcher.core.rulebook import Rulebook
from matcher.core.vocabulary import Vocabulary

FEW = 12
"""So few people are faster found one by one than by columns."""


class FactFinder:
    """Finds the facts that follow from answers, under one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.vocabulary = Vocabulary(book)
        self.closure = Closure(self.vocabulary)
        self.encoder = Encoder(self.vocabulary)
        self.columns = ColumnFinder(self)
        ways = self.closure.ways
        self.defaults = tuple(
            Conditional(
                key=rule.key,
                premises=tuple(ways(rule.premise)),
                unless=tuple(ways(rule.unless)) if rule.unless else (),
                literals=ways(rule.conclusion)[0],
            )
            for rule in sorted(book.defaults, key=lambda rule: rule.key)
        )
        self.never_no = tuple(
            Conditional(
                key=rule.key,
                premises=tuple(ways(rule.premise)),
                unless=tuple(ways(rule.unless)) if rule.unless else (),
                literals=_absent(self.vocabulary, rule.values),
            )
            for rule in book.never_no
        )

    def find(self, answers: Answers, *, today: date) -> Facts:
        """The facts of one person. Contradicting answers are set aside and told."""
        encoded = self.encoder.encode(answers, today=today)
        contradictions = self._contradictions(encoded)
        if contradictions:
            aside = frozenset(unit for found in contradictions for unit in found.units)
            encoded = self.encoder.encode(answers.without(aside), today=today)
        alone = {
            unit: self._said_alone(answers.only(frozenset({unit})), unit, today)
            for unit, said in encoded.items()
            if said.silent or said == Encoded()
        }
        return Finding(self, encoded, alone).facts(contradictions)

    def contradicts(self, answers: Answers, *, today: date) -> bool:
        """Whether some answers cannot all be true; `find` tells which."""
        hard = _hard(self.encoder.encode(answers, today=today).values())
        return self.closure.conflict(self.closure.close(hard)) != 0

    def people(self, answers: Iterable[Answers], *, today: date) -> People:
        """What is known of several people: the same facts as `find`, without their reasons."""
        everybody = tuple(answers)
        if len(everybody) > FEW:
            return self.columns.find(AnswerTable.of(everybody, self.encoder), today=today)
        known = [self.known(one, today=today) for one in everybody]
        return People.known(known, size=self.vocabulary.size)

    def known(self, answers: Answers, *, today: date) -> int:
        """The literals of `find`, without their reasons.

        All at once at each step. Whoever meets a conflict on the way is left to `find`.
        """
        encoded = self.encoder.encode(answers, today=today).values()
        known = self.closure.close(_hard(encoded))
        fresh = self._defaults(known)
        while fresh and not self.closure.conflict(known):
            known = self.closure.close(fresh, beside=known)
            fresh = self._defaults(known)
        silent = reduce(or_, (said.silent for said in encoded), 0)
        for rule in self.never_no:
            if silent & rule.literals and rule.applies(known):
                silent &= ~rule.literals
        known = self.closure.close(silent & ~self.closure.told(known), beside=known)
        return self.find(answers, today=today).known if self.closure.conflict(known) else known

    def _defaults(self, known: int) -> int:
        """What defaults say now of which nothing is known."""
        told, fresh = self.closure.told(known), 0
        for rule in self.defaults:
            if rule.literals & ~told and rule.applies(known):
                fresh |= rule.literals & ~told
        return fresh

    def _said_alone(self, answers: Answers, unit: str, today: date) -> int:
        """What an answer that gives way to others says where it stands alone."""
        said = self.encoder.encode(answers, today=today)[unit]
        return said.hard | said.silent

    def find_certain(self, answers: Answers, *, today: date) -> Facts:
        """Only what no further answer can change: no defaults, nothing from silence.

        The answers must not contradict each other.
        """
        encoded = self.encoder.encode(answers, today=today)
        return Facts(self.closure.close(_hard(encoded.values())), self.closure.size, ())

    def _contradictions(self, encoded: Mapping[str, Encoded]) -> tuple[Contradiction, ...]:
        """All minimal sets of answers that cannot all hold."""
        told = {unit: said.hard for unit, said in encoded.items() if said.hard}
        closed = {unit: self.closure.close(hard) for unit, hard in told.items()}
        found = minimal_conflicts(closed, self._conflicts)
        return tuple(
            Contradiction(units, self._rules_used([told[unit] for unit in units]))
            for units in found
        )

    def _conflicts(self, closed: int) -> bool:
        return self.closure.conflict(self.closure.close(0, beside=closed)) != 0

    def _rules_used(self, parts: list[int]) -> tuple[str, ...]:
        together = 0
        for literals in parts:
            together |= literals
        return self.closure.rules_between(together)


def _hard(encoded: Iterable[Encoded]) -> int:
    literals = 0
    for said in encoded:
        literals |= said.hard
    return literals


def _absent(vocabulary: Vocabulary, values: tuple[tuple[str, str], ...]) -> int:
    literals = 0
    for key, value in values:
        literals |= vocabulary.literal(key, value, holds=False)
    return literals
