"""Questions: what to ask next, by what each answer would change in the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.engine import levels_of
from matcher.core.people import People
from matcher.core.facts import Facts
from matcher.core.levels import Level
from matcher.core.logic import ONE_PERSON, evaluate
from matcher.core.rulebook import (
    All,
    Attribute,
    Clause,
    Leaf,
    Opposite,
    Option,
    Some,
    Surely,
    TagIs,
    TagRule,
)
from matcher.core.truth import Truth
from matcher.core.vocabulary import CANCER, MAIN, STATUS

UNSETTLED = (Level.MAY_FIT, Level.OPEN)
SHARE_IF_UNKNOWN = 0.3


@dataclass(frozen=True)
class PossibleAnswer:
    """One answer that a question could get, and which levels it would change."""

    value: str
    changes: Mapping[tuple[Level, Level], int]
    share: float


@dataclass(frozen=True)
class Question:
    """An unanswered question. `settles` counts the unsettled studies that some answer moves.

    `weight` is how many of them the answer is expected to move.
    """

    key: str
    gene: str | None
    settles: int
    weight: float
    answers: tuple[PossibleAnswer, ...]

    @property
    def unit(self) -> str:
        """The single answer that is asked for: ``key`` or ``key.gene``."""
        return f"{self.key}.{self.gene}" if self.gene else self.key


def useful_units(catalogue: Catalogue) -> frozenset[str]:
    """The single answers (``key`` or ``key.gene``) that some study in the catalogue rests on."""
    units = {STATUS, CANCER}
    for tag in catalogue.tags.values():
        units.update(_units_of(catalogue, tag))
        if tag.scoped:
            units.add(MAIN)
    return frozenset(units)


def is_asked(catalogue: Catalogue, attribute: Attribute, facts: Facts) -> bool:
    """Whether a question makes sense for a person: unless its condition is surely not met."""
    if attribute.asked_when is None:
        return True
    expression = catalogue.finder.vocabulary.expression(attribute.asked_when)
    return bool(evaluate(expression, facts.value, ONE_PERSON) != Truth.NO)


def possible_answers(
    catalogue: Catalogue, answers: Answers, *, today: date
) -> list[tuple[str, list[tuple[str, Value]]]]:
    """Every open question (``key`` or ``key.gene``) with the answers that it could get."""
    facts = catalogue.finder.find(answers, today=today)
    return [
        (_unit(attribute, option), list(_possible_values(catalogue, attribute, option)))
        for attribute, option in _open_questions(catalogue, answers, facts)
    ]


def rank_questions(catalogue: Catalogue, answers: Answers, *, today: date) -> tuple[Question, ...]:
    """The unanswered questions, most valuable first: one batch of hypothetical profiles."""
    facts = catalogue.finder.find(answers, today=today)
    trials = [
        (attribute, option, word, value)
        for attribute, option in _open_questions(catalogue, answers, facts)
        for word, value in _possible_values(catalogue, attribute, option)
    ]
    people = [facts]
    for attribute, option, _, value in trials:
        told = _with(answers, attribute, option, value)
        people.append(catalogue.finder.find(told, today=today))
    levels = levels_of(catalogue, People.of(people, size=facts.size)).astype(np.int64)
    found: dict[tuple[str, str | None], list[tuple[PossibleAnswer, set[int]]]] = {}
    for column, (attribute, option, word, _) in enumerate(trials, start=1):
        answer = _compare(levels[:, 0], levels[:, column], word, _share(attribute, option, word))
        name = (attribute.key, option.value if option else None)
        found.setdefault(name, []).append(answer)
    questions = [_question(key, gene, told) for (key, gene), told in found.items()]
    useful = [question for question in questions if question.weight > 0]
    order = {key: number for number, key in enumerate(catalogue.book.attributes)}
    return tuple(sorted(useful, key=lambda q: (-q.weight, order[q.key], q.gene or "")))


def _open_questions(
    catalogue: Catalogue, answers: Answers, facts: Facts
) -> list[tuple[Attribute, Option | None]]:
    units = useful_units(catalogue)
    return [
        (attribute, option)
        for attribute in catalogue.book.attributes.values()
        if is_asked(catalogue, attribute, facts)
        for option in _open_parts(attribute, answers, units)
    ]


def _unit(attribute: Attribute, option: Option | None) -> str:
    return f"{attribute.key}.{option.value}" if option else attribute.key


def _question(
    key: str, gene: str | None, answers: Sequence[tuple[PossibleAnswer, set[int]]]
) -> Question:
    settled = set().union(*(moved for _, moved in answers))
    shares = sum(answer.share for answer, _ in answers) or 1.0
    weight = sum(answer.share * len(moved) for answer, moved in answers) / shares
    return Question(key, gene, len(settled), weight, tuple(answer for answer, _ in answers))


def _compare(
    now: np.ndarray[tuple[int], np.dtype[np.int64]],
    then: np.ndarray[tuple[int], np.dtype[np.int64]],
    word: str,
    share: float,
) -> tuple[PossibleAnswer, set[int]]:
    moved = np.nonzero(now != then)[0]
    changes = Counter((Level(int(now[row])), Level(int(then[row]))) for row in moved)
    settled = {int(row) for row in moved if int(now[row]) in UNSETTLED}
    return PossibleAnswer(word, dict(sorted(changes.items())), share), settled


def _open_parts(
    attribute: Attribute, answers: Answers, units: frozenset[str]
) -> Iterator[Option | None]:
    if attribute.key in answers.declined:
        return
    if attribute.kind != "results":
        if attribute.key not in answers.given and attribute.key in units:
            yield None
        return
    told = answers.results(attribute.key)
    for option in attribute.options:
        unit = f"{attribute.key}.{option.value}"
        result = told.get(option.value)
        is_open = result is None or result.result == "not_tested"
        if is_open and unit in units and unit not in answers.declined:
            yield option


def _possible_values(
    catalogue: Catalogue, attribute: Attribute, option: Option | None
) -> Iterator[tuple[str, Value]]:
    if option is not None:
        for word in ("mutation", "none"):
            yield word, {option.value: Result(word)}
    elif attribute.kind == "yes_no":
        yield from (("yes", "yes"), ("no", "no"))
    elif attribute.kind == "integer":
        for number in _telling_numbers(catalogue, attribute):
            yield str(number), number
    elif attribute.kind == "one":
        yield from ((o.value, o.value) for o in attribute.options)
    else:
        for one in attribute.options:
            values = (one.value,) if one.exclusive else tuple(sorted((one.value, UNKNOWN)))
            yield one.value, values


def _telling_numbers(catalogue: Catalogue, attribute: Attribute) -> list[int]:
    """A number on each side of every bound that the catalogue's tags set."""
    bounds = {attribute.min}
    for tag in catalogue.tags.values():
        for leaf in _leaves_of(catalogue, tag):
            if leaf.attribute == attribute.key:
                bounds.update(b for b in (leaf.low,) if b is not None)
                bounds.update(b + 1 for b in (leaf.high,) if b is not None)
    return sorted(b for b in bounds if attribute.min <= b <= attribute.max)


