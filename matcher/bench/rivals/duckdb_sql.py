"""DuckDB: one prepared statement over a table of nullable booleans, whose logic is Kleene's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

import numpy as np

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.bench.packing import Packing
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.truth import Truth

TITLE = "DuckDB"
PACKAGES = ("duckdb",)
METHOD = (
    "one prepared statement in stages over a table of nullable booleans (each tag, criterion, group"
    " and audience once), a packed integer for each study, then one grouping for counts and best"
    " (`min(key, 20)`)"
)
HELD = 64


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run of the statement over a table of facts in memory. Needs `duckdb`."""
    duckdb = import_module("duckdb")

    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    values = {f"f{i}": column for i, column in enumerate(columns)}
    values["person"] = np.arange(columns.shape[1], dtype=np.int32)
    picked = ", ".join(
        f"CASE f{i} WHEN 2 THEN true WHEN 0 THEN false END AS f{i}" for i in range(len(columns))
    )
    connection.register("given", values)
    connection.execute(f"CREATE TABLE facts AS SELECT person, {picked} FROM given")
    connection.unregister("given")
    statement = _Statement(contest)
    # There is nothing to reorder here, and planning thousands of expressions would cost more than
    # running them: without the optimizer the whole run is more than twice as fast.
    connection.execute("PRAGMA disable_optimizer")
    connection.execute(f"PREPARE best_of AS {statement.sql()}")

    def run() -> Answer:
        found = connection.execute("EXECUTE best_of").fetchnumpy()
        order = np.argsort(found["person"])
        counts = np.stack([found[f"n{int(level)}"][order] for level in Level], axis=1)
        best = np.stack(found["best"][order])
        return statement.packing.answer_of_cumulated(counts.astype("i8"), best.astype("i8"))

    return run


class _Statement:
    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.packing = Packing(contest)

    def sql(self) -> str:
        """The whole statement: person, counts below each level's bound, the best keys."""
        contest = self.contest
        also = sorted({audience for audiences in contest.also for audience in audiences})
        stages = [
            [f"{self.tree(tag, 'f')} AS t{i}" for i, tag in enumerate(contest.tags)],
            [f"{self.tree(part, 't')} AS c{i}" for i, part in enumerate(contest.criteria)],
            [f"coalesce(c{i}, false) AS y{i}" for i in range(len(contest.criteria))],
            [part for group in range(len(contest.groups)) for part in self.group(group)],
            [f"{self.also(audience)} AS a{audience}" for audience in also],
        ]
        sql = "facts"
        for stage in stages:
            sql = f"(SELECT *, {', '.join(stage)} FROM {sql})" if stage else sql
        keys = ", ".join(f"({self.study(row)})::INTEGER" for row in range(contest.studies))
        counts = ", ".join(
            f"count(*) FILTER (key < {self.packing.bound(level)}) AS n{int(level)}"
            for level in Level
        )
        return (
            f"SELECT person, min(key, {contest.best}) AS best, {counts}"
            f" FROM (SELECT person, unnest(keys) AS key"
            f" FROM (SELECT person, [{keys}] AS keys FROM {sql})) GROUP BY person"
        )

    def tree(self, expression: Expression, prefix: str) -> str:
        match expression:
            case Atom(index):
                return f"{prefix}{index}"
            case And(parts):
                return _joined(" AND ", (self.tree(part, prefix) for part in parts))
            case Or(parts):
                return _joined(" OR ", (self.tree(part, prefix) for part in parts))
            case Inverse(part):
                return f"(NOT {self.tree(part, prefix)})"
            case Known(part):
                return f"coalesce({self.tree(part, prefix)}, false)"
            case Constant(value):
                known = {Truth.YES: "true", Truth.NO: "false", Truth.UNKNOWN: "NULL::BOOLEAN"}
                return known[value]

    def group(self, group: int) -> list[str]:
        """A group's value `g`; its points `p`, HELD and more where it holds; its support `s`."""
        contest = self.contest
        ids = contest.groups[group]
        value = _joined(" AND ", (f"c{i}" for i in ids))
        weights = [contest.weights[i] for i in ids]
        points = HELD + contest.fit * max(weights) // contest.heaviest
        if len(ids) == 1:
            return [
                f"{value} AS g{group}",
                f"CASE WHEN y{ids[0]} THEN {points} ELSE 0 END AS p{group}",
            ]
        parts = (
            f"y{i}::SMALLINT * {contest.fit * w}::SMALLINT"
            for i, w in zip(ids, weights, strict=True)
        )
        share = f"({' + '.join(parts)}) // {sum(weights)}::SMALLINT"
        supports = [f"y{i}" for i in ids if contest.supports[i]]
        made = [
            f"{value} AS g{group}",
            f"CASE WHEN {value} THEN {points} WHEN ({value}) IS NULL THEN {share} ELSE 0 END"
            f" AS p{group}",
        ]
        if supports:
            made.append(f"(({value}) IS NULL AND {_joined(' OR ', supports)}) AS s{group}")
        return made

    def also(self, audience: int) -> str:
        """Of an "also" audience: 0 no, 1 unknown, 2 and the heaviest weight for yes."""
        contest = self.contest
        codes = []
        for group in contest.audiences[audience]:
            weight = max(contest.weights[i] for i in contest.groups[group])
            codes.append(
                f"CASE WHEN g{group} THEN {2 + weight} WHEN g{group} IS NULL THEN 1 ELSE 0 END"
            )
        return _greatest(codes)

    def study(self, row: int) -> str:
        """The packed key of a study."""
        contest, packing, point = self.contest, self.packing, self.packing.point
        start = {level: packing.key(row, level) for level in Level}
        if packing.no_audience(row):
            return str(start[Level.UNLABELLED])
        cases, unknown = [], []
        if contest.most[row] != NO_AUDIENCE:
            groups = contest.audiences[contest.most[row]]
            value = _joined(" OR ", (f"g{i}" for i in groups))
            points = f"{_greatest([f'p{i}' for i in groups])} * {point}"
            cases.append(f"WHEN {value} THEN {start[Level.FITS] + HELD * point} - {points}")
            supports = [f"s{i}" for i in groups if self.can_support(i)]
            if supports:
                held = _joined(" OR ", supports)
                cases.append(f"WHEN {held} THEN {start[Level.MAY_FIT]} - {points}")
            unknown.append(f"({value}) IS NULL")
        if contest.also[row]:
            codes = [f"a{audience}" for audience in contest.also[row]]
            best = _greatest(codes)
            number = " + ".join(f"({code} >= 2)::INTEGER" for code in codes)
            fit = (
                f"(({best} - 2) * {contest.related_fit} // {contest.heaviest}"
                f" + least({number}, {contest.related_count}))"
            )
            cases.append(f"WHEN {best} >= 2 THEN {start[Level.RELATED]} - {fit} * {point}")
            unknown.append(f"{best} = 1")
        cases.append(f"WHEN {' OR '.join(unknown)} THEN {start[Level.OPEN]}")
        return f"CASE {' '.join(cases)} ELSE {start[Level.DIFFERENT]} END"

    def can_support(self, group: int) -> bool:
        ids = self.contest.groups[group]
        return len(ids) > 1 and any(self.contest.supports[i] for i in ids)


def _joined(word: str, parts: Iterable[str]) -> str:
    return f"({word.join(parts)})"


def _greatest(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"greatest({', '.join(parts)})"
