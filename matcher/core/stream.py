"""Stream: many people against many studies, block by block; never all pairs at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import Best, best_from, conditions
from matcher.core.finding.answer_table import AnswerTable
from matcher.core.machine.executors import load_fastest
from matcher.core.machine.people import People

T = TypeVar("T")
BLOCK = 2048
"""People that are worked on together. Memory grows with it, not with how many people follow."""


@dataclass(frozen=True)
class Block:
    """Some people in the order in which they came, and their best studies: row i is person i."""

    people: tuple[Answers, ...]
    best: Best


def best_matches(
    catalogue: Catalogue,
    people: Iterable[Answers],
    *,
    today: date,
    top: int = 20,
    block: int = BLOCK,
    using: str | None = None,
) -> Iterator[Block]:
    """The `top` listed studies of each person, in blocks, as they are asked for."""
    tables = tables_of(catalogue, people, block=block)
    known = ((table, catalogue.finder.columns.find(table, today=today)) for table in tables)
    for table, best in best_of_people(catalogue, known, today=today, top=top, using=using):
        yield Block(table.people, best)


def tables_of(
    catalogue: Catalogue, people: Iterable[Answers], *, block: int = BLOCK
) -> Iterator[AnswerTable]:
    """The people's answers by question, a block at a time."""
    rest = iter(people)
    while some := tuple(islice(rest, block)):
        yield AnswerTable.of(some, catalogue.finder.encoder)


def best_of_people(
    catalogue: Catalogue,
    blocks: Iterable[tuple[T, People]],
    *,
    today: date,
    top: int,
    using: str | None = None,
) -> Iterator[tuple[T, Best]]:
    """The best studies of blocks of people, each block with the name it came with.

    While other processors choose for the last blocks, the conditions of the next are found.
    """
    day = catalogue.on(today)
    using = using or load_fastest()
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    waiting: deque[tuple[T, Future[Best]]] = deque()
    with ThreadPoolExecutor(processors) as pool:
        for name, people in blocks:
            truths = conditions(catalogue, people)
            future = pool.submit(
                best_from, catalogue, day, truths, count=people.count, top=top, using=using
            )
            waiting.append((name, future))
            if len(waiting) > processors:
                yield _done(waiting.popleft())
        while waiting:
            yield _done(waiting.popleft())


def _done(one: tuple[T, Future[Best]]) -> tuple[T, Best]:
    name, future = one
    return name, future.result()
