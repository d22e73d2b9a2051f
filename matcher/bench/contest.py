"""Contest: one catalogue as plain numbers, the same question for every engine, and its answer.

Everything that repeats stands once: tags (trees over columns of facts), criteria (trees over tags),
groups of criteria and audiences of groups. A column holds 0 for no, 1 for unknown and 2 for yes.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, groups_of
from matcher.core.levels import Level, marks_of
from matcher.core.logic import UNSURE, And, Atom, Constant, Expression, Inverse, Known, Or, walk
from matcher.core.scoring import evidence_points, recency_points
from matcher.core.study import Audience

T = TypeVar("T", bound=Hashable)
Columns = NDArray[np.int8]
NO_AUDIENCE = -1


@dataclass(frozen=True)
class Answer:
    """What is asked of every engine, for n people and the best k: all arrays are of integers.

    `counts` [n × 6] studies by level; `rows` [n × k] the best studies in order; and their `levels`
    and `scores` [n × k]. Of a catalogue of fewer than k studies all are given.
    """

    counts: NDArray[Any]
    rows: NDArray[Any]
    levels: NDArray[Any]
    scores: NDArray[Any]

    def first(self, people: int) -> Answer:
        """The answer for the first so many people."""
        parts = (self.counts, self.rows, self.levels, self.scores)
        return Answer(*(part[:people] for part in parts))

    def equals(self, other: Answer) -> bool:
        """Whether every number is the same."""
        mine = (self.counts, self.rows, self.levels, self.scores)
        theirs = (other.counts, other.rows, other.levels, other.scores)
        return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class Contest:
    """A catalogue as numbers. Audiences and groups are tuples of positions in the list below them.

    `static` are the points that a study brings along, `turn` its place among all studies when
    only date and key decide; `most` is `NO_AUDIENCE` where there is none.
    """

    columns: tuple[str, ...]
    atoms: tuple[int, ...]
    tags: tuple[Expression, ...]
    criteria: tuple[Expression, ...]
    weights: tuple[int, ...]
    supports: tuple[bool, ...]
    groups: tuple[tuple[int, ...], ...]
    audiences: tuple[tuple[int, ...], ...]
    most: tuple[int, ...]
    also: tuple[tuple[int, ...], ...]
    static: tuple[int, ...]
    marked: tuple[bool, ...]
    turn: tuple[int, ...]
    floors: tuple[int, ...]
    fit: int
    related_fit: int
    related_count: int
    heaviest: int
    best: int

    @property
    def studies(self) -> int:
        """How many studies there are."""
        return len(self.most)


def contest_of(catalogue: Catalogue, *, today: date, best: int) -> Contest:
    """The contest over a catalogue whose studies are all listed, asking for the `best` many."""
    return _Builder(catalogue).contest(today=today, best=best)


class _Builder:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.tags: dict[str, int] = {}
        self.criteria: dict[Condition, int] = {}
        self.groups: dict[tuple[int, ...], int] = {}
        self.audiences: dict[tuple[int, ...], int] = {}

    def contest(self, *, today: date, best: int) -> Contest:
        catalogue, scoring = self.catalogue, self.catalogue.book.scoring
        studies = catalogue.studies
        most = tuple(self._audience(study.most) for study in studies)
        also = tuple(tuple(map(self._audience, catalogue.also_of(study))) for study in studies)
        known = {one.condition: one for one in catalogue.criteria}
        weighed = [known[condition] for condition in self.criteria]
        criteria = tuple(self._over_tags(condition) for condition in self.criteria)
        trees = [catalogue.expressions[key] for key in self.tags]
        atoms = sorted({p.index for tree in trees for p in walk(tree) if isinstance(p, Atom)})
        column = {atom: position for position, atom in enumerate(atoms)}
        names = catalogue.finder.vocabulary.names
        recency = recency_points(studies, today=today, scoring=scoring)
        newest = sorted(
            range(len(studies)),
            key=lambda row: (_newness(studies[row].posted), studies[row].key),
        )
        turn = np.empty(len(studies), dtype=int)
        turn[newest] = np.arange(len(studies))
        return Contest(
            columns=tuple(names[atom] for atom in atoms),
            atoms=tuple(atoms),
            tags=tuple(_renumbered(tree, column) for tree in trees),
            criteria=criteria,
            weights=tuple(one.weight for one in weighed),
            supports=tuple(one.supports for one in weighed),
            groups=tuple(self.groups),
            audiences=tuple(self.audiences),
            most=most,
            also=also,
            static=tuple(
                evidence_points(study.ratings, scoring) + int(points)
                for study, points in zip(studies, recency, strict=True)
            ),
            marked=tuple(bool(marks_of(s, today=today, scoring=scoring)) for s in studies),
            turn=tuple(map(int, turn)),
            floors=tuple(scoring.floors.get(level.word, 0) for level in Level),
            fit=scoring.fit,
            related_fit=scoring.related_fit,
            related_count=scoring.related_count,
            heaviest=catalogue.book.heaviest,
            best=min(best, len(studies)),
        )

    def _audience(self, audience: Audience | None) -> int:
        if audience is None or audience.condition is None or not self.catalogue.counts(audience):
            return NO_AUDIENCE
        groups = groups_of(self.catalogue.known_condition(audience.condition))
        positions = {
            _position(self.groups, tuple(sorted(map(self._criterion, group)))) for group in groups
        }
        return _position(self.audiences, tuple(sorted(positions)))

    def _criterion(self, condition: Condition) -> int:
        return _position(self.criteria, condition)

    def _over_tags(self, condition: Condition) -> Expression:
        match condition:
            case Tag(key):
                return Atom(_position(self.tags, key))
            case AllOf(parts):
                return And(tuple(map(self._over_tags, parts)))
            case AnyOf(parts):
                return Or(tuple(map(self._over_tags, parts)))
            case Not(part):
                return Inverse(self._over_tags(part))
            case Unread():
                return UNSURE


def _position(places: dict[T, int], item: T) -> int:
    return places.setdefault(item, len(places))


def _newness(posted: date | None) -> int:
    return -posted.toordinal() if posted else 0


def _renumbered(expression: Expression, column: dict[int, int]) -> Expression:
    match expression:
        case Atom(index):
            return Atom(column[index])
        case And(parts) | Or(parts):
            return type(expression)(tuple(_renumbered(part, column) for part in parts))
        case Inverse(part) | Known(part):
            return type(expression)(_renumbered(part, column))
        case Constant():
            return expression
