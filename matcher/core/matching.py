"""Matching: ranked, explained matches of one person against a catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import overload

import numpy as np

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.contradictions import Contradiction
from matcher.core.day import Day, Numbers
from matcher.core.engine import keys_of
from matcher.core.facts import Facts, Note
from matcher.core.levels import Level
from matcher.core.reasons import Explainer, Reason
from matcher.core.study import Study
from matcher.core.truth import Truth


@dataclass(frozen=True)
class Match:
    """One study for one person: level, score with its points, marks, and the reasons on demand."""

    study: Study
    level: Level
    points: Mapping[str, int]
    marks: tuple[str, ...]
    explain: Explain = field(repr=False, compare=False)

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(self.points.values())

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why: one reason for every criterion and every "also" audience."""
        return self.explain().reasons(self.study)


class Ranking(Sequence[Match]):
    """A person's matches, best first. A match is made when somebody looks at it."""

    def __init__(self, day: Day, studies: Sequence[Study], keys: Numbers, explain: Explain) -> None:
        self._day, self._studies, self._explain = day, studies, explain
        self._keys = np.sort(keys)
        self._made: dict[int, Match] = {}

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Match, ...]: ...

    def __getitem__(self, place: int | slice) -> Match | tuple[Match, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(len(self))[place])
        place = range(len(self))[place]
        made = self._made.get(place)
        return made or self._made.setdefault(place, self._make(int(self._keys[place])))

    def __iter__(self) -> Iterator[Match]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def places(self, level: Level) -> range:
        """Where the matches of one level stand."""
        levels = self._day.levels(self._keys)
        start, stop = np.searchsorted(levels, [level, level + 1]).tolist()
        return range(start, stop)

    def studies(self, places: range) -> list[Study]:
        """The studies at some places, without their matches."""
        rows = self._day.rows(self._keys[places.start : places.stop])
        return [self._studies[row] for row in rows.tolist()]

    def counts(self) -> dict[str, int]:
        """How many there are at each level."""
        counts = np.bincount(self._day.levels(self._keys), minlength=len(Level))
        return {level.word: int(counts[level]) for level in Level}

    def _make(self, key: int) -> Match:
        day = self._day
        row, level, score = day.read(key)
        brought = level < Level.DIFFERENT
        points = {
            "level": int(day.floors[level]),
            "fit": 0,
            "evidence": int(day.evidence[row]) if brought else 0,
            "recency": int(day.recency[row]) if brought else 0,
        }
        points["fit"] = score - sum(points.values())
        return Match(self._studies[row], level, points, day.marks[row], self._explain)


@dataclass(frozen=True)
class Outcome:
    """All that was found for one person: matches in order, counts by level, what to tell them."""

    answers: Answers
    today: date
    rules: str
    matches: Ranking
    explain: Explain = field(repr=False)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many listed studies are at each level, by the level's word."""
        return self.matches.counts()

    @property
    def facts(self) -> Facts:
        """What is known of the person, and what each fact rests on."""
        return self.explain().facts

    def verdict(self, tag: str) -> Truth:
        """What one tag of the catalogue comes to for the person."""
        return self.explain().verdict(tag)

    @cached_property
    def contradictions(self) -> tuple[tuple[Contradiction, str], ...]:
        """Each contradiction between answers, with its sentence."""
        return self.explain().contradictions()

    @cached_property
    def notes(self) -> tuple[tuple[Note, str], ...]:
        """Each default that an answer overruled, with its sentence."""
        return self.explain().notes()


class Explain:
    """Makes one person's explainer when the first reason is asked for."""

    def __init__(
        self, catalogue: Catalogue, answers: Answers, *, today: date, language: str
    ) -> None:
        self._catalogue, self._answers = catalogue, answers
        self._today, self._language = today, language
        self._made: Explainer | None = None

    def __call__(self) -> Explainer:
        """The explainer; always the same one."""
        if self._made is None:
            facts = self._catalogue.finder.find(self._answers, today=self._today)
            self._made = Explainer(
                self._catalogue, facts, self._answers, today=self._today, language=self._language
            )
        return self._made


def match(
    catalogue: Catalogue,
    answers: Answers,
    *,
    today: date,
    language: str = "en",
    with_hidden: bool = False,
) -> Outcome:
    """Match one person (a batch of one) against every listed study.

    `with_hidden` keeps superseded and retracted studies, which are in no list otherwise.
    """
    people = [answers]
    return match_many(catalogue, people, today=today, language=language, with_hidden=with_hidden)[0]


def match_many(
    catalogue: Catalogue,
    people: Sequence[Answers],
    *,
    today: date,
    language: str = "en",
    with_hidden: bool = False,
) -> list[Outcome]:
    """Match several people at once; the same as `match` for each of them.

    Holds one number for each pair of a person and a study: for many people see core.stream.
    """
    day = catalogue.on(today)
    everybody = catalogue.finder.people(people, today=today)
    keys = keys_of(catalogue, day, everybody)
    if not with_hidden:
        keys = keys[:, day.listed]
    outcomes = []
    for answers, of_person in zip(people, keys, strict=True):
        explain = Explain(catalogue, answers, today=today, language=language)
        ranking = Ranking(day, catalogue.studies, of_person, explain)
        outcomes.append(Outcome(answers, today, catalogue.book.version, ranking, explain))
    return outcomes
