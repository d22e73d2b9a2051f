"""Encoding: what one answer says, as literals; hard ones, and those that give way.

"Not listed" means no, but the silence of some lists gives way to what other answers say: those
are returned apart as `silent` literals (see `Encoded`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.core.answers import UNKNOWN, Answers, Result
from matcher.core.rulebook import Attribute, Leaf, Option
from matcher.core.vocabulary import CANCER, MAIN, ONE_CANCER, Vocabulary

MOST_REMEMBERED = 20_000


@dataclass(frozen=True)
class Encoded:
    """What one answer says: `hard` literals, and `silent` ones that give way to other answers."""

    hard: int = 0
    silent: int = 0


class Encoder:
    """Turns answers into literals, by their kinds (docs/interface.md)."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.attributes = vocabulary.book.attributes
        self.yielding = frozenset(_yielding(vocabulary))
        self._remembered: dict[tuple[object, ...], Encoded] = {}

    def encode(self, answers: Answers, *, today: date) -> dict[str, Encoded]:
        """What each single answer (a key, or ``key.gene``) says."""
        encoded: dict[str, Encoded] = {}
        for key, value in answers.given.items():
            attribute = self.attributes[key]
            if isinstance(value, Mapping):
                for gene in value:
                    encoded[f"{key}.{gene}"] = self._result(attribute, gene, value, today)
            else:
                merged = answers.listed(attribute.merged_from or "")
                encoded[key] = self._plain(attribute, value, merged)
        return encoded

    def _plain(
        self, attribute: Attribute, value: str | int | tuple[str, ...], merged: tuple[str, ...]
    ) -> Encoded:
        """What an answer says that stands for itself; remembered, for answers repeat."""
        name = (attribute.key, value, merged)
        said = self._remembered.get(name)
        if said is None:
            if isinstance(value, str):
                said = Encoded(self._one(attribute, value))
            elif isinstance(value, int):
                said = Encoded(self._integer(attribute, value))
            else:
                said = self._many(attribute, value, merged)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[name] = said
        return said

    def _literal(self, attribute: Attribute, value: str, *, holds: bool = True) -> int:
        return self.vocabulary.literal(attribute.key, value, holds=holds)

    def _one(self, attribute: Attribute, value: str) -> int:
        if attribute.kind == "yes_no":
            return self._literal(attribute, "yes", holds=value == "yes")
        literals = self._literal(attribute, value)
        open_ = (value, *attribute.wider_than(value), *attribute.narrower_than(value))
        for option in attribute.options:
            if option.value not in open_:
                literals |= self._literal(attribute, option.value, holds=False)
        return literals

    def _integer(self, attribute: Attribute, value: int) -> int:
        literals = 0
        for number in range(attribute.min + 1, attribute.max + 1):
            position = self.vocabulary.index[f"{attribute.key}>={number}"]
            shift = position if number <= value else position + self.vocabulary.size
            literals |= 1 << shift
        return literals

    def _many(self, attribute: Attribute, value: tuple[str, ...], also: tuple[str, ...]) -> Encoded:
        hard = silent = 0
        listed = set(value) - {UNKNOWN}
        merged = listed | (set(also) - {UNKNOWN})
        for option in attribute.options:
            if option.exclusive:
                continue
            if option.value in listed:
                hard |= self._literal(attribute, option.value)
            elif UNKNOWN not in value and not _left_open(attribute, option, merged):
                absent = self._literal(attribute, option.value, holds=False)
                if attribute.key in self.yielding:
                    silent |= absent
                else:
                    hard |= absent
        if attribute.key == CANCER and UNKNOWN not in value:
            hard |= self._how_many_cancers(value)
        return Encoded(hard, silent)

    def _how_many_cancers(self, cancers: tuple[str, ...]) -> int:
        alone = 1 << self.vocabulary.index[ONE_CANCER]
        if len(cancers) > 1:
            return alone << self.vocabulary.size
        return alone | self.vocabulary.literal(MAIN, cancers[0])

    def _result(
        self, attribute: Attribute, gene: str, results: Mapping[str, Result], today: date
    ) -> Encoded:
        option = attribute.option(gene)
        assert option is not None
        result = results[gene]
        named = self._covered(attribute, option)
        if result.found:
            others = [results.get(other) for other in option.one_of]
            if option.one_of and all(other is not None and other.clear for other in others):
                return Encoded()  # every named gene is clear: named genes win over the pair
            return Encoded(self._literal(attribute, gene))
        if not result.clear or self._is_stale(option, result, today):
            return Encoded()
        if not named:
            return Encoded(self._literal(attribute, gene, holds=False))
        return Encoded(silent=self._panel_clear(attribute, option, results, today))

    def _panel_clear(
        self, attribute: Attribute, panel: Option, results: Mapping[str, Result], today: date
    ) -> int:
        """A panel, or "neither of the two", found nothing: what that says of genes not named."""
        covered = self._covered(attribute, panel)
        result = results[panel.value]
        literals = 0
        clear = True
        for gene in covered:
            option = attribute.option(gene)
            assert option is not None
            told = results.get(gene)
            clear = clear and (told is None or told.clear)
            if self._is_stale(option, told or result, today):
                clear = False
            elif (
                told is None
                and not option.one_of
                and not self._in_open_pair(attribute, gene, results)
            ):  # a pair follows from its genes: one of them may be uncertain
                literals |= self._literal(attribute, gene, holds=False)
        if clear:
            literals |= self._literal(attribute, panel.value, holds=False)
        return literals

    def _covered(self, attribute: Attribute, option: Option) -> tuple[str, ...]:
        if option.panel:
            return tuple(o.value for o in attribute.options if not (o.panel or o.signature))
        return option.one_of

    def _in_open_pair(self, attribute: Attribute, gene: str, results: Mapping[str, Result]) -> bool:
        return any(
            gene in o.one_of and o.value in results and not results[o.value].clear
            for o in attribute.options
        )

    def _is_stale(self, option: Option, result: Result, today: date) -> bool:
        months = self.vocabulary.book.scoring.old_test_months
        return option.acquired and result.is_older_than(months, today=today)


def _left_open(attribute: Attribute, option: Option, listed: set[str]) -> bool:
    """Whether the list says nothing of this value although it is not listed."""
    if listed & set(attribute.narrower_than(option.value)):
        return True  # it follows from the narrower value; the closure adds it
    for wider in attribute.wider_than(option.value):
        if wider in listed and not listed & set(attribute.narrower_than(wider)):
            return True
    fine = {o.value for o in attribute.options if o.fine}
    return option.fine and not listed & fine


def _yielding(vocabulary: Vocabulary) -> Iterator[str]:
    book = vocabulary.book
    yield from (attribute.key for attribute in book.attributes.values() if attribute.merged_from)
    yield from (key for rule in book.never_no for key, _ in rule.values)
    for rule in book.defaults:
        if isinstance(rule.conclusion, Leaf):
            attribute = book.attributes[rule.conclusion.attribute]
            if attribute.kind == "many":
                yield attribute.key
