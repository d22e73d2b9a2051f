"""Saying: finds answers that say a given fact, so that every rule can be tried whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.finder import FactFinder
from matcher.core.finding.closure import bits
from matcher.core.rulebook import Attribute

TODAY = date(2026, 11, 22)
Given = dict[str, Value]


def every_answer(attribute: Attribute) -> Iterator[Value]:
    """Simple answers to a question: the ones that leave most open first."""
    match attribute.kind:
        case "one":
            yield from (option.value for option in attribute.options)
        case "yes_no":
            yield from ("yes", "no")
        case "integer":
            yield from range(attribute.min, attribute.max + 1)
        case "many":
            for option in attribute.options:
                if not option.exclusive:
                    yield tuple(sorted((option.value, UNKNOWN)))
            yield from ((option.value,) for option in attribute.options)
        case _:
            for option in attribute.options:
                yield {option.value: Result("mutation")}
                yield {option.value: Result("none")}


def answer_saying(finder: FactFinder, literal: int) -> Given | None:
    """One answer of the question that the fact is about, which says it for certain."""
    number = (literal.bit_length() - 1) % finder.closure.size
    attribute = finder.vocabulary.book.attributes.get(finder.vocabulary.owner[number])
    if attribute is None:
        return None
    for value in every_answer(attribute):
        given: Given = {attribute.key: value}
        encoded = finder.encoder.encode(Answers(given), today=TODAY)
        if any(said.hard & literal for said in encoded.values()):
            return given
    return None


def answers_saying(finder: FactFinder, literals: int, given: Given | None = None) -> Given | None:
    """Answers that say all facts of a set, beside those given; None if no simple ones do."""
    answers: dict[str, Any] = dict(given or {})
    for literal in bits(literals):
        said = finder.encoder.encode(Answers(answers), today=TODAY)
        if any(one.hard & literal for one in said.values()):
            continue
        more = answer_saying(finder, literal)
        if more is None:
            return None
        for key, value in more.items():
            if isinstance(value, dict) and isinstance(answers.get(key, {}), dict):
                answers[key] = {**answers.get(key, {}), **value}
            elif isinstance(value, tuple) and isinstance(answers.get(key, ()), tuple):
                answers[key] = tuple(sorted({*answers.get(key, ()), *value}))
            elif key in answers:
                return None
            else:
                answers[key] = value
    return answers
