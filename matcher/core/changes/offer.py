"""Offer: one answer that a question could get, and what it would say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.core.answers import UNKNOWN, Result, Value
from matcher.core.finding.closure import Closure, bits
from matcher.core.rulebook import Attribute


@dataclass(frozen=True)
class Saying:
    """What an answer says: `hard` literals, closed; literals of silence, each with what follows."""

    hard: int
    silent: tuple[tuple[int, int], ...]

    @property
    def all(self) -> int:
        """All literals that it may bring."""
        together = self.hard
        for _, closed in self.silent:
            together |= closed
        return together


@dataclass(frozen=True)
class Offer:
    """An answer to an open question; of a list, one item to name (`whole`: and no other)."""

    unit: str
    word: str
    value: Value
    saying: Saying
    reach: int
    whole: bool = False

    @property
    def key(self) -> str:
        """The question that it answers."""
        return self.unit.partition(".")[0]


def merge(given: dict[str, Value], key: str, value: Value) -> None:
    """Add an answer to others; a gene joins its results, an item its list."""
    told = given.get(key)
    if isinstance(value, tuple) and isinstance(told, tuple):
        value = tuple(sorted({*told, *value}))
    elif isinstance(value, Mapping) and isinstance(told, Mapping):
        value = {**told, **value}
    given[key] = value


def values_of(attribute: Attribute) -> Iterator[tuple[str, str, Value, bool]]:
    """(unit, word, value, whether the list is whole) of every answer that a question can get."""
    key = attribute.key
    match attribute.kind:
        case "yes_no":
            yield from ((key, word, word, False) for word in ("yes", "no"))
        case "integer":
            numbers = range(attribute.min, attribute.max + 1)
            yield from ((key, str(number), number, False) for number in numbers)
        case "one":
            yield from ((key, o.value, o.value, False) for o in attribute.options)
        case "results":
            for option in attribute.options:
                for word in ("mutation", "none"):
                    value = {option.value: Result(word)}
                    yield f"{key}.{option.value}", word, value, False
        case _:
            for option in attribute.options:
                if option.exclusive:
                    yield key, option.value, (option.value,), False
                else:
                    held_open = tuple(sorted((option.value, UNKNOWN)))
                    yield key, option.value, held_open, False
                    yield key, option.value, held_open, True


def saying_of(closure: Closure, hard: int, silent: int) -> Saying:
    return Saying(closure.close(hard), tuple((one, closure.close(one)) for one in bits(silent)))
