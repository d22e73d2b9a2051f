"""Trying: every answer that people could still give, one by one, without any of the shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher.core.answers import Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.engine import levels_of
from matcher.core.finder import FactFinder
from matcher.core.levels import Level
from matcher.core.planning.grounded import is_grounded
from matcher.core.questions import is_asked
from matcher.core.rulebook import Attribute


@dataclass(frozen=True)
class Told:
    """One more answer, and the person who gives it."""

    unit: str
    word: str
    answers: Answers


@dataclass(frozen=True)
class Tried:
    """The studies' levels now, and after each answer that could be given, by the studies' rows."""

    now: list[Level]
    then: list[tuple[Told, list[Level]]]


def try_all(catalogue: Catalogue, answers: Answers, *, today: date) -> Tried:
    """Put every answer that somebody could give to the engine."""
    ways = _every_way(catalogue, answers, today)
    now, *then = _stands(catalogue, [answers, *(way.answers for way in ways)], today)
    return Tried(now, list(zip(ways, then, strict=True)))


def _every_way(catalogue: Catalogue, answers: Answers, today: date) -> list[Told]:
    """All answers to all questions that are open, those left out that contradict something."""
    finder = catalogue.finder
    now = finder.find(answers, today=today)
    before = set(now.contradictions)
    found = []
    for attribute in catalogue.book.attributes.values():
        if not is_grounded(attribute, answers):
            continue
        if is_asked(catalogue, attribute, now) and attribute.key not in answers.declined:
            for unit, word, value in _values(attribute, answers):
                if unit not in answers.declined:
                    told = Answers({**answers.given, attribute.key: value}, answers.declined)
                    if before >= _contradictions(finder, told, today, quick=not before):
                        found.append(Told(unit, word, told))
    return found


def _stands(catalogue: Catalogue, people: list[Answers], today: date) -> list[list[Level]]:
    """The level of each study for each person."""
    levels = levels_of(catalogue, catalogue.finder.people(people, today=today))
    return [[Level(one) for one in person] for person in levels.T.tolist()]


def _contradictions(finder: FactFinder, told: Answers, today: date, *, quick: bool) -> set[object]:
    if quick:
        certain = finder.find_certain(told, today=today).known
        if not finder.closure.conflict(certain):
            return set()
    return set(finder.find(told, today=today).contradictions)


def _values(attribute: Attribute, answers: Answers) -> Iterator[tuple[str, str, Value]]:
    key, values = attribute.key, [option.value for option in attribute.options]
    if attribute.kind == "results":
        told = answers.results(key)
        for gene in values:
            if gene not in told or told[gene].result == "not_tested":
                for word in ("mutation", "none"):
                    yield f"{key}.{gene}", word, {**told, gene: Result(word)}
    elif key in answers.given:
        return
    elif attribute.kind == "many":
        yield from ((key, value, (value,)) for value in values)
    elif attribute.kind == "integer":
        numbers = range(attribute.min, attribute.max + 1)
        yield from ((key, str(number), number) for number in numbers)
    else:
        words = ["yes", "no"] if attribute.kind == "yes_no" else values
        yield from ((key, word, word) for word in words)
