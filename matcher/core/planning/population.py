"""Population: how somebody's unanswered questions might be answered, drawn by the rules' shares.

Members are drawn once for a rulebook, the same every time: each has, for every question, the
values in the order in which they would be taken. Beside a person's answers a member takes, question
by question, the first value that goes with all that is known by then. So values that something
known rules out hand their share to the others, and questions that make no sense stay unanswered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from random import Random
from statistics import NormalDist

from matcher.core.answers import Answers, Result, Value
from matcher.core.logic import ways_to_hold
from matcher.core.planning.sayings import Said, Sayings
from matcher.core.rulebook import Attribute

SHARE_OTHERWISE = 0.0005
"""The share of a value to which the rules give none."""
LISTS = 4
"""How many lists a member would take one after the other, if the first do not go."""

Choice = tuple[Said, ...]
"""The values of one question, the first to be taken first. For results: one for each gene."""


@dataclass(frozen=True)
class Member:
    """Somebody who answers everything that the person has not. `said` by key; genes one by one."""

    said: Mapping[str, Choice]
    known: int

    def value(self, key: str) -> Value | None:
        """The answer to a question, None if it does not arise."""
        said = self.said.get(key, ())
        if not said:
            return None
        first = said[0].value
        if not isinstance(first, Mapping):
            return first
        return {gene: result for one in said for gene, result in _results(one).items()}

    @cached_property
    def _by_unit(self) -> Mapping[str, int]:
        return {one.unit: one.brings for said in self.said.values() for one in said}

    def said_of(self, unit: str) -> int:
        """What the answer to one question, about one gene if so, may say; 0 without an answer."""
        return self._by_unit.get(unit, 0)

    def brings(self, key: str) -> int:
        """What the answer to a question may say, as literals."""
        together = 0
        for one in self.said.get(key, ()):
            together |= one.brings
        return together


class Population:
    """`size` members; `numbers` holds the first number of each stretch, by question."""

    def __init__(
        self, sayings: Sayings, *, size: int, numbers: Mapping[str, Sequence[int]]
    ) -> None:
        self.sayings = sayings
        self.closure = sayings.closure
        self.numbers = numbers
        self.attributes = tuple(sayings.finder.vocabulary.book.attributes.values())
        self._senseless = {a.key: self._ruled_out(a) for a in self.attributes}
        draws = {a.key: self._draws(a, size) for a in self.attributes}
        self.choices = [{key: drawn[i] for key, drawn in draws.items()} for i in range(size)]

    def beside(self, answers: Answers, *, known: int) -> list[Member]:
        """The members beside somebody's answers; `known` is what is certain of them, closed."""
        open_ = [one for one in self.attributes if _is_open(one, answers)]
        return [self._member(choices, open_, answers, known) for choices in self.choices]

    def _member(
        self, choices: Mapping[str, Choice], open_: list[Attribute], answers: Answers, known: int
    ) -> Member:
        said: dict[str, Choice] = {}
        against = self.closure.negated(known)
        for attribute in open_:
            key = attribute.key
            if any(known & way == way for way in self._senseless[key]):
                continue
            choice = choices[key]
            if attribute.kind == "results":
                told = {g for g, r in answers.results(key).items() if r.result != "not_tested"}
                taken = tuple(
                    one for one in choice if not (one.hard & against or told & {*_results(one)})
                )
            else:
                taken = next(((one,) for one in choice if not one.hard & against), ())
            if taken:
                said[key] = taken
                for one in taken:
                    known |= one.hard
                known = self.closure.close(0, beside=known)
                against = self.closure.negated(known)
        for taken in said.values():
            for one in taken:
                known |= one.brings & ~against
        return Member(said, known)

    def _ruled_out(self, attribute: Attribute) -> list[int]:
        if attribute.asked_when is None:
            return []
        expression = self.sayings.finder.vocabulary.expression(attribute.asked_when)
        return ways_to_hold(expression, atoms=self.closure.size, hold=False)

    def _draws(self, attribute: Attribute, size: int) -> list[Choice]:
        rng = Random(attribute.key)
        return [
            tuple(self.sayings.of(attribute.key, value) for value in self._values(attribute, rng))
            for _ in range(size)
        ]

    def _values(self, attribute: Attribute, rng: Random) -> Iterator[Value]:
        match attribute.kind:
            case "results":
                yield from _drawn_results(attribute, rng)
            case "many":
                yield from (_drawn_list(attribute, rng) for _ in range(LISTS))
            case "yes_no":
                yield from (("yes", "no")[i] for i in _race(rng, yes_or_no(attribute)))
            case "integer":
                starts = self.numbers[attribute.key]
                yield from (starts[i] for i in _race(rng, stretches(attribute, starts)))
            case _:
                race = _race(rng, shares_of(attribute))
                yield from (attribute.options[i].value for i in race)


