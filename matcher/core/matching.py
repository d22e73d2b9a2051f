"""Matching: ranked, explained matches of one person against a catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import overload

import numpy as np

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import Best, best_of, keys_of
from matcher.core.facts import Facts, Note
from matcher.core.finding.contradictions import Contradiction
from matcher.core.levels import Level
from matcher.core.machine.day import Numbers
from matcher.core.reasons import Explainer, Reason
from matcher.core.study import Study
from matcher.core.truth import Truth

FIRST = 20
"""So many studies are found at once; more when somebody looks at them."""


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

    def __init__(
        self, catalogue: Catalogue, first: Best, person: int, explain: Explain, *, every: bool
    ) -> None:
        self._catalogue, self._explain, self._every = catalogue, explain, every
        self._day, self._first = first.day, first.keys[person]
        self._counts = first.counts[person].tolist()
        self._made: dict[int, Match] = {}

    def __len__(self) -> int:
        return len(self._keys) if self._every else sum(self._counts)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Match, ...]: ...

    def __getitem__(self, place: int | slice) -> Match | tuple[Match, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(len(self))[place])
        place = range(len(self))[place]
        made = self._made.get(place)
        if made is None:
            known = self._first if place < len(self._first) and not self._every else self._keys
            made = self._made.setdefault(place, self._make(int(known[place])))
        return made

    def places(self, level: Level) -> range:
        """Where the matches of one level stand."""
        counts = list(self.counts().values())
        start = sum(counts[:level])
        return range(start, start + counts[level])

    def studies(self, places: range) -> list[Study]:
        """The studies at some places, without their matches."""
        rows = self._day.rows(self._keys[places.start : places.stop])
        return [self._catalogue.studies[row] for row in rows.tolist()]

    def counts(self) -> dict[str, int]:
        """How many there are at each level."""
        counts = self._counts
        if self._every:
            counts = np.bincount(self._day.levels(self._keys), minlength=len(Level)).tolist()
        return {level.word: counts[level] for level in Level}

    @cached_property
    def _keys(self) -> Numbers:
        """The keys of all studies in order; found when somebody looks beyond the first ones."""
        catalogue, day = self._catalogue, self._day
        people = catalogue.finder.people([self._explain.answers], today=day.today)
        keys = keys_of(catalogue, day, people)[0]
        return np.sort(keys if self._every else keys[day.listed])

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
        return Match(self._catalogue.studies[row], level, points, day.marks[row], self._explain)


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
        self,
        catalogue: Catalogue,
        answers: Answers,
        *,
        today: date,
        language: str,
        cared_for: bool = False,
        at_desk: bool = False,
    ) -> None:
        self._catalogue, self.answers = catalogue, answers
        self._today, self._language = today, language
        self._cared_for, self._at_desk = cared_for, at_desk
        self._made: Explainer | None = None

    def __call__(self) -> Explainer:
        """The explainer; always the same one."""
        if self._made is None:
            facts = self._catalogue.finder.find(self.answers, today=self._today)
            self._made = Explainer(
                self._catalogue,
                facts,
                self.answers,
                today=self._today,
                language=self._language,
                cared_for=self._cared_for,
                at_desk=self._at_desk,
            )
        return self._made


def match(
    catalogue: Catalogue,
    answers: Answers,
    *,
    today: date,
    language: str = "en",
    cared_for: bool = False,
    at_desk: bool = False,
    with_hidden: bool = False,
) -> Outcome:
    """Match one person (a batch of one) against every listed study.

    `cared_for`: the reasons are told to somebody who answered for the person, `at_desk`: as their
    work. `with_hidden` keeps superseded and retracted studies, which are in no list otherwise.
    """
    return match_many(
        catalogue,
        [answers],
        today=today,
        language=language,
        cared_for=cared_for,
        at_desk=at_desk,
        with_hidden=with_hidden,
    )[0]


def match_many(
    catalogue: Catalogue,
    people: Sequence[Answers],
    *,
    today: date,
    language: str = "en",
    cared_for: bool = False,
    at_desk: bool = False,
    with_hidden: bool = False,
) -> list[Outcome]:
    """Match several people at once; the same as `match` for each of them.

    The first studies are found at once, the others of a person when somebody looks at them.
    """
    everybody = catalogue.finder.people(people, today=today)
    first = best_of(catalogue, catalogue.on(today), everybody, top=FIRST)
    outcomes = []
    for person, answers in enumerate(people):
        explain = Explain(
            catalogue,
            answers,
            today=today,
            language=language,
            cared_for=cared_for,
            at_desk=at_desk,
        )
        ranking = Ranking(catalogue, first, person, explain, every=with_hidden)
        outcomes.append(Outcome(answers, today, catalogue.book.version, ranking, explain))
    return outcomes
