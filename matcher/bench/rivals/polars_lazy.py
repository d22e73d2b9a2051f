"""Polars: lazy expressions over nullable booleans, whose logic is Kleene's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.bench.packing import Packing
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.truth import Truth

TITLE = "Polars"
PACKAGES = ("polars",)
METHOD = (
    "one lazy plan: nullable booleans for tags, criteria, groups and audiences (each once), a packed"
    " integer for each study, horizontal sums for the counts, a sorted list for the best"
)
HELD = 64


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over a frame of one nullable boolean column for each fact. Needs `polars`."""
    import polars as pl

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
        rows = range(contest.studies)
        keys = [f"k{row}" for row in rows]
        stages = [
            [self.value(tag, "f").alias(f"t{i}") for i, tag in enumerate(contest.tags)],
            [self.value(part, "t").alias(f"c{i}") for i, part in enumerate(contest.criteria)],
            [e for i in range(len(contest.groups)) for e in self.group(i)],
            [e for i in range(len(contest.audiences)) for e in self.audience(i)],
            [self.study(row).alias(keys[row]) for row in rows],
        ]
        for stage in stages:
            frame = frame.with_columns(stage) if stage is not stages[-1] else frame.select(stage)
        counts = [
            pl.sum_horizontal((pl.col(keys) < self.packing.bound(level)).cast(pl.Int32)).alias(
                f"n{int(level)}"
            )
            for level in Level
        ]
        best = pl.concat_list(keys).list.sort().list.head(contest.best).list.to_array(contest.best)
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

    def group(self, group: int) -> list[Any]:
        """What a group gives to "most": `m` (2 it supports, 1 unknown) and points `p`; its value `g`.

        Points are HELD and more where the group holds.
        """
        contest, pl = self.contest, self.pl
        ids = contest.groups[group]
        value = reduce(and_, [pl.col(f"c{i}") for i in ids])
        weights = [contest.weights[i] for i in ids]
        held = HELD + contest.fit * max(weights) // contest.heaviest
        return [value.alias(f"g{group}")]

    def audience(self, audience: int) -> list[Any]:
        raise NotImplementedError

    def study(self, row: int) -> Any:
        raise NotImplementedError
