"""Polars: lazy expressions over nullable booleans, whose logic is Kleene's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib import import_module
from operator import add, and_, or_
from typing import Any

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.bench.packing import Packing
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.truth import Truth

TITLE = "Polars"
PACKAGES = ("polars",)
METHOD = (
    "one lazy plan: nullable booleans for tags, criteria, groups and audiences (each once), a"
    " packed integer for each study, horizontal sums for the counts,"
    " `bottom_k` over an array for the best"
)
HELD = 64


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over a frame of one nullable boolean column for each fact. Needs `polars`."""
    pl = import_module("polars")

    values = {f"f{i}": column for i, column in enumerate(columns)}
    frame = pl.DataFrame(values).select(
        pl.when(pl.all() != int(Truth.UNKNOWN)).then(pl.all() == int(Truth.YES))
    )
    plan = _Plan(pl, contest)
    lazy = plan.of(frame.lazy())
    flags = pl.QueryOptFlags(comm_subexpr_elim=False, comm_subplan_elim=False)

    def run() -> Answer:
        found = lazy.collect(optimizations=flags)
        counts = found.select(f"n{int(level)}" for level in Level).to_numpy()
        best = found["best"].to_numpy()
        return plan.packing.answer_of_cumulated(counts.astype("i8"), best.astype("i8"))

    return run


class _Plan:
    def __init__(self, pl: Any, contest: Contest) -> None:
        self.pl = pl
        self.contest = contest
        self.packing = Packing(contest)

    def of(self, frame: Any) -> Any:
        contest, pl = self.contest, self.pl
        rows, criteria = range(contest.studies), range(len(contest.criteria))
        keys = [f"k{row}" for row in rows]
        stages = [
            [self.value(tag, "f").alias(f"t{i}") for i, tag in enumerate(contest.tags)],
            [self.value(part, "t").alias(f"c{i}") for i, part in enumerate(contest.criteria)],
            [self.surely(i).alias(f"y{i}") for i in criteria],
            [self.weighed(i).alias(f"w{i}") for i in criteria],
            [e for i in range(len(contest.groups)) for e in self.group(i)],
            [self.also(i).alias(f"a{i}") for i in sorted({i for ids in contest.also for i in ids})],
            [self.study(row).alias(keys[row]) for row in rows],
        ]
        for stage in stages:
            frame = frame.with_columns(stage) if stage is not stages[-1] else frame.select(stage)
        counts = [
            pl.sum_horizontal(pl.col(keys) < self.packing.bound(level)).alias(f"n{int(level)}")
            for level in Level
        ]
        least = pl.element().bottom_k(contest.best).sort()
        best = pl.concat_arr(keys).arr.eval(least, as_list=True).list.to_array(contest.best)
        return frame.select(*counts, best.alias("best"))

    def value(self, expression: Expression, prefix: str) -> Any:
        pl = self.pl
        match expression:
            case Atom(index):
                return pl.col(f"{prefix}{index}")
            case And(parts):
                return reduce(and_, [self.value(part, prefix) for part in parts])
            case Or(parts):
                return reduce(or_, [self.value(part, prefix) for part in parts])
            case Inverse(part):
                return ~self.value(part, prefix)
            case Known(part):
                return self.value(part, prefix).fill_null(value=False)
            case Constant(value):
                known = None if value == Truth.UNKNOWN else value == Truth.YES
                return pl.lit(known, dtype=pl.Boolean)

    def surely(self, criterion: int) -> Any:
        """Whether a criterion is known to hold."""
        return self.pl.col(f"c{criterion}").fill_null(value=False)

    def weighed(self, criterion: int) -> Any:
        """What a criterion that holds adds to the share of a group."""
        pl, contest = self.pl, self.contest
        weight = pl.lit(contest.fit * contest.weights[criterion], pl.Int16)
        return pl.col(f"y{criterion}").cast(pl.Int16) * weight

    def group(self, group: int) -> list[Any]:
        """A group's value `g`; its points `p`, HELD and more where it holds; its support `s`."""
        contest, pl = self.contest, self.pl
        ids = contest.groups[group]
        value = reduce(and_, [pl.col(f"c{i}") for i in ids])
        weights = [contest.weights[i] for i in ids]
        points = pl.when(value).then(
            self.small(HELD + contest.fit * max(weights) // contest.heaviest)
        )
        made = [value.alias(f"g{group}")]
        if len(ids) > 1:
            parts = [pl.col(f"w{i}") for i in ids]
            share = reduce(add, parts) // pl.lit(sum(weights), pl.Int16)
            points = points.when(value.is_null()).then(share.cast(pl.Int8))
            supporting = [pl.col(f"y{i}") for i in ids if contest.supports[i]]
            if supporting:
                made.append((reduce(or_, supporting) & value.is_null()).alias(f"s{group}"))
        return [*made, points.otherwise(self.small(0)).alias(f"p{group}")]

    def small(self, number: int) -> Any:
        return self.pl.lit(number, self.pl.Int8)

    def most(self, audience: int) -> tuple[Any, Any, Any]:
        """Value, points and support (None where there can be none) of an audience."""
        pl, groups = self.pl, self.contest.audiences[audience]
        value = reduce(or_, [pl.col(f"g{i}") for i in groups])
        points = pl.max_horizontal(f"p{i}" for i in groups)
        supports = [pl.col(f"s{i}") for i in groups if self.can_support(i)]
        return value, points.cast(pl.Int32), reduce(or_, supports) if supports else None

    def can_support(self, group: int) -> bool:
        ids = self.contest.groups[group]
        return len(ids) > 1 and any(self.contest.supports[i] for i in ids)

    def also(self, audience: int) -> Any:
        """0 for no, 1 for unknown, 2 and the heaviest weight for yes."""
        contest, pl = self.contest, self.pl
        codes = []
        for group in contest.audiences[audience]:
            value = pl.col(f"g{group}")
            weight = max(contest.weights[i] for i in contest.groups[group])
            held = pl.when(value).then(self.small(2 + weight))
            codes.append(held.when(value.is_null()).then(self.small(1)).otherwise(self.small(0)))
        return pl.max_horizontal(codes) if len(codes) > 1 else codes[0]

    def study(self, row: int) -> Any:
        """The packed key of a study."""
        contest, pl, packing = self.contest, self.pl, self.packing
        start = {level: pl.lit(packing.key(row, level), pl.Int32) for level in Level}
        if packing.no_audience(row):
            return start[Level.UNLABELLED]
        point = pl.lit(packing.point, pl.Int32)
        value, points, support = pl.lit(value=False), pl.lit(0, pl.Int32), None
        if contest.most[row] != NO_AUDIENCE:
            value, points, support = self.most(contest.most[row])
        held = start[Level.FITS] + pl.lit(HELD * packing.point, pl.Int32)
        key = pl.when(value).then(held - points * point)
        if support is not None:
            key = key.when(support).then(start[Level.MAY_FIT] - points * point)
        unknown = value.is_null()
        if contest.also[row]:
            codes = [pl.col(f"a{audience}") for audience in contest.also[row]]
            best = pl.max_horizontal(codes).cast(pl.Int32)
            number = reduce(add, [(code >= 2).cast(pl.Int32) for code in codes])
            fit = (best - 2) * contest.related_fit // contest.heaviest
            fit += pl.min_horizontal(number, pl.lit(contest.related_count, pl.Int32))
            key = key.when(best >= 2).then(start[Level.RELATED] - fit * point)
            unknown = unknown | (best == 1)
        key = key.when(unknown).then(start[Level.OPEN])
        return key.otherwise(start[Level.DIFFERENT]).cast(pl.Int32)
