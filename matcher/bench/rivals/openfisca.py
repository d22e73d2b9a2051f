"""OpenFisca: one variable for each tag, criterion and study, with vectorised formulas."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib import import_module
from typing import Any

import numpy as np

from matcher.bench.contest import NO_AUDIENCE, Answer, Columns, Contest
from matcher.bench.packing import Packing
from matcher.core.levels import Level
from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.truth import Truth

TITLE = "OpenFisca"
PACKAGES = ("OpenFisca-Core",)
METHOD = (
    "a variable for each tag, compound criterion and study over one entity, formulas in NumPy over"
    " all people at once; counts and best by comparing and partitioning the studies' keys"
)
UNKNOWN, YES = int(Truth.UNKNOWN), int(Truth.YES)
Read = Callable[[str], Any]


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over a simulation that holds the facts. Needs `openfisca_core`."""
    core = import_module("openfisca_core")
    parts = ("entities", "periods", "simulations", "taxbenefitsystems", "variables")
    for part in parts:
        import_module(f"openfisca_core.{part}")

    entity = core.entities.build_entity("person", "persons", "A person", is_person=True)
    system = core.taxbenefitsystems.TaxBenefitSystem([entity])
    formulas = _Formulas(contest)
    inputs = [f"f{i}" for i in range(len(contest.columns))]
    for name in inputs:
        system.add_variable(_variable(core, entity, name, None))
    computed = formulas.by_name()
    for name, formula in computed.items():
        system.add_variable(_variable(core, entity, name, formula))
    builder = core.simulations.SimulationBuilder()
    simulation = builder.build_default_simulation(system, columns.shape[1])
    month = core.periods.period("2026-11")
    for name, column in zip(inputs, columns, strict=True):
        simulation.set_input(name, month, column.astype(np.int32))

    def run() -> Answer:
        for name in computed:
            simulation.delete_arrays(name)
        rows = range(contest.studies)
        keys = np.stack([simulation.calculate(f"k{row}", month) for row in rows], axis=1)
        return _best(formulas.packing, keys)

    return run


def _best(packing: Packing, keys: Any) -> Answer:
    """The answer from all keys, [people × studies]."""
    best = packing.contest.best
    first = np.sort(np.partition(keys, best - 1, axis=1)[:, :best], axis=1)
    cumulated = np.stack([(keys < packing.bound(level)).sum(axis=1) for level in Level], axis=1)
    return packing.answer_of_cumulated(cumulated, first)


def _variable(
    core: Any, entity: Any, name: str, formula: Callable[[Read], Any] | None
) -> type[Any]:
    body: dict[str, Any] = {
        "value_type": int,
        "entity": entity,
        "definition_period": core.periods.DateUnit.MONTH,
        "label": name,
    }
    if formula is not None:
        chosen = formula

        def of_person(person: Any, period: Any) -> Any:
            return chosen(lambda wanted: person(wanted, period))

        body["formula"] = of_person
    return type(name, (core.variables.Variable,), body)


