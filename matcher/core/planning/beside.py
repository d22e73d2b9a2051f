"""Beside: answers that are read together with others that were given.

A list is read together with the one that it is merged with, and the results of one kind with those
of panels and of "one of the two". What such an answer says by itself is not what it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from matcher.core.answers import Answers, Value
from matcher.core.planning.asking import with_answer
from matcher.core.planning.sayings import Said, Sayings


class Beside:
    """One person's answers, and what is read with them. `sound` are those not set aside."""

    def __init__(self, sayings: Sayings, answers: Answers, *, sound: Answers, today: date) -> None:
        self.sayings = sayings
        self.answers = answers
        self.sound = sound
        self.today = today

    def is_read_with(self, key: str) -> bool:
        """Whether some answer to a question may be read together with what was given."""
        return bool(self.answers.results(key)) or any(
            other in self.answers.given for other in self.sayings.merged.get(key, ())
        )

    def more(self, unit: str, value: Value) -> int:
        """What an answer says only beside the given ones or makes them say no more; closed.

        What an open result of a gene leaves open beside one of several genes is all that those say.
        """
        key, _, gene = unit.partition(".")
        if not self.is_read_with(key):
            return 0
        if gene and not self._has_several(key, gene):
            return 0
        keys = (key, *self.sayings.merged.get(key, ()))
        given = self.answers.given
        base = Answers({one: given[one] for one in keys if one in given})
        before = self._says(base)
        alone = self._says(Answers({key: value}))
        both = self._says(with_answer(base, key, value))
        more = 0
        for told, added, together in zip(before, alone, both, strict=True):
            more |= together ^ (told | added)
        if self.is_open_result(key, gene):
            more |= self._all_of_several(key)
        return self.sayings.closure.close(more)

    def contradicts(self, *added: tuple[str, Value]) -> bool:
        """Whether answers, by key, cannot be given together beside the sound ones."""
        told = self.sound
        for key, value in added:
            told = with_answer(told, key, value)
        certain = self.sayings.certain(told, today=self.today)
        return self.sayings.closure.conflict(certain) != 0

    def is_open_result(self, key: str, gene: str | None) -> bool:
        """Whether a gene was named beside one of several genes, but has no result yet."""
        return gene in self.answers.results(key) and self._all_of_several(key) != 0

    def _says(self, answers: Answers) -> tuple[int, int]:
        """What answers say: hard literals, and all."""
        hard = literals = 0
        for one in self.sayings.finder.encoder.encode(answers, today=self.today).values():
            hard |= one.hard
            literals |= one.hard | one.silent
        return hard, literals

    def _has_several(self, key: str, gene: str) -> bool:
        several = self.sayings.several
        return any((key, one) in several for one in (gene, *self.answers.results(key)))

    def _all_of_several(self, key: str) -> int:
        literals = 0
        for gene, result in self.answers.results(key).items():
            if (key, gene) in self.sayings.several:
                literals |= self.sayings.of(key, {gene: result}).brings
        return literals


def is_of_one_kind(one: Said, other: Said) -> bool:
    """Whether two answers are results of one kind."""
    both = isinstance(one.value, Mapping) and isinstance(other.value, Mapping)
    return both and one.unit.partition(".")[0] == other.unit.partition(".")[0]
