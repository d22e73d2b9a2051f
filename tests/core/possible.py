"""Possible: every answer that the open questions could get, for tests that try them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.planning.asking import Open, open_questions, telling_numbers
from matcher.core.questions import useful_units


def possible_answers(
    catalogue: Catalogue, answers: Answers, *, today: date
) -> list[tuple[str, list[tuple[str, Value]]]]:
    """Every open question (``key`` or ``key.gene``) with the answers that it could get.

    Of a list: each item by itself, the rest of the list left open.
    """
    facts = catalogue.finder.find(answers, today=today)
    questions = open_questions(catalogue, answers, facts, useful=useful_units(catalogue))
    return [(one.unit, list(_values(catalogue, one))) for one in questions]


def _values(catalogue: Catalogue, question: Open) -> Iterator[tuple[str, Value]]:
    attribute = question.attribute
    if question.option is not None:
        for word in ("mutation", "none"):
            yield word, {question.option.value: Result(word)}
    elif attribute.kind == "yes_no":
        yield from (("yes", "yes"), ("no", "no"))
    elif attribute.kind == "integer":
        for number in telling_numbers(catalogue, attribute):
            yield str(number), number
    elif attribute.kind == "one":
        yield from ((o.value, o.value) for o in attribute.options)
    else:
        for one in attribute.options:
            values = (one.value,) if one.exclusive else tuple(sorted((one.value, UNKNOWN)))
            yield one.value, values
