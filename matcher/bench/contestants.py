"""Contestants: every engine that can take part, by name; how to get its run, and its versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module, metadata

import numpy as np

from matcher.bench import ours
from matcher.bench.contest import Answer, Columns
from matcher.bench.workload import TODAY, Workload
from matcher.core.machine.executors import executor

Run = Callable[[], Answer]
RIVALS = ("polars_lazy", "duckdb_sql", "openfisca", "zen", "cel", "plain", "referee")
OURS = "ours"
SHORT = {"polars_lazy": "polars", "duckdb_sql": "duckdb"}


@dataclass(frozen=True)
class Contestant:
    """One engine. `ready(workload, n)` gets n people ready and returns the run that is timed.

    `ready` raises `ImportError` where the engine is not installed.
    """

    name: str
    title: str
    method: str
    packages: tuple[str, ...]
    ready: Callable[[Workload, int], Run]

    @property
    def is_ours(self) -> bool:
        """Whether this is a form of our own engine."""
        return self.name.startswith(OURS)

    @property
    def versions(self) -> dict[str, str]:
        """The installed versions of its packages; those that are not installed are left out."""
        return {name: version for name in self.packages if (version := _version(name))}


def contestants(without: Iterable[str] = ()) -> list[Contestant]:
    """All contestants but those named; our own first. Raises `ValueError` for an unknown name."""
    every = [*_our_forms(), *map(_rival, RIVALS)]
    names = [contestant.name for contestant in every]
    for name in without:
        if name not in names:
            raise ValueError(f"there is no contestant {name!r}; there are: {', '.join(names)}")
    return [contestant for contestant in every if contestant.name not in set(without)]


def _our_forms() -> list[Contestant]:
    forms = []
    for kernel, packages in ours.kernels().items():
        for start, ready in OUR_STARTS.items():
            forms.append(
                Contestant(
                    name=f"{OURS}-{kernel}-{start}",
                    title=f"Matcher {kernel}, {start}",
                    method=ours.STARTS[start],
                    packages=packages,
                    ready=partial(_ready, ready, kernel),
                )
            )
    return forms


def _ready(start: Callable[..., Run], kernel: str, workload: Workload, people: int) -> Run:
    executor(kernel)  # raises `ImportError` where it is not installed
    return start(kernel, workload, people)


def _from_facts(kernel: str, workload: Workload, people: int) -> Run:
    best = workload.contest.best
    facts = workload.facts(people)
    return ours.from_facts(workload.catalogue, facts, today=TODAY, best=best, kernel=kernel)


def _from_columns(kernel: str, workload: Workload, people: int) -> Run:
    best = workload.contest.best
    answers = workload.people(people)
    return ours.from_columns(workload.catalogue, answers, today=TODAY, best=best, kernel=kernel)


def _from_answers(kernel: str, workload: Workload, people: int) -> Run:
    best = workload.contest.best
    answers = workload.people(people)
    return ours.from_answers(workload.catalogue, answers, today=TODAY, best=best, kernel=kernel)


OUR_STARTS = {"facts": _from_facts, "columns": _from_columns, "answers": _from_answers}


def _rival(name: str) -> Contestant:
    module = import_module(f"matcher.bench.rivals.{name}")

    def ready(workload: Workload, people: int) -> Run:
        if getattr(module, "FROM_ANSWERS", False):
            run: Run = module.make(workload, workload.people(people))
            return run
        columns: Columns = np.ascontiguousarray(workload.columns(people))
        made: Run = module.make(workload.contest, columns)
        return made

    return Contestant(SHORT.get(name, name), module.TITLE, module.METHOD, module.PACKAGES, ready)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
