"""Asking: whether a question is asked, remembered by the answers that its condition names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.core.answers import UNKNOWN, Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.questions import is_asked
from matcher.core.rulebook import (
    Attribute,
    Clause,
    Leaf,
    Rulebook,
    within,
)
from matcher.core.vocabulary import STATUS


class Asking:
    """Decides by `is_asked`, over the answers to the questions that the condition names.

    What the condition cannot tell apart (ages on one side of its bound, values that it does not
    name) is made one, so that few cases are decided and the rest is remembered.
    """

    def __init__(self, finder: FactFinder, *, today: date) -> None:
        book = finder.vocabulary.book
        self.catalogue = Catalogue.compile(book, [], finder=finder)
        self.today = today
        self.named = {
            attribute.key: _named(book, attribute.asked_when)
            for attribute in book.attributes.values()
            if attribute.asked_when is not None
        }
        self.decided: dict[tuple[Any, ...], bool] = {}

    def is_asked(self, attribute: Attribute, given: Mapping[str, Value]) -> bool:
        """Whether the question makes sense after these answers."""
        named = self.named.get(attribute.key)
        if named is None:
            return True
        seen = {key: _seen(given[key], values) for key, values in named.items() if key in given}
        name = (attribute.key, *seen.items())
        if name not in self.decided:
            facts = self.catalogue.finder.find(Answers(seen), today=self.today)
            self.decided[name] = is_asked(self.catalogue, attribute, facts)
        return self.decided[name]


def _named(book: Rulebook, clause: Clause) -> dict[str, frozenset[str | int]]:
    """By question: the values that a condition tells apart; of numbers, the least of each range."""
    # Whoever never had cancer is not asked about one, although the condition does not say it.
    named: dict[str, set[str | int]] = {STATUS: {o.value for o in book.attributes[STATUS].options}}
    for leaf in (part for part in within(clause) if isinstance(part, Leaf)):
        attribute = book.attributes[leaf.attribute]
        values = named.setdefault(leaf.attribute, set())
        values.update(leaf.values)
        for value in leaf.values:
            values.update(attribute.wider_than(value))
        if attribute.kind == "integer":
            bounds = [attribute.min, leaf.low, None if leaf.high is None else leaf.high + 1]
            values.update(bound for bound in bounds if bound is not None)
    return {key: frozenset(values) for key, values in named.items()}


def _seen(value: Value, named: frozenset[str | int]) -> Value:
    """The answer as the condition sees it."""
    if isinstance(value, int):
        return max((n for n in named if isinstance(n, int) and n <= value), default=value)
    if isinstance(value, tuple):
        return tuple(v for v in value if v in named or v == UNKNOWN) or value[:1]
    return value
