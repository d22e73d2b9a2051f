"""Catalogue: studies compiled into arrays over distinct tags, criteria and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Not,
    Tag,
    Unread,
    canonical,
    groups_of,
    tags_in,
)
from matcher.core.finder import FactFinder
from matcher.core.logic import Expression
from matcher.core.rulebook import Rulebook, TagRule
from matcher.core.study import Audience, Study


@dataclass(frozen=True)
class Criterion:
    """One criterion of a group: its condition, weight, and whether it supports a match."""

    condition: Condition
    weight: int
    supports: bool


@dataclass(frozen=True)
class Segments:
    """Runs of items that belong to owners, some of whom may have none."""

    items: NDArray[np.intp]
    starts: NDArray[np.intp]
    owners: NDArray[np.intp]
    count: int

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Segments:
        """One run for each list, in order; empty lists get no run."""
        items = [item for run in lists for item in run]
        owners = [owner for owner, run in enumerate(lists) if run]
        starts, position = [], 0
        for run in lists:
            if run:
                starts.append(position)
            position += len(run)
        as_index = [np.asarray(part, dtype=np.intp) for part in (items, starts, owners)]
        return cls(as_index[0], as_index[1], as_index[2], len(lists))

    def reduce(self, how: Any, values: NDArray[Any], *, empty: int) -> NDArray[Any]:
        """Reduce each owner's run of rows with a NumPy ufunc: [items × n] to [owners × n]."""
        shape = (self.count, values.shape[1])
        result = np.full(shape, empty, dtype=values.dtype)
        if len(self.starts):
            result[self.owners] = how.reduceat(values, self.starts, axis=0)
        return result


@dataclass
class Catalogue:
    """Studies with their audiences in one compiled form; made once, used for every profile."""

    book: Rulebook
    studies: tuple[Study, ...]
    finder: FactFinder
    tags: dict[str, TagRule] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    groups: list[tuple[int, ...]] = field(default_factory=list)
    most: list[tuple[int, ...]] = field(default_factory=list)
    also: list[tuple[tuple[int, ...], ...]] = field(default_factory=list)
    _criterion_ids: dict[Condition, int] = field(default_factory=dict)
    _tag_ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def compile(
        cls, book: Rulebook, studies: Iterable[Study], *, finder: FactFinder | None = None
    ) -> Catalogue:
        """Compile studies under a rulebook. Keys of tags that the rules lost count as unread."""
        catalogue = cls(book, tuple(studies), finder or FactFinder(book))
        for study in catalogue.studies:
            catalogue._add(study)
        catalogue._arrange()
        return catalogue

    def known_condition(self, condition: Condition) -> Condition:
        """The condition in canonical form, with tags that the rules do not know as unread words."""
        return canonical(_replace_unknown(condition, self.book.knows))

    def counts(self, audience: Audience | None) -> bool:
        """Whether an audience takes part in the level: at least one known tag was read."""
        if audience is None or audience.condition is None:
            return False
        return any(map(self.book.knows, tags_in(audience.condition)))

    def also_of(self, study: Study) -> tuple[Audience, ...]:
        """The "also" audiences that take part in the level; equal ones once."""
        taking_part = [audience for audience in study.also if self.counts(audience)]
        distinct: dict[Condition, Audience] = {}
        for audience in taking_part:
            assert audience.condition is not None
            distinct.setdefault(self.known_condition(audience.condition), audience)
        return tuple(distinct.values())

    def tag_id(self, key: str) -> int:
        """The row of a tag in the tag matrix."""
        return self._tag_ids[key]

    def _add(self, study: Study) -> None:
        self.most.append(self._audience(study.most))
        self.also.append(tuple(self._audience(audience) for audience in self.also_of(study)))

    def _audience(self, audience: Audience | None) -> tuple[int, ...]:
        if audience is None or audience.condition is None or not self.counts(audience):
            return ()
        groups = groups_of(self.known_condition(audience.condition))
        ids = []
        for group in groups:
            self.groups.append(tuple(self._criterion(condition) for condition in group))
            ids.append(len(self.groups) - 1)
        return tuple(ids)

    def _criterion(self, condition: Condition) -> int:
        found = self._criterion_ids.get(condition)
        if found is None:
            for key in tags_in(condition):
                self._add_tag(key)
            weight, supports = self._weigh(condition)
            self.criteria.append(Criterion(condition, weight, supports))
            found = self._criterion_ids[condition] = len(self.criteria) - 1
        return found

    def _add_tag(self, key: str) -> None:
        if key not in self.tags:
            tag = self.tags[key] = self.book.tag(key)
            self._tag_ids[key] = len(self.expressions)
            self.expressions.append(self.finder.vocabulary.tag_expression(tag))

    def _weigh(self, condition: Condition) -> tuple[int, bool]:
        match condition:
            case Tag(key):
                return self.tags[key].weight, self.tags[key].supports
            case Unread():
                return self.book.scoring.unread_weight, False
            case Not(part):
                return self._weigh(part)[0], False
            case AnyOf(parts):
                weighed = [self._weigh(part) for part in parts]
                return min(w for w, _ in weighed), all(supports for _, supports in weighed)
            case AllOf(parts):
                weighed = [self._weigh(part) for part in parts]
                return max(w for w, _ in weighed), any(supports for _, supports in weighed)

    def _arrange(self) -> None:
        """Lay the lists out as arrays for the engine."""
        criteria = self.criteria
        self.in_group = Segments.of(self.groups)
        self.weights = np.array([c.weight for c in criteria], dtype=np.int64)
        self.supporting = np.array([c.supports for c in criteria], dtype=bool)
        self.group_weight = np.array(
            [sum(criteria[i].weight for i in group) for group in self.groups], dtype=np.int64
        )
        self.group_heaviest = np.array(
            [max(criteria[i].weight for i in group) for group in self.groups], dtype=np.int64
        )
        self.of_most = Segments.of(self.most)
        audiences = [audience for study in self.also for audience in study]
        self.of_also = Segments.of(audiences)
        position, of_study = 0, []
        for study in self.also:
            of_study.append(list(range(position, position + len(study))))
            position += len(study)
        self.also_of_study = Segments.of(of_study)
        self.has_most = np.array([bool(groups) for groups in self.most], dtype=bool)
        self.has_also = np.array([bool(audiences) for audiences in self.also], dtype=bool)
        by_key = sorted(range(len(self.studies)), key=lambda i: self.studies[i].key)
        self.key_rank = np.empty(len(by_key), dtype=np.int64)
        self.key_rank[by_key] = np.arange(len(by_key))
        self.posted = np.array(
            [s.posted.toordinal() if s.posted else 0 for s in self.studies], dtype=np.int64
        )


def _replace_unknown(condition: Condition, knows: Callable[[str], bool]) -> Condition:
    match condition:
        case Tag(key):
            return condition if knows(key) else Unread(key)
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(_replace_unknown(part, knows) for part in parts))
        case Not(part):
            return Not(_replace_unknown(part, knows))
        case _:
            return condition
