"""Engine: the one place that decides levels and scores, for one person or for many at once.

A person is a batch of one. All arrays are [rows × people]; the values are those of `Truth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread
from matcher.core.facts import Facts
from matcher.core.levels import Level
from matcher.core.logic import Algebra, evaluate
from matcher.core.scoring import evidence_points, recency_points
from matcher.core.truth import Truth

YES, UNKNOWN, NO = int(Truth.YES), int(Truth.UNKNOWN), int(Truth.NO)
Rows = NDArray[np.uint8]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Verdicts:
    """What the engine decided: [tags × people], [criteria × people], [groups × people] …"""

    tags: Rows
    criteria: Rows
    groups: Rows
    also: Rows
    most: Rows


@dataclass(frozen=True)
class Scores:
    """Levels and the four kinds of points, each [studies × people]; `score` is their sum."""

    level: Numbers
    floor: Numbers
    fit: Numbers
    evidence: Numbers
    recency: Numbers

    @property
    def score(self) -> Numbers:
        """The score, 0 to 100."""
        return self.floor + self.fit + self.evidence + self.recency


def decide(catalogue: Catalogue, people: Sequence[Facts]) -> Verdicts:
    """The truth of every tag, criterion, group and audience for every person."""
    atoms = _atoms(people, size=catalogue.finder.vocabulary.size)
    count = len(people)
    algebra = _arrays(count)
    rows = [evaluate(e, atoms.__getitem__, algebra) for e in catalogue.expressions]
    tags = _stack(rows, count)

    def value_of(condition: Condition) -> Any:
        match condition:
            case Tag(key):
                return tags[catalogue.tag_id(key)]
            case AllOf(parts):
                return algebra.least([value_of(part) for part in parts])
            case AnyOf(parts):
                return algebra.greatest([value_of(part) for part in parts])
            case Not(part):
                return YES - value_of(part)
            case Unread():
                return algebra.constant(Truth.UNKNOWN)

    criteria = _stack([value_of(criterion.condition) for criterion in catalogue.criteria], count)
    groups = catalogue.in_group.reduce(np.minimum, criteria[catalogue.in_group.items], empty=YES)
    also = catalogue.of_also.reduce(np.maximum, groups[catalogue.of_also.items], empty=NO)
    most = catalogue.of_most.reduce(np.maximum, groups[catalogue.of_most.items], empty=NO)
    return Verdicts(tags, criteria, groups, also, most)


def score(catalogue: Catalogue, verdicts: Verdicts, *, today: date) -> Scores:
    """Levels and points for every study and person (rules/scoring.yaml)."""
    scoring = catalogue.book.scoring
    may = _may_fit_groups(catalogue, verdicts)
    level = _levels(catalogue, verdicts, may)
    floors = np.zeros(len(Level), dtype=np.int64)
    for name, points in scoring.floors.items():
        floors[Level[name.upper()]] = points
    listed = level < Level.DIFFERENT
    fit = np.select(
        [level == Level.FITS, level == Level.MAY_FIT, level == Level.RELATED],
        [
            _fits_points(catalogue, verdicts),
            _may_fit_points(catalogue, verdicts),
            _related_points(catalogue, verdicts),
        ],
        default=0,
    )
    evidence = np.array([evidence_points(s.ratings, scoring) for s in catalogue.studies])
    recency = recency_points(catalogue.studies, today=today, scoring=scoring)
    return Scores(
        level=level,
        floor=floors[level],
        fit=fit,
        evidence=np.where(listed, evidence.astype(np.int64).reshape(-1, 1), 0),
        recency=np.where(listed, recency.reshape(-1, 1), 0),
    )


def rank(catalogue: Catalogue, scores: Scores, *, marked: NDArray[np.bool_]) -> Numbers:
    """For each person the studies' rows in order, best first: [studies × people].

    Level, then unmarked before marked, then score, then newer, then key: a total order.
    """
    columns = [
        np.lexsort(
            (catalogue.key_rank, -catalogue.posted, -scores.score[:, person], marked, levels)
        )
        for person, levels in enumerate(scores.level.T)
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((len(marked), 0), dtype=np.int64)


def _atoms(people: Sequence[Facts], *, size: int) -> Rows:
    length = (2 * size + 7) // 8
    raw = b"".join(facts.known.to_bytes(length, "little") for facts in people)
    packed = np.frombuffer(raw, dtype=np.uint8).reshape(len(people), length)
    literals = np.unpackbits(packed, axis=1, bitorder="little")[:, : 2 * size].T
    holds, fails = literals[:size], literals[size:]
    return (holds + UNKNOWN - fails).astype(np.uint8)


def _arrays(count: int) -> Algebra:
    return Algebra(
        least=lambda parts: np.minimum.reduce(list(parts)),
        greatest=lambda parts: np.maximum.reduce(list(parts)),
        known=lambda value: np.where(value == YES, np.uint8(YES), np.uint8(NO)),
        constant=lambda value: np.full(count, int(value), dtype=np.uint8),
    )


def _stack(rows: list[Any], count: int) -> Rows:
    if not rows:
        return np.zeros((0, count), dtype=np.uint8)
    return np.stack(rows).astype(np.uint8)


def _may_fit_groups(catalogue: Catalogue, verdicts: Verdicts) -> NDArray[np.bool_]:
    """Groups that are not no and have a supporting criterion that is yes: [groups × people]."""
    items = catalogue.in_group.items
    supported = (verdicts.criteria[items] == YES) & catalogue.supporting[items].reshape(-1, 1)
    some = catalogue.in_group.reduce(np.logical_or, supported, empty=0)
    return np.asarray(some & (verdicts.groups != NO), dtype=bool)


def _levels(catalogue: Catalogue, verdicts: Verdicts, may: NDArray[np.bool_]) -> Numbers:
    has_most = catalogue.has_most.reshape(-1, 1)
    has_also = catalogue.has_also.reshape(-1, 1)
    may_most = catalogue.of_most.reduce(np.logical_or, may[catalogue.of_most.items], empty=0)
    best_also = _per_study(catalogue, np.maximum, verdicts.also)
    most = np.where(has_most, verdicts.most, NO)
    conditions: list[Any] = [
        ~(has_most | has_also) & np.ones_like(most, dtype=bool),
        most == YES,
        (most == UNKNOWN) & may_most,
        best_also == YES,
        (most == UNKNOWN) | (best_also == UNKNOWN),
    ]
    levels = [Level.UNLABELLED, Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN]
    return np.select(conditions, [int(v) for v in levels], default=int(Level.DIFFERENT)).astype(
        np.int64
    )


def _per_study(catalogue: Catalogue, how: Any, also: NDArray[Any]) -> NDArray[Any]:
    return catalogue.also_of_study.reduce(how, also[catalogue.also_of_study.items], empty=0)


def _satisfied_weight(catalogue: Catalogue, verdicts: Verdicts) -> Numbers:
    """For each group that is yes its heaviest criterion's weight, else 0: [groups × people]."""
    heaviest = catalogue.group_heaviest.reshape(-1, 1)
    return np.where(verdicts.groups == YES, heaviest, 0).astype(np.int64)


