"""Open questions: every answer that a question which is not known could get, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeAlias
from weakref import WeakKeyDictionary

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.changes.offer import Offer, merge, saying_of, values_of
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.questions import is_asked
from matcher.core.rulebook import Attribute

_Prepared: TypeAlias = dict[str, tuple[Offer, ...]]
_prepared: WeakKeyDictionary[FactFinder, _Prepared] = WeakKeyDictionary()


class OpenQuestions:
    """The questions of one person that are not known, under one rulebook.

    Of a list that was told with "unknown" the other items are not known either.
    """

    def __init__(
        self, catalogue: Catalogue, answers: Answers, facts: Facts, *, today: date
    ) -> None:
        self.finder = catalogue.finder
        self.answers = answers
        self.today = today
        self.all = catalogue.book.attributes
        self.asked = [
            attribute
            for attribute in self.all.values()
            if attribute.key not in answers.declined and is_asked(catalogue, attribute, facts)
        ]
        self._made: dict[str, tuple[Offer, ...]] = {}
        self._against = 0
        self._points: set[int] = set()

    def offers(self, relevant: int, known: int) -> list[Offer]:
        """The answers that bring some literal of `relevant`, in form order.

        `known` is what is certain now; what contradicts it by itself is left out.
        """
        self._against = self.finder.closure.negated(known)
        numbers = (one for one in self.asked if one.kind == "integer")
        self._points |= _split_points(map(self.plain, numbers), relevant, self.finder)
        return [
            offer
            for attribute in self.asked
            for offer in self._of(attribute, self._against)
            if offer.reach & ~known & relevant and not offer.saying.hard & self._against
        ]

    def items(self, key: str) -> list[Offer]:
        """The items of a list that is told as whole, each as an answer."""
        return [offer for offer in self._fresh(self.all[key]) if offer.whole]

    def joint(self) -> Iterator[tuple[list[Offer], int]]:
        """What results say only together: a panel is clear once its last open gene is."""
        for attribute in self.asked:
            if attribute.kind == "results":
                yield from self._joint_of(attribute)

    def _joint_of(self, attribute: Attribute) -> Iterator[tuple[list[Offer], int]]:
        told = self.answers.results(attribute.key)
        clear = {o.unit.partition(".")[2]: o for o in self._results(attribute) if o.word == "none"}
        for (key, entry), panel in self.finder.encoder.panels.items():
            if key != attribute.key:
                continue
            result = told.get(entry)
            asked = [gene for gene in panel.genes if self._blocks(attribute, gene, result, told)]
            if not asked:
                continue  # the panel's own answer says it all
            if result is None or not result.clear:
                asked.append(entry)
            if clear.keys() >= set(asked):
                literal = self.finder.vocabulary.literal(attribute.key, entry, holds=False)
                yield [clear[gene] for gene in asked], literal

    def _blocks(
        self, attribute: Attribute, gene: str, panel: Result | None, told: Mapping[str, Result]
    ) -> bool:
        """Whether a gene keeps its panel from being clear until it is told clear itself."""
        if gene in told:
            return not told[gene].clear
        option = attribute.option(gene)
        months = self.finder.vocabulary.book.scoring.old_test_months
        is_old = panel is not None and panel.is_older_than(months, today=self.today)
        return is_old and option is not None and option.acquired

    def own_literals(self, key: str) -> int:
        """The literals that a question's own values are."""
        vocabulary = self.finder.vocabulary
        atoms = sum(1 << i for i, owner in enumerate(vocabulary.owner) if owner == key)
        return atoms | atoms << vocabulary.size

    def stretches(self, offer: Offer) -> list[tuple[int, int]]:
        """The numbers that a question can get, cut where something changes: (first, last)."""
        said = [
            one for one in self.plain(self.all[offer.key]) if not one.saying.hard & self._against
        ]
        numbers = [one.value for one in said if isinstance(one.value, int)]
        starts = [n for n in numbers if n in self._points or n == numbers[0]]
        ends = [*(start - 1 for start in starts[1:]), numbers[-1]]
        return list(zip(starts, ends, strict=True))

    def _of(self, attribute: Attribute, against: int) -> Iterable[Offer]:
        told = self.answers.given.get(attribute.key)
        if attribute.kind == "results":
            return self._results(attribute)
        if attribute.kind == "many":
            if told is None:
                return self._fresh(attribute)
            held_open = isinstance(told, tuple) and UNKNOWN in told
            return [o for o in self._fresh(attribute) if not o.whole] if held_open else ()
        if told is not None:
            return ()
        offers = self.plain(attribute)
        is_number = attribute.kind == "integer"
        return _first_numbers(offers, self._points, against) if is_number else offers

    def _results(self, attribute: Attribute) -> Iterator[Offer]:
        told = self.answers.results(attribute.key)
        for offer in self._fresh(attribute):
            gene = offer.unit.partition(".")[2]
            is_open = gene not in told or told[gene].result == "not_tested"
            if is_open and offer.unit not in self.answers.declined:
                yield offer

    def plain(self, attribute: Attribute) -> tuple[Offer, ...]:
        """The answers of a question that nothing else changes, prepared once for a rulebook."""
        prepared = _prepared.setdefault(self.finder, {})
        if attribute.key not in prepared:
            offers = values_of(attribute)
            prepared[attribute.key] = tuple(
                self._offer(attribute, Answers(), *one) for one in offers
            )
        return prepared[attribute.key]

    def _fresh(self, attribute: Attribute) -> tuple[Offer, ...]:
        """The answers of a question, read together with what was said of it and its like."""
        if attribute.key not in self._made:
            beside = self._beside(attribute)
            values = values_of(attribute)
            self._made[attribute.key] = (
                tuple(self._offer(attribute, beside, *one) for one in values)
                if beside.given
                else self.plain(attribute)
            )
        return self._made[attribute.key]

    def _beside(self, attribute: Attribute) -> Answers:
        merging = [a.key for a in self.all.values() if a.merged_from == attribute.key]
        alike = {attribute.key, attribute.merged_from, *merging}
        return Answers({k: v for k, v in self.answers.given.items() if k in alike})

    def _offer(
        self, attribute: Attribute, beside: Answers, unit: str, word: str, value: Value, whole: bool
    ) -> Offer:
        given = dict(beside.given)
        merge(given, attribute.key, (word,) if whole else value)
        encoder = self.finder.encoder
        before = encoder.encode(beside, today=self.today)
        hard = silent = 0
        for name, said in encoder.encode(Answers(given), today=self.today).items():
            if before.get(name) != said:
                hard |= said.hard
                silent |= said.silent
        if whole:
            # Silence is no certain "no" here: another item may be named as well.
            silent |= (hard | self._silence(attribute, word)) & ~self._named(attribute, word)
            hard &= self._named(attribute, word)
        saying = saying_of(self.finder.closure, hard, silent)
        return Offer(unit, word, value, saying, saying.all, whole)

    def _named(self, attribute: Attribute, word: str) -> int:
        return self.finder.vocabulary.literal(attribute.key, word)

    def _silence(self, attribute: Attribute, word: str) -> int:
        """What a list of this item alone, or of it and others, may rule out."""
        said = (word, *attribute.wider_than(word))
        literals = 0
        for option in attribute.options:
            if option.value not in said and not option.exclusive:
                literals |= self.finder.vocabulary.literal(attribute.key, option.value, holds=False)
        return literals


def _first_numbers(offers: Iterable[Offer], numbers: set[int], against: int) -> Iterator[Offer]:
    """The least number that contradicts nothing in each stretch between two telling numbers."""
    wanted = True
    for offer in offers:
        wanted = wanted or offer.value in numbers
        if wanted and not offer.saying.hard & against:
            wanted = False
            yield offer


def _split_points(
    questions: Iterable[Iterable[Offer]], relevant: int, finder: FactFinder
) -> set[int]:
    """The numbers at which something changes that matters, for all questions for numbers alike.

    Alike, because one number may be bound by another ("diagnosed before now").
    """
    vocabulary = finder.vocabulary
    numbers = {a.key for a in vocabulary.book.attributes.values() if a.kind == "integer"}
    plain = sum(1 << i for i, owner in enumerate(vocabulary.owner) if owner not in numbers)
    telling = plain | plain << vocabulary.size | relevant | finder.closure.negated(relevant)
    points: set[int] = set()
    for offers in questions:
        before = -1
        for offer in offers:
            now = offer.saying.hard & telling
            if now != before and isinstance(offer.value, int):
                points.add(offer.value)
            before = now
    return points
