"""Questions: what to ask next, by what each answer would change in the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.engine import best_of, levels_of
from matcher.core.facts import Facts
from matcher.core.levels import Level
from matcher.core.logic import ONE_PERSON, evaluate
from matcher.core.people import People
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
FIRST_PAGE = 10


@dataclass(frozen=True)
class PossibleAnswer:
    """One answer that a question could get, and which levels it would change."""

    value: str
    changes: Mapping[tuple[Level, Level], int]
    share: float


_Levels = NDArray[np.int64]
_Tried = tuple[PossibleAnswer, set[int], float]


@dataclass(frozen=True)
class Question:
    """An unanswered question.

    `settles` counts the unsettled studies (may fit, or open) that some answer moves, and
    `settles_may_fit` those of them that may fit now; `top` is how much the first page is expected
    to change, 0 if not at all; `weight` is what the order goes by. `together` names the single
    answers without which none of its answers changes anything; empty when it acts alone.
    """

    key: str
    gene: str | None
    settles: int
    settles_may_fit: int
    top: float
    weight: float
    answers: tuple[PossibleAnswer, ...]
    together: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The single answer that is asked for: ``key`` or ``key.gene``."""
        return f"{self.key}.{self.gene}" if self.gene else self.key


@dataclass(frozen=True)
class Plan:
    """What to ask, most valuable first. `may_fit` and `open` count the listed studies now there."""

    questions: tuple[Question, ...]
    may_fit: int
    open: int

    @property
    def settled(self) -> bool:
        """Whether no question can change the first page."""
        return not any(question.top > 0 for question in self.questions)


def page_weights(plan: Plan) -> Mapping[str, float]:
    """What each page of the form is worth, by attribute key: its question, or all its genes."""
    weights: dict[str, float] = {}
    for question in plan.questions:
        weights[question.key] = weights.get(question.key, 0.0) + question.weight
    return weights


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


def rank_questions(catalogue: Catalogue, answers: Answers, *, today: date) -> Plan:
    """The unanswered questions, most valuable first: one batch of hypothetical profiles."""
    facts = catalogue.finder.find(answers, today=today)
    trials = [
        (attribute, option, word, value)
        for attribute, option in _open_questions(catalogue, answers, facts)
        for word, value in _possible_values(catalogue, attribute, option)
    ]
    told = [
        catalogue.finder.find(_with(answers, attribute, option, value), today=today)
        for attribute, option, _, value in trials
    ]
    # An answer that runs against those given cannot be true beside them.
    possible = [set(one.contradictions) <= set(facts.contradictions) for one in told]
    trials = list(compress(trials, possible))
    people = [facts, *compress(told, possible)]
    levels, pages = _look(catalogue, people, today=today)
    found: dict[tuple[str, str | None], list[_Tried]] = {}
    for column, (attribute, option, word, _) in enumerate(trials, start=1):
        answer = _compare(levels[:, 0], levels[:, column], word, _share(attribute, option, word))
        name = (attribute.key, option.value if option else None)
        change = _page_change(pages[0], pages[column])
        found.setdefault(name, []).append((*answer, change))
    may_fit = {int(row) for row in np.nonzero(levels[:, 0] == Level.MAY_FIT)[0]}
    questions = [_question(key, gene, told, may_fit) for (key, gene), told in found.items()]
    useful = [question for question in questions if question.settles or question.top]
    order = {key: number for number, key in enumerate(catalogue.book.attributes)}
    ranked = sorted(useful, key=lambda q: (-q.weight, order[q.key], q.gene or ""))
    return Plan(tuple(ranked), len(may_fit), int(np.sum(levels[:, 0] == Level.OPEN)))


def _look(
    catalogue: Catalogue, people: Sequence[Facts], *, today: date
) -> tuple[_Levels, list[list[tuple[int, int]]]]:
    """Levels of the listed studies [studies × people] and everybody's first page."""
    day = catalogue.on(today)
    known = People.of(people, size=people[0].size)
    best = best_of(catalogue, day, known, top=FIRST_PAGE)
    pages = [
        [(int(row), int(level)) for row, level in zip(rows, levels, strict=True) if row >= 0]
        for rows, levels in zip(best.rows, best.levels, strict=True)
    ]
    levels = levels_of(catalogue, known).astype(np.int64)
    return np.where(day.listed.reshape(-1, 1), levels, int(Level.UNLABELLED)), pages


def _page_change(now: list[tuple[int, int]], then: list[tuple[int, int]]) -> float:
    """How many studies of the first page are new there or stand at another level, or elsewhere."""
    moved = sum(one != other for one, other in zip(now, then, strict=True))
    return len(set(then) - set(now)) + 0.1 * moved


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


def _question(key: str, gene: str | None, tried: Sequence[_Tried], may_fit: set[int]) -> Question:
    settled = set().union(*(moved for _, moved, _ in tried))
    shares = sum(answer.share for answer, _, _ in tried) or 1.0
    weight = sum(answer.share * len(moved) for answer, moved, _ in tried) / shares
    top = sum(answer.share * change for answer, _, change in tried) / shares
    return Question(
        key=key,
        gene=gene,
        settles=len(settled),
        settles_may_fit=len(settled & may_fit),
        top=top,
        weight=weight + top,
        answers=tuple(answer for answer, _, _ in tried),
    )


def _compare(
    now: _Levels,
    then: _Levels,
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