class _Formulas:
    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.packing = Packing(contest)
        self.criterion = [
            f"t{tree.index}" if isinstance(tree, Atom) else f"c{i}"
            for i, tree in enumerate(contest.criteria)
        ]

    def by_name(self) -> dict[str, Callable[[Read], Any]]:
        """The formula of every variable that is computed."""
        contest = self.contest
        tags = {f"t{i}": _tree(tag, "f") for i, tag in enumerate(contest.tags)}
        criteria = {
            self.criterion[i]: _tree(tree, "t")
            for i, tree in enumerate(contest.criteria)
            if not isinstance(tree, Atom)
        }
        studies = {f"k{row}": self.study(row) for row in range(contest.studies)}
        return tags | criteria | studies

    def study(self, row: int) -> Callable[[Read], Any]:
        """The formula of a study's packed key."""
        contest, packing = self.contest, self.packing
        start = {level: packing.key(row, level) for level in Level}
        if packing.no_audience(row):
            return lambda read: np.full_like(read("f0"), start[Level.UNLABELLED])
        of_most = () if contest.most[row] == NO_AUDIENCE else contest.audiences[contest.most[row]]
        also = contest.also[row]

        def formula(read: Read) -> Any:
            key: Any = start[Level.DIFFERENT]
            groups = [self._group(read, group) for group in of_most]
            most = reduce(np.maximum, [value for value, *_ in groups]) if groups else np.int32(0)
            unknown = most == UNKNOWN
            if also:
                codes = [self._code(read, audience) for audience in also]
                best = reduce(np.maximum, codes)
                held = sum((code > UNKNOWN).astype(np.int32) for code in codes)
                key = np.where(unknown | (best == UNKNOWN), start[Level.OPEN], key)
                fit = (best - YES) * contest.related_fit // contest.heaviest
                fit += np.minimum(held, contest.related_count)
                related = start[Level.RELATED] - (fit << packing.bits)
                key = np.where(best > UNKNOWN, related, key)
            else:
                key = np.where(unknown, start[Level.OPEN], key)
            supports = [support for _, _, _, support in groups if support is not None]
            if supports:
                share = reduce(np.maximum, [share for _, _, share, _ in groups])
                may = start[Level.MAY_FIT] - (share << packing.bits)
                key = np.where(unknown & reduce(np.logical_or, supports), may, key)
            if groups:
                points = reduce(np.maximum, [(v == YES) * points for v, points, *_ in groups])
                key = np.where(most == YES, start[Level.FITS] - (points << packing.bits), key)
            return key

        return formula

    def _group(self, read: Read, group: int) -> tuple[Any, int, Any, Any]:
        """Value, points if it holds, points of its share while unknown, and its support if any."""
        contest = self.contest
        ids = contest.groups[group]
        values = [read(self.criterion[i]) for i in ids]
        weights = [contest.weights[i] for i in ids]
        points = contest.fit * max(weights) // contest.heaviest
        if len(ids) == 1:
            return values[0], points, np.int32(0), None
        value = reduce(np.minimum, values)
        possible = value != 0
        yes = [one == YES for one in values]
        satisfied = reduce(
            np.add, [one * np.int32(contest.fit * w) for one, w in zip(yes, weights, strict=True)]
        )
        share = satisfied // np.int32(sum(weights)) * possible
        supporting = [one for one, i in zip(yes, ids, strict=True) if contest.supports[i]]
        support = reduce(np.logical_or, supporting) & possible if supporting else None
        return value, points, share, support

    def _code(self, read: Read, audience: int) -> Any:
        """Of an "also" audience: 0 no, 1 unknown, 2 and the heaviest weight for yes."""
        contest = self.contest
        codes = []
        for group in contest.audiences[audience]:
            ids = contest.groups[group]
            value = reduce(np.minimum, [read(self.criterion[i]) for i in ids])
            weight = max(contest.weights[i] for i in ids)
            codes.append(value + (value == YES) * np.int32(weight))
        return reduce(np.maximum, codes)


def _tree(expression: Expression, prefix: str) -> Callable[[Read], Any]:
    return lambda read: _value(expression, prefix, read)


def _value(expression: Expression, prefix: str, read: Read) -> Any:
    match expression:
        case Atom(index):
            return read(f"{prefix}{index}")
        case And(parts):
            return reduce(np.minimum, [_value(part, prefix, read) for part in parts])
        case Or(parts):
            return reduce(np.maximum, [_value(part, prefix, read) for part in parts])
        case Inverse(part):
            return np.int32(YES) - _value(part, prefix, read)
        case Known(part):
            return np.where(_value(part, prefix, read) == YES, np.int32(YES), np.int32(0))
        case Constant(value):
            return np.full_like(read(f"{prefix}0"), int(value))
