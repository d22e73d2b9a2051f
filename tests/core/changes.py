"""Changes: the fewest answers that would make a study fit, found by trying every set of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.engine import decide
from matcher.core.facts import Facts
from matcher.core.questions import is_asked
from matcher.core.rulebook import Attribute
from matcher.core.study import Study
from matcher.core.truth import Truth

Told = tuple[str, str, Value]
"""A single answer: the question's key, the unit, and what it is told (of a list, one item)."""


def every_answer(
    catalogue: Catalogue, answers: Answers, *, today: date, numbers: Sequence[int]
) -> list[Told]:
    """Every single answer to a question that is not known; `numbers` for questions for one."""
    facts = catalogue.finder.find(answers, today=today)
    return [
        (attribute.key, *told)
        for attribute in catalogue.book.attributes.values()
        if attribute.key not in answers.declined and is_asked(catalogue, attribute, facts)
        for told in _answers_to(attribute, answers, numbers)
    ]


def _answers_to(
    attribute: Attribute, answers: Answers, numbers: Sequence[int]
) -> Iterator[tuple[str, Value]]:
    key, told = attribute.key, answers.given.get(attribute.key)
    if attribute.kind == "results":
        for option in attribute.options:
            unit = f"{key}.{option.value}"
            result = answers.results(key).get(option.value)
            if unit not in answers.declined and (result is None or result.result == "not_tested"):
                yield from ((unit, {option.value: Result(word)}) for word in ("mutation", "none"))
    elif told is not None and not (isinstance(told, tuple) and UNKNOWN in told):
        return
    elif attribute.kind == "yes_no":
        yield from ((key, word) for word in ("yes", "no"))
    elif attribute.kind == "integer":
        yield from ((key, n) for n in numbers if attribute.min <= n <= attribute.max)
    elif attribute.kind == "one":
        yield from ((key, option.value) for option in attribute.options)
    else:
        yield from ((key, (option.value,)) for option in attribute.options)


def ways_to_tell(answers: Answers, chosen: Iterable[Told], none: frozenset[str]) -> list[Answers]:
    """The answers with those chosen: lists told as open, or also as whole if nothing was listed."""
    given: dict[str, Value] = {}
    seen: set[str] = set()
    for key, unit, value in chosen:
        if isinstance(value, tuple):
            given[key] = (*given.get(key, ()), *value)  # type: ignore[misc]
            continue
        if unit in seen:
            return []
        seen.add(unit)
        if isinstance(value, dict):
            base = given.get(key, answers.results(key))
            given[key] = {**base, **value}  # type: ignore[dict-item]
        else:
            given[key] = value
    lists = [key for key, value in given.items() if isinstance(value, tuple)]
    told: list[dict[str, Value]] = [given]
    for key in lists:
        items: tuple[str, ...] = given[key]  # type: ignore[assignment]
        had = answers.given.get(key)
        if none & set(items):
            if len(items) > 1 or had is not None:
                return []
            shapes: list[Value] = [items]
        elif isinstance(had, tuple):
            shapes = [tuple(sorted({*had, *items}))]
        else:
            shapes = [tuple(sorted({*items, UNKNOWN})), tuple(sorted(items))]
        told = [{**one, key: shape} for one in told for shape in shapes]
    return [Answers({**answers.given, **one}, answers.declined) for one in told]


def fewest(
    catalogue: Catalogue,
    study: Study,
    answers: Answers,
    *,
    today: date,
    most: int,
    numbers: Sequence[int] = (),
) -> int | None:
    """The size of the smallest set of at most `most` answers that makes the study fit."""
    alone = Catalogue.compile(catalogue.book, [study], finder=catalogue.finder)
    parts = every_answer(alone, answers, today=today, numbers=numbers)
    attributes = catalogue.book.attributes.values()
    none = frozenset(o.value for a in attributes for o in a.options if o.exclusive)
    before = set(catalogue.finder.find(answers, today=today).contradictions)
    for size in range(most + 1):
        people: list[Facts] = []
        for chosen in combinations(parts, size):
            for told in ways_to_tell(answers, chosen, none):
                facts = alone.finder.find(told, today=today)
                if set(facts.contradictions) <= before:
                    people.append(facts)
            if len(people) > 2000 and _any_fits(alone, people):
                return size
            if len(people) > 2000:
                people = []
        if people and _any_fits(alone, people):
            return size
    return None


def _any_fits(alone: Catalogue, people: Sequence[Facts]) -> bool:
    return bool((decide(alone, people).most[0] == Truth.YES).any())
