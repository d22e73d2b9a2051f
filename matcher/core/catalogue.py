"""Catalogue: studies compiled into one program and flat arrays over distinct conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
from matcher.core.machine.day import Day
from matcher.core.machine.layout import Layout, lay_out
from matcher.core.machine.program import AND, OR, Program, ProgramWriter
from matcher.core.rulebook import Rulebook, TagRule
from matcher.core.study import Audience, Study
from matcher.core.truth import Truth


@dataclass(frozen=True)
class Criterion:
    """One criterion of a group: its condition, weight, and whether it supports a match."""

    condition: Condition
    weight: int
    supports: bool


@dataclass
class Catalogue:
    """Studies with their audiences in one compiled form; made once, used for every profile.

    `groups` holds the criteria of each distinct group, `audiences` the groups of each distinct
    audience; `most` and `also` say which audiences a study has (`most` is -1 for none).
    """

    book: Rulebook
    studies: tuple[Study, ...]
    finder: FactFinder
    tags: dict[str, TagRule] = field(default_factory=dict)
    expressions: dict[str, Expression] = field(default_factory=dict)
    criteria: list[Criterion] = field(default_factory=list)
    groups: list[tuple[int, ...]] = field(default_factory=list)
    audiences: list[tuple[int, ...]] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    also: list[tuple[int, ...]] = field(default_factory=list)
    program: Program = field(init=False)
    layout: Layout = field(init=False)
    _day: Day | None = None

    @classmethod
    def compile(
        cls, book: Rulebook, studies: Iterable[Study], *, finder: FactFinder | None = None
    ) -> Catalogue:
        """Compile studies under a rulebook. Keys of tags that the rules lost count as unread."""
        catalogue = cls(book, tuple(studies), finder or FactFinder(book))
        compiler = _Compiler(catalogue)
        for study in catalogue.studies:
            catalogue.most.append(compiler.audience(study.most))
            catalogue.also.append(tuple(map(compiler.audience, catalogue.also_of(study))))
        catalogue.program, catalogue.layout = compiler.finish()
        return catalogue

    def on(self, today: date) -> Day:
        """What the studies bring along on a day; made once for the day."""
        day = self._day
        if day is None or day.today != today:
            most_fit = self.layout.most_points
            day = self._day = Day.of(self.studies, self.book.scoring, most_fit, today=today)
        return day

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


class _Compiler:
    """Gives every distinct tag, criterion, group and audience a number, once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.writer = ProgramWriter()
        self.names: list[int] = []
        self.criterion_ids: dict[Condition, int] = {}
        self.group_ids: dict[tuple[int, ...], int] = {}
        self.audience_ids: dict[tuple[int, ...], int] = {}

    def audience(self, audience: Audience | None) -> int:
        """The number of an audience; -1 if it takes no part in the level."""
        if audience is None or not self.catalogue.counts(audience):
            return -1
        assert audience.condition is not None
        groups = groups_of(self.catalogue.known_condition(audience.condition))
        ids = tuple(self._group(tuple(map(self._criterion, group))) for group in groups)
        return _number(self.audience_ids, ids, self.catalogue.audiences)

    def finish(self) -> tuple[Program, Layout]:
        """The program over all criteria, and the lists as arrays."""
        places = [self.writer.place(name) for name in self.names]
        return self.writer.program(), lay_out(self.catalogue, places)

    def _group(self, criteria: tuple[int, ...]) -> int:
        return _number(self.group_ids, criteria, self.catalogue.groups)

    def _criterion(self, condition: Condition) -> int:
        found = self.criterion_ids.get(condition)
        if found is None:
            self.names.append(self._write(condition))
            weight, supports = self._weigh(condition)
            self.catalogue.criteria.append(Criterion(condition, weight, supports))
            found = self.criterion_ids[condition] = len(self.names) - 1
        return found

    def _write(self, condition: Condition) -> int:
        """The name of a condition's truth in the program."""
        match condition:
            case Tag(key):
                return self.writer.add(self._expression(key))
            case Unread():
                return int(Truth.UNKNOWN)
            case Not(part):
                return self.writer.invert(self._write(part))
            case AllOf(parts):
                return self.writer.combine(AND, [self._write(part) for part in parts])
            case AnyOf(parts):
                return self.writer.combine(OR, [self._write(part) for part in parts])

    def _expression(self, key: str) -> Expression:
        catalogue = self.catalogue
        if key not in catalogue.tags:
            tag = catalogue.tags[key] = catalogue.book.tag(key)
            catalogue.expressions[key] = catalogue.finder.vocabulary.tag_expression(tag)
        return catalogue.expressions[key]

    def _weigh(self, condition: Condition) -> tuple[int, bool]:
        match condition:
            case Tag(key):
                return self.catalogue.tags[key].weight, self.catalogue.tags[key].supports
            case Unread():
                return self.catalogue.book.scoring.unread_weight, False
            case Not(part):
                return self._weigh(part)[0], False
            case AnyOf(parts):
                weighed = [self._weigh(part) for part in parts]
                return min(w for w, _ in weighed), all(supports for _, supports in weighed)
            case AllOf(parts):
                weighed = [self._weigh(part) for part in parts]
                return max(w for w, _ in weighed), any(supports for _, supports in weighed)


def _number(ids: dict[tuple[int, ...], int], one: tuple[int, ...], rows: list[Any]) -> int:
    """The number of a list; a new one joins `rows`."""
    found = ids.setdefault(one, len(ids))
    if found == len(rows):
        rows.append(one)
    return found


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
