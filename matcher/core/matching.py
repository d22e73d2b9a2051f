"""Matching: ranked, explained matches of one person against a catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.contradictions import Contradiction
from matcher.core.engine import Scores, decide, rank, score
from matcher.core.facts import Facts, Note
from matcher.core.levels import Level, marks_of
from matcher.core.reasons import Explainer, Reason
from matcher.core.study import Study

HIDDEN = ("superseded", "retracted")


@dataclass(frozen=True)
class Match:
    """One study for one person: level, score with its points, marks, and the reasons on demand."""

    study: Study
    level: Level
    points: Mapping[str, int]
    marks: tuple[str, ...]
    explainer: Explainer

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(self.points.values())

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why: one reason for every criterion and every "also" audience."""
        return self.explainer.reasons(self.study)


@dataclass(frozen=True)
class Outcome:
    """All that was found for one person: matches in order, counts by level, what to tell them."""

    answers: Answers
    facts: Facts
    today: date
    rules: str
    matches: tuple[Match, ...]
    counts: Mapping[str, int]
    contradictions: tuple[tuple[Contradiction, str], ...]
    notes: tuple[tuple[Note, str], ...]


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
    """Match several people at once; the same as `match` for each of them."""
    facts = [catalogue.finder.find(answers, today=today) for answers in people]
    scores = score(catalogue, decide(catalogue, facts), today=today)
    scoring = catalogue.book.scoring
    marks = [marks_of(study, today=today, scoring=scoring) for study in catalogue.studies]
    order = rank(catalogue, scores, marked=np.array([bool(m) for m in marks], dtype=bool))
    outcomes = []
    for person, (answers, known) in enumerate(zip(people, facts, strict=True)):
        explainer = Explainer(catalogue, known, answers, today=today, language=language)
        matches = tuple(
            _match(catalogue, scores, int(row), person, marks[row], explainer)
            for row in order[:, person]
            if with_hidden or not set(marks[row]).intersection(HIDDEN)
        )
        outcomes.append(
            Outcome(
                answers=answers,
                facts=known,
                today=today,
                rules=catalogue.book.version,
                matches=matches,
                counts=_counts(matches),
                contradictions=explainer.contradictions(),
                notes=explainer.notes(),
            )
        )
    return outcomes


def _match(
    catalogue: Catalogue,
    scores: Scores,
    row: int,
    person: int,
    marks: tuple[str, ...],
    explainer: Explainer,
) -> Match:
    points = {
        "level": int(scores.floor[row, person]),
        "fit": int(scores.fit[row, person]),
        "evidence": int(scores.evidence[row, person]),
        "recency": int(scores.recency[row, person]),
    }
    level = Level(int(scores.level[row, person]))
    return Match(catalogue.studies[row], level, points, marks, explainer)


def _counts(matches: Sequence[Match]) -> dict[str, int]:
    counts = {level.word: 0 for level in Level}
    for one in matches:
        counts[one.level.word] += 1
    return counts