def _with(answers: Answers, attribute: Attribute, option: Option | None, value: Value) -> Answers:
    if option is not None and isinstance(value, Mapping):
        value = {**answers.results(attribute.key), **value}
    return Answers({**answers.given, attribute.key: value}, answers.declined)


def _share(attribute: Attribute, option: Option | None, word: str) -> float:
    if option is not None:
        share = option.share if option.share is not None else SHARE_IF_UNKNOWN
        return share if word == "mutation" else 1 - share
    told = attribute.option(word)
    if told is not None and told.share is not None:
        return told.share
    return 0.5 if attribute.kind == "yes_no" else SHARE_IF_UNKNOWN


def _units_of(catalogue: Catalogue, tag: TagRule) -> Iterator[str]:
    for leaf in _leaves_of(catalogue, tag):
        yield f"{leaf.attribute}.{leaf.gene}" if leaf.gene else leaf.attribute


def _leaves_of(catalogue: Catalogue, tag: TagRule) -> Iterator[Leaf]:
    for clause in (tag.when, tag.maybe):
        if clause is not None:
            yield from _leaves_in(catalogue, clause)


def _leaves_in(catalogue: Catalogue, clause: Clause) -> Iterator[Leaf]:
    match clause:
        case Leaf():
            yield clause
        case All(parts) | Some(parts):
            for part in parts:
                yield from _leaves_in(catalogue, part)
        case Opposite(part) | Surely(part):
            yield from _leaves_in(catalogue, part)
        case TagIs(key):
            yield from _leaves_of(catalogue, catalogue.book.tag(key))
        case _:
            return
