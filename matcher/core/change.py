"""Change: the smallest set of not-known answers that would make a study fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from matcher.core.answers import Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.engine import decide, score
from matcher.core.levels import Level
from matcher.core.questions import possible_answers
from matcher.core.study import Study
from matcher.core.truth import Truth

LARGEST_CHANGE = 4
BATCH = 4096


@dataclass(frozen=True)
class Step:
    """One answer to give: the single answer (``key`` or ``key.gene``) and its value."""

    unit: str
    to: str


def smallest_change(
    catalogue: Catalogue, study: Study, answers: Answers, *, today: date
) -> tuple[Step, ...] | None:
    """Which not-known answers, fewest first (at most four), would make the study `fits`.

    Empty if it fits already; None if no such set exists.
    """
    alone = Catalogue.compile(catalogue.book, [study], finder=catalogue.finder)
    if _fits(alone, [answers], today)[0]:
        return ()
    parts = _without_blockers(alone, answers, today)
    for size in range(1, min(LARGEST_CHANGE, len(parts)) + 1):
        trials = _trials(parts, size)
        while batch := [trial for trial, _ in zip(trials, range(BATCH), strict=False)]:
            people = [_told(answers, trial) for trial in batch]
            for trial, fits in zip(batch, _fits(alone, people, today), strict=True):
                if fits:
                    return tuple(step for step, _ in trial)
    return None


def _without_blockers(catalogue: Catalogue, answers: Answers, today: date) -> list[Part]:
    """The open questions with those answers that do not already rule the study out."""
    parts = []
    for unit, values in possible_answers(catalogue, answers, today=today):
        people = [_told(answers, ((Step(unit, word), value),)) for word, value in values]
        most = _most(catalogue, people, today) if people else []
        kept = [value for value, truth in zip(values, most, strict=True) if truth != Truth.NO]
        if kept:
            parts.append((unit, kept))
    return parts


Part = tuple[str, list[tuple[str, Value]]]
Trial = tuple[tuple[Step, Value], ...]


def _trials(parts: list[Part], size: int) -> Iterator[Trial]:
    for chosen in combinations(parts, size):
        choices = [[(Step(unit, word), value) for word, value in values] for unit, values in chosen]
        yield from product(*choices)


def _told(answers: Answers, trial: Trial) -> Answers:
    given = dict(answers.given)
    for step, value in trial:
        key, _, gene = step.unit.partition(".")
        if gene:
            told = given.get(key)
            results: dict[str, Result] = dict(told) if isinstance(told, dict) else {}
            given[key] = {**results, **value} if isinstance(value, dict) else value
        else:
            given[key] = value
    return Answers(given, answers.declined)


def _most(catalogue: Catalogue, people: list[Answers], today: date) -> list[Truth]:
    facts = [catalogue.finder.find(answers, today=today) for answers in people]
    return [Truth(int(value)) for value in decide(catalogue, facts).most[0]]


def _fits(catalogue: Catalogue, people: list[Answers], today: date) -> list[bool]:
    facts = [catalogue.finder.find(answers, today=today) for answers in people]
    levels = score(catalogue, decide(catalogue, facts), today=today).level[0]
    return [
        bool(level == Level.FITS) and not known.contradictions
        for level, known in zip(levels, facts, strict=True)
    ]