def shares_of(attribute: Attribute) -> list[float]:
    """The shares of the options of which one is chosen. Those that the rules give none share
    evenly what the others leave.
    """
    given = [option.share for option in attribute.options]
    without = max(given.count(None), 1)
    left = max(1 - sum(share for share in given if share is not None), 0.0) / without
    return [share or max(left, SHARE_OTHERWISE) for share in given]


def yes_or_no(attribute: Attribute) -> tuple[float, float]:
    """The shares of yes and no."""
    yes = 0.5 if attribute.share is None else attribute.share
    return yes, 1 - yes


def stretches(attribute: Attribute, starts: Sequence[int]) -> list[float]:
    """The share of each stretch of numbers, by its start: under the rules' bell curve."""
    if attribute.usual is None:
        return [1 / len(starts)] * len(starts)
    bell = NormalDist(*attribute.usual)
    below = [0.0, *(bell.cdf(start - 0.5) for start in starts[1:]), 1.0]
    return [max(high - low, SHARE_OTHERWISE) for low, high in pairwise(below)]


def _is_open(attribute: Attribute, answers: Answers) -> bool:
    is_told = attribute.key in answers.given and attribute.kind != "results"
    return not is_told and attribute.key not in answers.declined


def _drawn_results(attribute: Attribute, rng: Random) -> Iterator[Value]:
    """A result for every gene; pairs and panels say what their genes do."""
    found = {
        option.value: rng.random() < (option.share or SHARE_OTHERWISE)
        for option in attribute.options
        if option.is_single
    }
    for option in attribute.options:
        if option.one_of:
            found[option.value] = any(found[gene] for gene in option.one_of)
    genes = [found[o.value] for o in attribute.options if not (o.panel or o.signature)]
    found.update((option.value, any(genes)) for option in attribute.options if option.panel)
    for gene, is_found in found.items():
        yield {gene: Result("mutation" if is_found else "none")}


def _drawn_list(attribute: Attribute, rng: Random) -> tuple[str, ...]:
    """A list as people tick it. Where "none" can be ticked, the items are drawn one by one; where
    not, there is one item at least, and as many as the shares add up to on average.
    """
    items = [option for option in attribute.options if not option.exclusive]
    none = next((option for option in attribute.options if option.exclusive), None)
    shares = [option.share or SHARE_OTHERWISE for option in items]
    first = items[_race(rng, shares)[0]].value
    if none is not None:
        share = none.share or SHARE_OTHERWISE
        if rng.random() < share:
            return (none.value,)
        part = 1 / max(1 - share, SHARE_OTHERWISE)
    else:
        part = max(sum(shares) - 1, 0.0) / sum(shares)
    chosen = {o.value for o, p in zip(items, shares, strict=True) if rng.random() < p * part}
    return tuple(sorted(chosen | {first} if none is None else chosen or {first}))


def _race(rng: Random, shares: Sequence[float]) -> list[int]:
    """Places in a random order: place i is first as often as its share says."""
    times = [rng.expovariate(share) for share in shares]
    return sorted(range(len(times)), key=times.__getitem__)


def _results(said: Said) -> Mapping[str, Result]:
    assert isinstance(said.value, Mapping)
    return said.value
