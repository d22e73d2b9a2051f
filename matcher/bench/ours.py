"""Ours: the engine as the contest asks for it; the only place that knows its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter

import numpy as np

from matcher.bench.contest import Answer
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import decide, rank, score
from matcher.core.facts import Facts
from matcher.core.levels import Level, marks_of

BLOCK = 500
METHOD = {
    "facts": "from the same facts as the others",
    "answers": "from answers: finding what follows from them is part of the time",
}


def kernels() -> dict[str, tuple[str, ...]]:
    """The kernels that can run here, each with the packages that it needs."""
    return {"numpy": ("numpy",)}


def fastest() -> str:
    """The kernel that is used where only one is."""
    return next(iter(kernels()))


def facts_of(catalogue: Catalogue, people: Sequence[Answers], *, today: date) -> list[Facts]:
    """The facts of people, as `best_of_facts` takes them."""
    return [catalogue.finder.find(answers, today=today) for answers in people]


def best_of_facts(
    catalogue: Catalogue, facts: Sequence[Facts], *, today: date, best: int, kernel: str
) -> Answer:
    """Counts by level and the best studies of people whose facts are known."""
    assert kernel in kernels()
    scoring = catalogue.book.scoring
    marks = [marks_of(study, today=today, scoring=scoring) for study in catalogue.studies]
    marked = np.array([bool(of_study) for of_study in marks], dtype=bool)
    blocks = []
    for start in range(0, len(facts), BLOCK):
        scores = score(catalogue, decide(catalogue, facts[start : start + BLOCK]), today=today)
        rows = rank(catalogue, scores, marked=marked)[:best]
        blocks.append(
            (
                np.stack([(scores.level == level).sum(axis=0) for level in Level], axis=1),
                rows.T,
                np.take_along_axis(scores.level, rows, axis=0).T,
                np.take_along_axis(scores.score, rows, axis=0).T,
            )
        )
    return Answer(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


def from_answers(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from answers: finding what follows from them is part of it."""
    return lambda: best_of_facts(
        catalogue,
        facts_of(catalogue, people, today=today),
        today=today,
        best=best,
        kernel=kernel,
    )


def from_facts(
    catalogue: Catalogue, facts: Sequence[Facts], *, today: date, best: int, kernel: str
) -> Callable[[], Answer]:
    """A run from facts alone, as the other engines get them."""
    return lambda: best_of_facts(catalogue, facts, today=today, best=best, kernel=kernel)


def repeated(facts: Sequence[Facts], times: int) -> Sequence[Facts]:
    """The same people so many times over."""
    return list(facts) * times


def split(
    catalogue: Catalogue, people: Sequence[Answers], *, today: date, best: int, kernel: str
) -> dict[str, float]:
    """Seconds of each part of one run: loading the answers, the conditions, the kernel."""
    start = perf_counter()
    facts = facts_of(catalogue, people, today=today)
    loaded = perf_counter()
    for first in range(0, len(facts), BLOCK):
        decide(catalogue, facts[first : first + BLOCK])
    decided = perf_counter()
    best_of_facts(catalogue, facts, today=today, best=best, kernel=kernel)
    whole = perf_counter() - decided
    conditions = decided - loaded
    return {
        "loading": loaded - start,
        "conditions": conditions,
        "kernel": max(0.0, whole - conditions),
    }
