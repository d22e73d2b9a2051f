"""People: an endless, seeded stream of answers as people give them.

Questions are asked in the form's order. Each is skipped when its `asked_when` is surely not met
(judged by the answers that this condition names), not known or declined with a fixed chance, and
otherwise answered by the rules' shares; `matcher.bench.usual` holds every other number. Then
contradictions are repaired by dropping one of the answers at random, until none is left; a small
part of the contradictory people is left as it is. Drawing n people takes time linear in n; the
first n are the same however many are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from random import Random

from matcher.bench import usual
from matcher.bench.asking import Asking
from matcher.bench.testing import draw_results
from matcher.core.answers import UNKNOWN, Answers, Value
from matcher.core.finder import FactFinder
from matcher.core.rulebook import Attribute, Option
from matcher.core.vocabulary import CANCER, MAIN

SHARE_OTHERWISE = 0.0005
"""The share of a value to which the rules give none (most countries)."""


def draw_people(finder: FactFinder, *, seed: int, today: date) -> Iterator[Answers]:
    """People without end, the same for the same seed, rules and day."""
    drawer = _Drawer(finder, seed=seed, today=today)
    while True:
        yield drawer.person()


class _Drawer:
    def __init__(self, finder: FactFinder, *, seed: int, today: date) -> None:
        self.rng = Random(f"people {seed}")
        self.finder = finder
        self.today = today
        self.asking = Asking(finder, today=today)
        book = finder.vocabulary.book
        self.attributes = sorted(book.attributes.values(), key=lambda attribute: attribute.order)
        self.shares = {a.key: _shares(a) for a in self.attributes}

    def person(self) -> Answers:
        given: dict[str, Value] = {}
        declined: set[str] = set()
        for attribute in self.attributes:
            if not self.asking.is_asked(attribute, given):
                continue
            chance = self.rng.random() - usual.DECLINED
            if chance < 0:
                declined.add(attribute.key)
            elif chance >= usual.NOT_KNOWN.get(attribute.key, usual.NOT_KNOWN_OTHERWISE):
                value = self._answer(attribute, given)
                if value is not None:
                    given[attribute.key] = value
        return self._repaired(Answers(given, frozenset(declined)))

    def _answer(self, attribute: Attribute, given: dict[str, Value]) -> Value | None:
        match attribute.kind:
            case "results":
                return draw_results(self.rng, attribute, today=self.today) or None
            case "many":
                return self._list(attribute)
            case "integer":
                return self._number(attribute, given)
            case "yes_no":
                together = self._goes_together(attribute, given)
                if together:
                    return self.rng.choice(together)
                return "yes" if self.rng.random() < share_of_yes(attribute) else "no"
            case _:
                return self._one(attribute, given)

    def _one(self, attribute: Attribute, given: dict[str, Value]) -> Value | None:
        if attribute.key == MAIN and CANCER in given:
            cancers = [value for value in _listed(given[CANCER]) if value != UNKNOWN]
            return self.rng.choice(cancers) if len(cancers) > 1 else None
        together = self._goes_together(attribute, given)
        if together:
            return self.rng.choice(together)
        return self._by_share(attribute)

    def _goes_together(self, attribute: Attribute, given: dict[str, Value]) -> list[str | int]:
        """The values that usually go with what was answered before; empty where any may."""
        other, table = usual.GO_TOGETHER.get(attribute.key, ("", {}))
        values = table.get(str(given.get(other)), [])
        return values if values and self.rng.random() < usual.USUALLY else []

    def _by_share(self, attribute: Attribute) -> str:
        options, totals = self.shares[attribute.key]
        return self.rng.choices(options, cum_weights=totals)[0].value

    def _list(self, attribute: Attribute) -> tuple[str, ...]:
        if attribute.key == CANCER:
            return self._cancers(attribute)
        rng = self.rng
        none = next((o for o in attribute.options if o.exclusive), None)
        if none and rng.random() < (none.share or SHARE_OTHERWISE):
            return (none.value,)
        values = {
            option.value
            for option in attribute.options
            if not option.exclusive and rng.random() < (option.share or SHARE_OTHERWISE)
        }
        if not values:
            return (none.value if none else self._by_share(attribute),)
        if rng.random() < usual.UNFINISHED_LIST:
            values.add(UNKNOWN)
        return tuple(sorted(values))

    def _cancers(self, attribute: Attribute) -> tuple[str, ...]:
        values = {self._by_share(attribute)}
        if self.rng.random() < usual.SECOND_CANCER:
            values.add(self._by_share(attribute))
        return tuple(sorted(values))

    def _number(self, attribute: Attribute, given: dict[str, Value]) -> int:
        together = self._goes_together(attribute, given)
        if together:
            return int(self.rng.choice(together))
        number = draw_number(self.rng, attribute)
        other = given.get(usual.AT_LEAST.get(attribute.key, ""))
        if isinstance(other, int) and number < other and self.rng.random() < usual.USUALLY:
            return min(other + int(self.rng.expovariate(1 / 6)), attribute.max)
        return number

    def _repaired(self, answers: Answers) -> Answers:
        if not self._contradict(answers) or self.rng.random() < usual.STILL_CONTRADICTORY:
            return answers
        found = self.finder.find(answers, today=self.today).contradictions
        while found:
            unit = self.rng.choice(sorted(found[0].units))
            answers = answers.without(frozenset({unit}))
            found = self.finder.find(answers, today=self.today).contradictions
        return answers

    def _contradict(self, answers: Answers) -> bool:
        """Whether any two of the facts that surely follow exclude each other: a quick look."""
        facts = self.finder.find_certain(answers, today=self.today)
        return facts.known & facts.known >> facts.size != 0


def share_of_yes(attribute: Attribute) -> float:
    """How many say yes."""
    return usual.YES_OTHERWISE if attribute.share is None else attribute.share


def draw_number(rng: Random, attribute: Attribute) -> int:
    """A number under the rules' bell curve, cut where hardly anybody is."""
    middle = (attribute.min + attribute.max) / 2
    mean, deviation = attribute.usual or (middle, middle / 3)
    least, greatest = usual.LIMITS.get(attribute.key, (attribute.min, attribute.max))
    return min(max(round(rng.gauss(mean, deviation)), least), greatest)


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _shares(attribute: Attribute) -> tuple[list[Option], list[float]]:
    options = [option for option in attribute.options if not option.exclusive]
    return options, list(accumulate(option.share or SHARE_OTHERWISE for option in options))
