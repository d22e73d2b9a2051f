"""Offers: sets of answers to open questions, each set as one integer with a bit for each answer.

A list has a bit for every item, and one more that says that the list is whole: what is not in it,
the person has not. That bit costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matcher.core.answers import UNKNOWN, Answers
from matcher.core.changes.offer import Offer, merge
from matcher.core.changes.open_questions import OpenQuestions
from matcher.core.finding.closure import bits
from matcher.core.rulebook import Attribute

WHOLE = ""


class Offers:
    """Numbers the answers to one person's open questions; those to `free` cost nothing."""

    def __init__(
        self, questions: OpenQuestions, free: frozenset[str], asked: frozenset[str]
    ) -> None:
        self.questions = questions
        self.free_units = free
        self.asked = asked
        self.free = 0
        self._bits: dict[tuple[str, str], int] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._rivals: dict[int, int] = {}
        self._values: dict[int, Offer] = {}
        self._own: dict[str, int] = {}
        self._places: dict[tuple[str, str], tuple[int, int, int]] = {}

    def mask(self, offer: Offer) -> int:
        """The offer as a set of bits."""
        item = self._bit(offer.unit, offer.word)
        self._values.setdefault(item, offer)
        if not offer.whole:
            return item
        return item | self._bit(offer.unit, WHOLE)

    def goes(self, mask: int) -> bool:
        """Whether no question gets two answers that exclude each other."""
        return not any(self._rivals[bit] & mask for bit in bits(mask))

    def cost(self, mask: int) -> int:
        """How many answers a set holds."""
        return (mask & ~self.free).bit_count()

    def chosen(self, mask: int) -> list[Offer]:
        """The offers of a set in form order; the bits for whole lists left out."""
        named = [self._values[bit] for bit in bits(mask) if bit in self._values]
        return sorted(named, key=self._place)

    def preference(self, mask: int) -> tuple[int, ...]:
        """Sorts sets: few answers, no whole lists, what is asked for itself, coarse values."""
        offers = self.chosen(mask)
        named = [self._attribute(offer.unit) for offer in offers]
        values = zip(named, offers, strict=True)
        return (
            self.cost(mask),
            mask.bit_count() - len(offers),
            sum(attribute.key not in self.asked for attribute in named),
            sum(len(attribute.wider_than(offer.word)) for attribute, offer in values),
            *(place for offer in offers for place in self._place(offer)),
        )

    def is_whole(self, mask: int, unit: str) -> bool:
        """Whether a set says that a list is whole."""
        return bool(self._bits.get((unit, WHOLE), 0) & mask)

    def whole_bits(self, mask: int) -> Iterator[int]:
        """The bits of a set that say that a list is whole."""
        return (bit for bit in bits(mask) if bit not in self._values)

    def silence_of(self, offer: Offer, had: int) -> Iterable[tuple[int, int]]:
        """What a list told as whole says by silence; of two items, neither says what it says alone.

        `had` is what the list holds already.
        """
        names = (self._names[bit] for bit in bits(had))
        others = any(unit == offer.unit and word not in (WHOLE, offer.word) for unit, word in names)
        if not (offer.whole and others):
            return offer.saying.silent
        if offer.unit not in self._own:
            self._own[offer.unit] = self.questions.own_literals(offer.unit)
        own = self._own[offer.unit]
        return (one for one in offer.saying.silent if one[0] & own)

    def items(self, whole: int) -> list[tuple[int, int]]:
        """All items of the lists whose bits for "whole" these are, each as a set.

        With each the literal that no list can leave out; none where a narrower item would do,
        or where the list's silence gives way.
        """
        found = []
        finder = self.questions.finder
        for bit in bits(whole):
            key = self._names[bit][0]
            for offer in self.questions.items(key):
                gives_way = key in finder.encoder.yielding
                narrower = self._attribute(key).narrower_than(offer.word)
                literal = finder.vocabulary.literal(key, offer.word)
                found.append((self.mask(offer), 0 if narrower or gives_way else literal))
        return found

    def hard(self, mask: int) -> int:
        """What a set says for certain, each answer by itself."""
        together = 0
        for bit in bits(mask):
            if bit in self._values:
                together |= self._values[bit].saying.hard
        return together

    def told(self, mask: int) -> Answers:
        """The person's answers with those of a set."""
        given = dict(self.questions.answers.given)
        for offer in self.chosen(mask):
            merge(given, offer.key, offer.value)
        for key, value in given.items():
            if isinstance(value, tuple) and self.is_whole(mask, key):
                given[key] = tuple(one for one in value if one != UNKNOWN)
        return Answers(given, self.questions.answers.declined)

    def _bit(self, unit: str, word: str) -> int:
        name = (unit, word)
        if name not in self._bits:
            bit = 1 << len(self._bits)
            if word == WHOLE or unit in self.free_units:
                self.free |= bit
            self._rivals[bit] = 0
            for other, (other_unit, told) in self._names.items():
                if other_unit == unit and _exclude(self._attribute(unit), word, told):
                    self._rivals[bit] |= other
                    self._rivals[other] |= bit
            self._bits[name], self._names[bit] = bit, name
        return self._bits[name]

    def _attribute(self, unit: str) -> Attribute:
        return self.questions.all[unit.partition(".")[0]]

    def _place(self, offer: Offer) -> tuple[int, int, int]:
        name = (offer.unit, offer.word)
        if name not in self._places:
            self._places[name] = self._find_place(offer)
        return self._places[name]

    def _find_place(self, offer: Offer) -> tuple[int, int, int]:
        attribute = self._attribute(offer.unit)
        order = attribute.order
        values = [option.value for option in attribute.options]
        gene = offer.unit.partition(".")[2]
        if gene:
            return order, values.index(gene), 0
        return order, values.index(offer.word) if offer.word in values else 0, 0


def _exclude(attribute: Attribute, one: str, other: str) -> bool:
    if attribute.kind != "many":
        return True
    options = (attribute.option(one), attribute.option(other))
    return any(option is not None and option.exclusive for option in options)
