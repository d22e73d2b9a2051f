"""Ours: the engine as the contest asks for it; the only place that knows its calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from time import perf_counter

import numpy as np

from matcher.bench.contest import Answer
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import EXECUTORS, FASTEST, Best, conditions
from matcher.core.facts import Facts
from matcher.core.people import People
from matcher.core.stream import BLOCK, best_matches, best_of_people, tables_of

METHOD = {
    "facts": "from the same facts as the others",
    "answers": "from answers: finding what follows from them is part of the time",
}


def kernels() -> dict[str, tuple[str, ...]]:
    """The kernels that can run here, each with the packages that it needs."""
    return {name: tuple(dict.fromkeys(("numpy", name))) for name in EXECUTORS}


def fastest() -> str:
    """The kernel that is used where only one is."""
    return FASTEST


def facts_of(catalogue: Catalogue, people: Sequence[Answers], *, today: date) -> list[Facts]:
    """The facts of people, as `best_of_facts` takes them."""
    return [catalogue.finder.find(answers, today=today) for answers in people]


def best_of_facts(
    catalogue: Catalogue, facts: Sequence[Facts], *, today: date, best: int, kernel: str
) -> Answer:
    """Counts by level and the best studies of people whose facts are known."""
    return from_facts(catalogue, facts, today=today, best=best, kernel=kernel)()


def from_answers(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from answers: finding what follows from them is part of it."""

    def run() -> Answer:
        blocks = best_matches(catalogue, people, today=today, top=best, using=kernel)
        return _answer(block.best for block in blocks)

    return run


def from_facts(
    catalogue: Catalogue, facts: Sequence[Facts], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from facts alone, as the other engines get them; here they are bit planes."""
    size = catalogue.finder.vocabulary.size
    blocks = [
        People.of(facts[start : start + BLOCK], size=size) for start in range(0, len(facts), BLOCK)
    ]

    def run() -> Answer:
        named = ((number, people) for number, people in enumerate(blocks))
        found = best_of_people(catalogue, named, today=today, top=best, using=kernel)
        return _answer(best for _, best in found)

    return run


def repeated(facts: Sequence[Facts], times: int) -> Sequence[Facts]:
    """The same people so many times over."""
    return list(facts) * times


def split(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> dict[str, float]:
    """Seconds of each part of one run on one processor: answers into columns (loading), facts,
    conditions, kernel."""
    seconds = dict.fromkeys(("loading", "facts", "conditions", "kernel"), 0.0)
    clock = perf_counter()

    def lap(part: str) -> None:
        nonlocal clock
        seconds[part], clock = seconds[part] + perf_counter() - clock, perf_counter()

    day = catalogue.on(today)
    for table in tables_of(catalogue, people):
        lap("loading")
        known = catalogue.finder.columns.find(table, today=today)
        lap("facts")
        truths = conditions(catalogue, known)
        lap("conditions")
        EXECUTORS[kernel].best(catalogue.layout, day, *truths, count=known.count, top=best)
        lap("kernel")
    return seconds


def _answer(found: Iterable[Best]) -> Answer:
    blocks = [(best.counts, best.rows, best.levels, best.scores) for best in found]
    return Answer(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
