"""Encoding: what one answer says, as literals; hard ones, and those that give way.

"Not listed" means no, but the silence of some lists gives way to what other answers say: those
are returned apart as `silent` literals (see `Encoded`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

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
        self.items = {
            key: Items(one, vocabulary)
            for key, one in self.attributes.items()
            if one.kind == "many"
        }
        self.panels = {
            (one.key, option.value): Panel(one, option, vocabulary)
            for one in self.attributes.values()
            for option in one.options
            if option.panel or option.one_of
        }
        self._remembered: dict[tuple[object, ...], Encoded] = {}

    def encode(self, answers: Answers, *, today: date) -> dict[str, Encoded]:
        """What each single answer (a key, or ``key.gene``) says."""
        encoded: dict[str, Encoded] = {}
        for key, value in answers.given.items():
            attribute = self.attributes[key]
            if isinstance(value, Mapping):
                for gene, result in value.items():
                    if (key, gene) in self.panels:
                        said = self._of_several(attribute, gene, value, today)
                    else:
                        said = self._of_one(attribute, gene, result, today)
                    encoded[f"{key}.{gene}"] = said
            else:
                merged = answers.listed(attribute.merged_from or "")
                encoded[key] = self._plain(attribute, value, merged)
        return encoded

    def said(self, answers: Answers, key: str, *, today: date) -> Encoded:
        """What the answers under one key say together."""
        hard = silent = 0
        for unit, said in self.encode(answers, today=today).items():
            if unit.partition(".")[0] == key:
                hard |= said.hard
                silent |= said.silent
        return Encoded(hard, silent)

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
            self._remember(name, said)
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
        items = self.items[attribute.key]
        listed = items.mask(value)
        for item, holds, fails in items.say(
            listed, listed | items.mask(also), UNKNOWN not in value
        ):
            hard |= item.holds if holds else 0
            silent |= item.fails if fails else 0
        if attribute.key not in self.yielding:
            hard, silent = hard | silent, 0
        if attribute.key == CANCER and UNKNOWN not in value:
            hard |= self.how_many_cancers(value)
        return Encoded(hard, silent)

    def how_many_cancers(self, cancers: tuple[str, ...]) -> int:
        """What a complete list of cancers says beyond each of them."""
        alone = 1 << self.vocabulary.index[ONE_CANCER]
        if len(cancers) > 1:
            return alone << self.vocabulary.size
        return alone | self.vocabulary.literal(MAIN, cancers[0])

    def _of_one(self, attribute: Attribute, gene: str, result: Result, today: date) -> Encoded:
        """What a result of one gene says; remembered, for results repeat."""
        name = (attribute.key, gene, result.result, result.on, today.year, today.month)
        said = self._remembered.get(name)
        if said is None:
            option = attribute.option(gene)
            assert option is not None
            said = Encoded()
            if result.found:
                said = Encoded(self._literal(attribute, gene))
            elif result.clear and not self._is_stale(option, result, today):
                said = Encoded(self._literal(attribute, gene, holds=False))
            self._remember(name, said)
        return said

    def _of_several(
        self, attribute: Attribute, entry: str, results: Mapping[str, Result], today: date
    ) -> Encoded:
        """What a result of several genes together says beside the results of named ones."""
        option = attribute.option(entry)
        assert option is not None
        result = results[entry]
        if result.found:
            others = [results.get(other) for other in option.one_of]
            if option.one_of and all(other is not None and other.clear for other in others):
                return Encoded()  # every named gene is clear: named genes win over the pair
            return Encoded(self._literal(attribute, entry))
        if not result.clear or self._is_stale(option, result, today):
            return Encoded()
        return Encoded(silent=self._panel_clear(attribute, option, results, today))

    def _remember(self, name: tuple[object, ...], said: Encoded) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[name] = said

    def _panel_clear(
        self, attribute: Attribute, option: Option, results: Mapping[str, Result], today: date
    ) -> int:
        """A panel, or "neither of the two", found nothing: what that says of genes not named."""
        panel = self.panels[attribute.key, option.value]
        literals, clear = panel.all_absent, True
        for gene, told in results.items():
            if gene in panel.covered:
                clear = clear and told.clear
                literals &= ~panel.absent.get(gene, 0)
            if not told.clear:  # what is known of a pair leaves its genes open
                for one in panel.pairs.get(gene, ()):
                    literals &= ~panel.absent.get(one, 0)
        for later in panel.acquired:
            told = results.get(later.value) or results[option.value]
            if self._is_stale(later, told, today):
                literals &= ~panel.absent.get(later.value, 0)
                clear = False
        return literals | self._literal(attribute, option.value, holds=False) if clear else literals

    def _is_stale(self, option: Option, result: Result, today: date) -> bool:
        months = self.vocabulary.book.scoring.old_test_months
        return option.acquired and result.is_older_than(months, today=today)


@dataclass(frozen=True)
class Item:
    """A value of a list: its own bit among the values, those of narrower ones, and its literals.

    `wider` holds, for each wider value, its bit and the bits of all that is narrower than it.
    """

    bit: int
    narrower: int
    wider: tuple[tuple[int, int], ...]
    fine: bool
    holds: int
    fails: int


class Items:
    """The values of a list question."""

    def __init__(self, attribute: Attribute, vocabulary: Vocabulary) -> None:
        options = [option for option in attribute.options if not option.exclusive]
        self.bits = {option.value: 1 << place for place, option in enumerate(options)}
        self.fine = self.mask(o.value for o in options if o.fine)
        self.all = tuple(self._item(attribute, option, vocabulary) for option in options)

    def mask(self, values: Iterable[str]) -> int:
        """The bits of values; what is no item ("none", "unknown") has none."""
        mask = 0
        for value in values:
            mask |= self.bits.get(value, 0)
        return mask

    def say(self, listed: Any, merged: Any, complete: Any) -> Iterator[tuple[Item, Any, Any]]:
        """Each item, whether a list says that it holds, and whether it says that it does not.

        `listed` and `merged` (with the list that it is merged with) are masks, `complete` says
        whether what is not listed is denied: an int and a bool, or arrays over many lists.
        """
        for item in self.all:
            holds = (listed & item.bit) != 0
            # What is narrower and listed implies it: the closure adds it.
            left_open = (merged & item.narrower) != 0
            for wider, narrower in item.wider:
                left_open = left_open | (((merged & wider) != 0) & ((merged & narrower) == 0))
            if item.fine:
                left_open = left_open | ((merged & self.fine) == 0)
            yield item, holds, complete & ((holds | left_open) ^ True)

    def _item(self, attribute: Attribute, option: Option, vocabulary: Vocabulary) -> Item:
        key, value = attribute.key, option.value
        return Item(
            bit=self.bits[value],
            narrower=self.mask(attribute.narrower_than(value)),
            wider=tuple(
                (self.bits[wider], self.mask(attribute.narrower_than(wider)))
                for wider in attribute.wider_than(value)
            ),
            fine=option.fine,
            holds=vocabulary.literal(key, value),
            fails=vocabulary.literal(key, value, holds=False),
        )


class Panel:
    """An entry that stands for several genes: a panel, or "one of the two".

    `absent` holds the literals "this gene is clear"; a pair among the genes has none, for it
    follows from its genes, one of which may be uncertain.
    """

    def __init__(self, attribute: Attribute, entry: Option, vocabulary: Vocabulary) -> None:
        options = attribute.options
        tested = [o for o in options if not (o.panel or o.signature)]
        covered = tested if entry.panel else [o for o in options if o.value in entry.one_of]
        self.genes = tuple(option.value for option in covered)
        self.covered = frozenset(self.genes)
        self.acquired = tuple(option for option in covered if option.acquired)
        self.pairs = {option.value: option.one_of for option in options if option.one_of}
        self.absent = {
            option.value: vocabulary.literal(attribute.key, option.value, holds=False)
            for option in covered
            if not option.one_of
        }
        self.all_absent = reduce(or_, self.absent.values(), 0)


def _yielding(vocabulary: Vocabulary) -> Iterator[str]:
    book = vocabulary.book
    yield from (attribute.key for attribute in book.attributes.values() if attribute.merged_from)
    yield from (key for rule in book.never_no for key, _ in rule.values)
    for rule in book.defaults:
        if isinstance(rule.conclusion, Leaf):
            attribute = book.attributes[rule.conclusion.attribute]
            if attribute.kind == "many":
                yield attribute.key
