"""The court: the engine and the referee over the shipped rules, and what they say side by side.

Volume: the small forms run always. The full forms run when `MATCHER_VOLUME` says how many pairs of
a person and a study (or cases) each of them is to try, as in ``MATCHER_VOLUME=1000000 pytest -m
volume``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.matching import Match, Outcome, match, match_many
from matcher.core.reasons import Reason
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_answers
from tests.kept import shipped_book
from tests.laws.catalogues import StudyMaker, as_study
from tests.laws.people import Profile, random_profile
from tests.referee.facts import Closer
from tests.referee.person import Person
from tests.referee.reading import Rules, read_rules
from tests.referee.verdicts import Criterion, Verdict, judge_all

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Court:
    """Engine and referee over one folder of rules."""

    rules: Rules
    closer: Closer
    book: Rulebook
    finder: FactFinder
    today: date = TODAY

    def on(self, day: date) -> Court:
        """The same court on another day."""
        return replace(self, today=day)

    def answers(self, profile: Profile) -> Answers:
        """The profile as the engine takes it."""
        return read_answers(profile, self.book)

    def catalogue(self, plain: Iterable[dict[str, Any]]) -> Catalogue:
        """Plain studies compiled for the engine."""
        return Catalogue.compile(self.book, map(as_study, plain), finder=self.finder)

    def engine(self, catalogue: Catalogue, profile: Profile) -> Outcome:
        """The engine's outcome for one person."""
        return match(catalogue, self.answers(profile), today=self.today)

    def batch(self, catalogue: Catalogue, profiles: list[Profile]) -> list[Outcome]:
        """The engine's outcomes for several people at once."""
        return match_many(catalogue, list(map(self.answers, profiles)), today=self.today)

    def person(self, profile: Profile) -> Person:
        """The referee's view of one person."""
        return Person(self.closer, profile, self.today)

    def referee(self, person: Person, plain: list[dict[str, Any]]) -> list[Verdict]:
        """The referee's verdicts in their order."""
        return judge_all(person, plain)

    def profiles(self, rng: Random, count: int) -> list[Profile]:
        """Random people."""
        return [random_profile(rng, self.rules) for _ in range(count)]

    def studies(self, rng: Random, count: int) -> list[dict[str, Any]]:
        """Random plain studies."""
        return StudyMaker(self.rules, rng).studies(count)


@cache
def shipped_court() -> Court:
    """The court over the shipped rules, made once."""
    rules = read_rules()
    book = shipped_book()
    return Court(rules, Closer(rules), book, FactFinder(book))


def volume() -> int:
    """How many pairs or cases a full form tries; skips the test when nobody asked for volume."""
    asked = os.environ.get("MATCHER_VOLUME")
    if not asked:
        pytest.skip("set MATCHER_VOLUME to the number of pairs to try")
    return int(asked)


def told(one: Match | Verdict) -> tuple[Any, ...]:
    """Study, level, score, points and marks, in one form for both."""
    points = {name: points for name, points in one.points.items() if points}
    if isinstance(one, Match):
        return one.study.key, one.level.word, one.score, points, frozenset(one.marks)
    return one.study, one.level, one.score, points, one.marks


def engine_reasons(reasons: Iterable[Reason]) -> list[list[str]]:
    """The engine's reasons as sorted trees of verdicts: the groups of "most", then of "also"."""
    groups: dict[tuple[str, int], list[str]] = {}
    for reason in reasons:
        groups.setdefault((reason.strength, reason.group), []).append(_reason_tree(reason))
    return sorted([strength, *sorted(group)] for (strength, _), group in groups.items())


def referee_reasons(verdict: Verdict) -> list[list[str]]:
    """The referee's reasons in the form of `engine_reasons`."""
    counts = any(criterion.read for group in verdict.most for criterion in group)
    most = [["most", *sorted(map(_criterion_tree, g))] for g in verdict.most if counts]
    return sorted(most + [["also", _criterion_tree(audience)] for audience in verdict.also])


def _reason_tree(reason: Reason) -> str:
    parts = sorted(map(_reason_tree, reason.parts))
    return f"{reason.tag} {int(reason.verdict)} {reason.supports} {parts}"


def _criterion_tree(criterion: Criterion) -> str:
    parts = sorted(map(_criterion_tree, criterion.parts))
    tag = criterion.what if criterion.read and not parts else None
    return f"{tag} {criterion.verdict} {criterion.supports} {parts}"


def smaller(profile: Profile) -> Iterator[Profile]:
    """The profiles that lack one answer, one gene or one listed value of this one."""
    for key, answer in profile.items():
        yield {other: given for other, given in profile.items() if other != key}
        if isinstance(answer, dict):
            for gene in answer:
                yield profile | {key: {g: r for g, r in answer.items() if g != gene}}
        elif isinstance(answer, list):
            for value in answer:
                yield profile | {key: [listed for listed in answer if listed != value]}
