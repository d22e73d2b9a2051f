"""Reach: whom one study concerns, now and if something that is not known yet were settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import levels_of
from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.services.matching import Matcher, UnknownStudyError
from matcher.services.screening.hypotheses import AS_NOW, Asked, Questioning, Span
from matcher.services.screening.supposed import suppose

MOST_PEOPLE = 4096
"""So many people, real or supposed, are looked at together: memory grows with it alone."""
MOST_ASKED = 600
"""Of so many people the open questions are tried: that takes longer than all the rest."""

Levels = NDArray[np.uint8]


@dataclass
class _Moves:
    """Whom one answer would move: number, level now and level then."""

    span: Span | None
    moves: list[tuple[int, Level, Level]] = field(default_factory=list)

    def settled(self, word: str) -> IfSettled:
        people, before, after = zip(*self.moves, strict=True)
        return IfSettled(word, self.span, people, before, after)


@dataclass(frozen=True)
class IfSettled:
    """One answer to a question, for all `people` (by number) who could give it.

    `before` and `after` are their levels now and with that one answer more. `span`: all numbers
    that do the same, for a number; `value` is the first of them.
    """

    value: str
    span: Span | None
    people: tuple[int, ...]
    before: tuple[Level, ...]
    after: tuple[Level, ...]

    @property
    def fit(self) -> tuple[int, ...]:
        """Who would fit and does not now."""
        return self._reaching(Level.FITS)

    @property
    def drop(self) -> tuple[int, ...]:
        """For whom the study would be about a different situation, and is not now."""
        return self._reaching(Level.DIFFERENT)

    def _reaching(self, level: Level) -> tuple[int, ...]:
        moves = zip(self.people, self.before, self.after, strict=True)
        return tuple(person for person, was, now in moves if now == level != was)


@dataclass(frozen=True)
class Unsettled:
    """A single answer (``key`` or ``key.gene``) that is not known of `people`, who do not fit.

    `people` are those for whom one of its answers would change the study's level.
    """

    unit: str
    people: tuple[int, ...]
    answers: tuple[IfSettled, ...]

    @property
    def most_fit(self) -> int:
        """How many more would fit by the answer that makes most fit."""
        return max((len(one.fit) for one in self.answers), default=0)


@dataclass(frozen=True)
class Reach:
    """One study's level for everybody, and the questions on which more rests, best first.

    Who would need several answers at once is counted for none of them. The questions are those of
    the `asked` nearest people of all `waiting` whose level might move.
    """

    study: str
    levels: Levels
    unsettled: tuple[Unsettled, ...]
    asked: int
    waiting: int

    def at(self, level: Level) -> tuple[int, ...]:
        """Who is at a level, by number."""
        return tuple(np.flatnonzero(self.levels == level).tolist())


def reach(matcher: Matcher, study_key: str, people: Sequence[Answers], *, today: date) -> Reach:
    """Whom a study of the catalogue reaches. Raises `UnknownStudyError`."""
    study = matcher.study(study_key)
    if study is None:
        raise UnknownStudyError(study_key)
    return reach_of(matcher, study, people, today=today)


def reach_of(matcher: Matcher, study: Study, people: Sequence[Answers], *, today: date) -> Reach:
    """The same for any study, also one that is not published or not listed any more."""
    listed = replace(study, standing="current")
    alone = Catalogue.compile(matcher.book, [listed], finder=matcher.catalogue.finder)
    levels = np.concatenate([np.zeros(0, np.uint8), *_levels(alone, people, today)])
    questioning = Questioning(alone)
    units = questioning.usefulness.useful
    waiting = np.flatnonzero(_may_move(questioning, people, levels, today))
    nearest = waiting[np.argsort(levels[waiting], kind="stable")[:MOST_ASKED]]
    asked = {
        number: questioning.ask(people[number], today=today, units=units)
        for number in sorted(nearest.tolist())
    }
    found = np.concatenate([np.zeros(0, np.uint8), *_supposed(alone, list(asked.values()), today)])
    order = {unit: place for place, unit in enumerate(questioning.usefulness.units)}
    unsettled = sorted(
        _unsettled(questioning, asked, found),
        key=lambda one: (-one.most_fit, -len(one.people), order[one.unit]),
    )
    return Reach(study.key, levels, tuple(unsettled), len(asked), len(waiting))


def _levels(alone: Catalogue, people: Sequence[Answers], today: date) -> Iterator[Levels]:
    for start in range(0, len(people), MOST_PEOPLE):
        some = people[start : start + MOST_PEOPLE]
        yield levels_of(alone, alone.finder.people(some, today=today))[0]


def _may_move(
    questioning: Questioning, people: Sequence[Answers], levels: Levels, today: date
) -> NDArray[np.bool_]:
    waiting: NDArray[np.bool_] = (levels != Level.FITS) & (levels != Level.UNLABELLED)
    if waiting.any():
        waiting &= ~questioning.surely_different(people, today=today)[:, 0]
    return waiting


def _supposed(alone: Catalogue, asked: Sequence[Asked], today: date) -> Iterator[Levels]:
    start, count = 0, 0
    for end, each in enumerate(asked, 1):
        count += len(each.people)
        if count >= MOST_PEOPLE or end == len(asked):
            yield levels_of(alone, suppose(alone.finder, asked[start:end], today=today))[0]
            start, count = end, 0


def _unsettled(
    questioning: Questioning, asked: dict[int, Asked], levels: Levels
) -> Iterator[Unsettled]:
    """The questions that would move somebody, with all their answers in form order."""
    moves: dict[str, dict[str, _Moves]] = {}
    start = 0
    for number, each in asked.items():
        stands = [Level(level) for level in levels[start : start + len(each.people)].tolist()]
        start += len(each.people)
        for unit, answers in each.answers.items():
            of_unit = moves.setdefault(unit, {})
            for one in answers:
                told = of_unit.setdefault(one.word, _Moves(one.span))
                told.moves.append((number, stands[AS_NOW], stands[one.column]))
    for unit, of_unit in moves.items():
        people = {p for told in of_unit.values() for p, was, then in told.moves if was != then}
        if people:
            words = [word for word in questioning.words(unit) if word in of_unit]
            settled = tuple(of_unit[word].settled(word) for word in words)
            yield Unsettled(unit, tuple(sorted(people)), settled)
