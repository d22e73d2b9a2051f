"""Pairs: the contest as texts of two-valued expressions, for languages without Kleene's logic.

Each value is a pair of booleans: "surely" (`y`) and "possibly" (`p`); "and" and "or" act on each,
"not" swaps them. Texts stand in three lists, each over the names that the one before it gives:
tags over facts (`fy0`, `fp0`), compound criteria over tags, studies' keys over both.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.bench.packing import Packing
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.truth import Truth

Pair = tuple[str, str]
Facts = dict[str, bool]
Evaluate = Callable[[dict[str, Any]], Sequence[Any]]


@dataclass(frozen=True)
class Words:
    """How a language writes "and", "or", "not" and the whole part of a division."""

    both: str
    either: str
    no: str
    divided: str


class Pairs:
    """The texts of one contest in one language."""

    def __init__(self, contest: Contest, words: Words) -> None:
        self.contest = contest
        self.words = words
        self.packing = Packing(contest)
        self.compound = [i for i, tree in enumerate(contest.criteria) if not isinstance(tree, Atom)]
        self.names: list[Pair] = [
            (f"ty{tree.index}", f"tp{tree.index}")
            if isinstance(tree, Atom)
            else (f"cy{i}", f"cp{i}")
            for i, tree in enumerate(contest.criteria)
        ]

    def stages(self) -> list[tuple[list[str], list[str]]]:
        """Three lists of names, each with the texts that give their values."""
        contest = self.contest
        tags = [text for tag in contest.tags for text in self.tree(tag, "f")]
        of_tags = [f"t{kind}{i}" for i in range(len(contest.tags)) for kind in "yp"]
        criteria = [text for i in self.compound for text in self.tree(contest.criteria[i], "t")]
        of_criteria = [name for i in self.compound for name in self.names[i]]
        rows = range(contest.studies)
        keys = [self.study(row) for row in rows]
        return [(of_tags, tags), (of_criteria, criteria), ([f"k{row}" for row in rows], keys)]

    def tree(self, expression: Expression, prefix: str) -> Pair:
        match expression:
            case Atom(index):
                return f"{prefix}y{index}", f"{prefix}p{index}"
            case And(parts):
                return self.joined(self.words.both, [self.tree(part, prefix) for part in parts])
            case Or(parts):
                return self.joined(self.words.either, [self.tree(part, prefix) for part in parts])
            case Inverse(part):
                surely, possibly = self.tree(part, prefix)
                return f"({self.words.no}{possibly})", f"({self.words.no}{surely})"
            case Known(part):
                surely, _ = self.tree(part, prefix)
                return surely, surely
            case Constant(value):
                return _word(value == Truth.YES), _word(value != Truth.NO)

    def joined(self, word: str, pairs: Sequence[Pair]) -> Pair:
        surely, possibly = zip(*pairs, strict=True)
        return f"({word.join(surely)})", f"({word.join(possibly)})"

    def study(self, row: int) -> str:
        """The packed key of a study."""
        contest, packing = self.contest, self.packing
        if packing.no_audience(row):
            return str(packing.key(row, Level.UNLABELLED))
        text = str(packing.key(row, Level.DIFFERENT))
        place, also = contest.most[row], contest.also[row]
        most = () if place == NO_AUDIENCE else contest.audiences[place]
        possible = [self.group(group)[1] for group in most]
        possible += [self.group(group)[1] for a in also for group in contest.audiences[a]]
        text = f"({self.either(possible)} ? {packing.key(row, Level.OPEN)} : {text})"
        if also:
            text = self.related(row, otherwise=text)
        supported = [self.supported(group) for group in most if self.can_support(group)]
        if supported:
            share = self.greatest([self.share(group) for group in most])
            may = f"{packing.key(row, Level.MAY_FIT)} - {share} * {packing.point}"
            text = f"({self.either(supported)} ? {may} : {text})"
        start = packing.key(row, Level.FITS)
        # The heaviest group is asked first, so that the first one that holds gives the points.
        for group in sorted(most, key=self.heaviest):
            points = contest.fit * self.heaviest(group) // contest.heaviest
            text = f"({self.group(group)[0]} ? {start - points * packing.point} : {text})"
        return text

    def related(self, row: int, *, otherwise: str) -> str:
        contest, packing = self.contest, self.packing
        audiences = [contest.audiences[audience] for audience in contest.also[row]]
        held = [self.either([self.group(g)[0] for g in groups]) for groups in audiences]
        number = " + ".join(f"({one} ? 1 : 0)" for one in held)
        if len(held) > contest.related_count:
            limit = contest.related_count
            number = f"({number} > {limit} ? {limit} : {number})"
        text = otherwise
        start = packing.key(row, Level.RELATED)
        for group in sorted({g for groups in audiences for g in groups}, key=self.heaviest):
            points = contest.related_fit * self.heaviest(group) // contest.heaviest
            key = f"{start - points * packing.point} - ({number}) * {packing.point}"
            text = f"({self.group(group)[0]} ? {key} : {text})"
        return text

    def group(self, group: int) -> Pair:
        ids = self.contest.groups[group]
        return self.joined(self.words.both, [self.names[i] for i in ids])

    def heaviest(self, group: int) -> int:
        return max(self.contest.weights[i] for i in self.contest.groups[group])

    def can_support(self, group: int) -> bool:
        ids = self.contest.groups[group]
        return len(ids) > 1 and any(self.contest.supports[i] for i in ids)

    def supported(self, group: int) -> str:
        ids = self.contest.groups[group]
        some = self.either([self.names[i][0] for i in ids if self.contest.supports[i]])
        return f"({some}{self.words.both}{self.group(group)[1]})"

    def share(self, group: int) -> str:
        contest, ids = self.contest, self.contest.groups[group]
        if len(ids) == 1:
            return "0"
        parts = [f"({self.names[i][0]} ? {contest.fit * contest.weights[i]} : 0)" for i in ids]
        total = sum(contest.weights[i] for i in ids)
        share = self.words.divided.format(" + ".join(parts), total)
        return f"({self.group(group)[1]} ? {share} : 0)"

    def either(self, texts: Sequence[str]) -> str:
        return f"({self.words.either.join(dict.fromkeys(texts))})"

    def greatest(self, texts: Sequence[str]) -> str:
        first, *others = dict.fromkeys(texts)
        for other in others:
            first = f"({first} > {other} ? {first} : {other})"
        return first


def answer_each(
    pairs: Pairs, evaluates: Sequence[tuple[Sequence[str], Evaluate]], people: Sequence[Facts]
) -> Answer:
    """Evaluate the three lists person by person."""
    contest, packing = pairs.contest, pairs.packing
    *inner, (_, keys_of) = evaluates
    counts = np.zeros((len(people), len(Level)), dtype=np.int64)
    best = np.zeros((len(people), contest.best), dtype=np.int64)
    for person, facts in enumerate(people):
        given: dict[str, Any] = {}
        known: dict[str, Any] = facts
        for names, evaluate in inner:
            given.update(zip(names, evaluate(known), strict=True))
            known = given
        keys = list(map(int, keys_of(given)))
        best[person] = heapq.nsmallest(contest.best, keys)
        counts[person] = np.bincount(packing.levels(np.array(keys)), minlength=len(Level))
    return packing.answer(counts, best)


def facts_as_pairs(columns: Columns) -> list[Facts]:
    """For each person the facts as named booleans."""
    return [dict(_named(facts)) for facts in columns.T.tolist()]


def _named(facts: list[int]) -> Iterator[tuple[str, bool]]:
    for position, value in enumerate(facts):
        yield f"fy{position}", value == Truth.YES
        yield f"fp{position}", value != Truth.NO


def _word(value: bool) -> str:
    return "true" if value else "false"
