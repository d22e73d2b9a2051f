"""Asking: which questions are open for a person, and which answers each of them could get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.core.answers import Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.facts import Facts
from matcher.core.logic import evaluate
from matcher.core.rulebook import (
    Attribute,
    Clause,
    Leaf,
    Option,
    TagIs,
    within,
)
from matcher.core.truth import Truth


@dataclass(frozen=True)
class Open:
    """A question without an answer; for results, about one gene or signature."""

    attribute: Attribute
    option: Option | None = None

    @property
    def gene(self) -> str | None:
        """The gene or signature, if it is about one."""
        return self.option.value if self.option else None

    @property
    def unit(self) -> str:
        """The single answer that is asked for: ``key`` or ``key.gene``."""
        return f"{self.attribute.key}.{self.option.value}" if self.option else self.attribute.key


def is_asked(catalogue: Catalogue, attribute: Attribute, facts: Facts) -> bool:
    """Whether a question makes sense for a person: unless its condition is surely not met."""
    if attribute.asked_when is None:
        return True
    expression = catalogue.finder.vocabulary.expression(attribute.asked_when)
    return bool(evaluate(expression, facts.value) != Truth.NO)


def open_questions(
    catalogue: Catalogue, answers: Answers, facts: Facts, *, useful: frozenset[str]
) -> list[Open]:
    """The questions of `useful` that make sense, have no answer and were not declined."""
    return [
        one
        for attribute in catalogue.book.attributes.values()
        if attribute.key not in answers.declined and is_asked(catalogue, attribute, facts)
        for one in _open_parts(attribute, answers)
        if one.unit in useful and one.unit not in answers.declined
    ]


def telling_numbers(catalogue: Catalogue, attribute: Attribute) -> list[int]:
    """The first number of each stretch that the catalogue's tags and the rules tell apart."""
    book = catalogue.book
    bounds = {attribute.min}
    clauses: list[Clause | None] = [a.asked_when for a in book.attributes.values()]
    for rule in book.implications:
        clauses += [rule.premise, rule.conclusion]
    for tag in catalogue.tags.values():
        clauses += [tag.when, tag.maybe]
    for clause in clauses:
        for leaf in _leaves_in(catalogue, clause):
            if leaf.attribute == attribute.key:
                bounds.update(b for b in (leaf.low,) if b is not None)
                bounds.update(b + 1 for b in (leaf.high,) if b is not None)
    return sorted(b for b in bounds if attribute.min <= b <= attribute.max)


def with_answer(answers: Answers, key: str, value: Value) -> Answers:
    """The answers with one more; results join those that are there."""
    if isinstance(value, Mapping):
        value = {**answers.results(key), **value}
    return Answers({**answers.given, key: value}, answers.declined)


def _open_parts(attribute: Attribute, answers: Answers) -> Iterator[Open]:
    if attribute.kind != "results":
        if attribute.key not in answers.given:
            yield Open(attribute)
        return
    told = answers.results(attribute.key)
    for option in attribute.options:
        result = told.get(option.value)
        if result is None or result.result == "not_tested":
            yield Open(attribute, option)


def _leaves_in(catalogue: Catalogue, clause: Clause | None) -> Iterator[Leaf]:
    """What a condition tests, also by the tags that it names."""
    for part in within(clause):
        if isinstance(part, Leaf):
            yield part
        elif isinstance(part, TagIs):
            tag = catalogue.book.tag(part.key)
            yield from _leaves_in(catalogue, tag.when)
            yield from _leaves_in(catalogue, tag.maybe)