def _fits_points(catalogue: Catalogue, verdicts: Verdicts) -> Numbers:
    satisfied = _satisfied_weight(catalogue, verdicts)
    best = catalogue.of_most.reduce(np.maximum, satisfied[catalogue.of_most.items], empty=0)
    points: Numbers = catalogue.book.scoring.fit * best // catalogue.book.heaviest
    return points


def _may_fit_points(catalogue: Catalogue, verdicts: Verdicts) -> Numbers:
    items = catalogue.in_group.items
    yes = np.where(verdicts.criteria[items] == YES, catalogue.weights[items].reshape(-1, 1), 0)
    satisfied = catalogue.in_group.reduce(np.add, yes.astype(np.int64), empty=0)
    total = np.maximum(catalogue.group_weight.reshape(-1, 1), 1)
    points = catalogue.book.scoring.fit * satisfied // total
    points = np.where(verdicts.groups == NO, 0, points)
    best: Numbers = catalogue.of_most.reduce(np.maximum, points[catalogue.of_most.items], empty=0)
    return best


def _related_points(catalogue: Catalogue, verdicts: Verdicts) -> Numbers:
    scoring = catalogue.book.scoring
    satisfied = _satisfied_weight(catalogue, verdicts)
    best = catalogue.of_also.reduce(np.maximum, satisfied[catalogue.of_also.items], empty=0)
    heaviest = _per_study(catalogue, np.maximum, best)
    held = _per_study(catalogue, np.add, (verdicts.also == YES).astype(np.int64))
    points: Numbers = scoring.related_fit * heaviest // catalogue.book.heaviest
    total: Numbers = points + np.minimum(scoring.related_count, held)
    return total
