"""Workload: rules, studies and people of one seed and size, compiled and ready to be matched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from matcher.bench import ours
from matcher.bench.contest import Columns, Contest, contest_of
from matcher.bench.people import draw_people
from matcher.bench.studies import draw_studies
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.catalogue import sample_studies

TODAY = date(2026, 11, 24)
"""The day on which everything is matched: part of the workload, like the seed."""


@dataclass(frozen=True)
class Size:
    """How much is drawn, from which seed, and how many of the best are asked for."""

    studies: int = 1_000
    people: int = 10_000
    seed: int = 1
    best: int = 20


@dataclass
class Workload:
    """Studies and people of one size. People are drawn when they are first needed."""

    book: Rulebook
    size: Size
    finder: FactFinder = field(init=False)
    catalogue: Catalogue = field(init=False)
    contest: Contest = field(init=False)
    _people: list[Answers] = field(default_factory=list)
    _facts: dict[int, ours.Known] = field(default_factory=dict)
    _stream: Iterator[Answers] = field(init=False)

    def __post_init__(self) -> None:
        self.finder = FactFinder(self.book)
        self.catalogue = self.compile(self.size.studies)
        self.contest = contest_of(self.catalogue, today=TODAY, best=self.size.best)
        self._stream = draw_people(self.finder, seed=self.size.seed, today=TODAY)

    def compile(self, studies: int) -> Catalogue:
        """A catalogue of so many studies, the first of them the same as in a smaller one."""
        return Catalogue.compile(self.book, self.studies(studies), finder=self.finder)

    def studies(self, count: int) -> list[Study]:
        """So many studies of this seed."""
        sample = sample_studies(self.book)
        return list(
            islice(draw_studies(self.book, sample, seed=self.size.seed, today=TODAY), count)
        )

    def people(self, count: int) -> list[Answers]:
        """The first so many people of this seed; drawn once."""
        missing = count - len(self._people)
        if missing > 0:
            self._people.extend(islice(self._stream, missing))
        return self._people[:count]

    def facts(self, count: int) -> ours.Known:
        """What is known of the first so many people; found once."""
        if count not in self._facts:
            people = self.people(count)
            self._facts[count] = ours.facts_of(self.catalogue, people, today=TODAY)
        return self._facts[count]

    def columns(self, count: int) -> Columns:
        """What every engine is told of the first so many people: [columns × people]."""
        return ours.values_of(self.facts(count), self.contest.atoms)
