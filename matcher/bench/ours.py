"""Ours: the engine as the contest asks for it; the only place that knows its calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from matcher.bench.contest import Answer
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import Best, conditions
from matcher.core.machine.executors import NUMBA, NUMPY, executor, installed
from matcher.core.machine.people import People
from matcher.core.stream import best_matches, best_of_people, tables_of

STARTS = {
    "facts": "from the same facts as the others, as bit planes",
    "columns": "from answers by question; finding what follows from them is part of the time",
    "answers": "from answers person by person, as they are stored",
}
"""What a run can start from, and what that means; the later, the more is inside the time."""
Known = Sequence[People]
"""What is known of people, in blocks."""


def kernels() -> dict[str, tuple[str, ...]]:
    """The kernels, each with the packages that it needs."""
    return {name: tuple(dict.fromkeys((NUMPY, name))) for name in (NUMPY, NUMBA)}


def fastest() -> str:
    """The kernel that is used where only one is."""
    return installed()[-1]


def facts_of(catalogue: Catalogue, people: Iterable[Answers], *, today: date) -> Known:
    """What is known of people, as `from_facts` takes it."""
    find = catalogue.finder.columns.find
    return [find(table, today=today) for table in tables_of(catalogue, people)]


def values_of(known: Known, atoms: Sequence[int]) -> NDArray[np.int8]:
    """The truths of some atoms: [atoms × people], 0 no, 1 unknown, 2 yes."""
    places = np.asarray(atoms, dtype=np.intp)
    blocks = []
    for people in known:
        yes, can = (_bits(planes, people.count) for planes in people.atoms(places))
        blocks.append(yes + can)
    return np.concatenate(blocks, axis=1)


def from_facts(
    catalogue: Catalogue, known: Known, *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from facts alone, as the other engines get them."""
    return lambda: _best(catalogue, known, today=today, best=best, kernel=kernel)


def from_columns(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from answers by question."""
    tables = list(tables_of(catalogue, people))
    find = catalogue.finder.columns.find

    def run() -> Answer:
        known = (find(table, today=today) for table in tables)
        return _best(catalogue, known, today=today, best=best, kernel=kernel)

    return run


def from_answers(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from answers, one person after the other."""

    def run() -> Answer:
        blocks = best_matches(catalogue, people, today=today, top=best, using=kernel)
        return _answer(block.best for block in blocks)

    return run


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
        executor(kernel).best(catalogue.layout, day, *truths, count=known.count, top=best)
        lap("kernel")
    return seconds


def _best(
    catalogue: Catalogue, known: Iterable[People], *, today: date, best: int, kernel: str
) -> Answer:
    blocks = enumerate(known)
    found = best_of_people(catalogue, blocks, today=today, top=best, using=kernel)
    return _answer(best for _, best in found)


def _bits(planes: Sequence[int], count: int) -> NDArray[np.int8]:
    length = (count + 7) // 8
    raw = b"".join(plane.to_bytes(length, "little") for plane in planes)
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(len(planes), length)
    return np.unpackbits(rows, axis=1, bitorder="little")[:, :count].astype(np.int8)


def _answer(found: Iterable[Best]) -> Answer:
    blocks = [(best.counts, best.rows, best.levels, best.scores) for best in found]
    return Answer(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
