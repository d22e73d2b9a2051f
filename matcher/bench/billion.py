"""Billion: one run of 10,000 studies for 100,000 people, in blocks, with its peak of memory."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from matcher.bench import ours
from matcher.bench.measuring import Tell
from matcher.bench.memory import forget_peak, resident
from matcher.bench.people import draw_people
from matcher.bench.workload import TODAY, Workload

STUDIES, PEOPLE = 10_000, 100_000
BLOCK, WARM = 20_000, 2_000


@dataclass(frozen=True)
class Billion:
    """What it took, in seconds and bytes. Drawing the people is told apart from `seconds`.

    `memory` is the peak above the process that has everything ready, before the first person was
    drawn. `split` are the seconds of each part for the first block, on one processor.
    """

    studies: int
    people: int
    seconds: float
    drawing: float
    pairs_a_second: float
    memory: int | None
    split: dict[str, float]
    fits: int


def run_billion(
    workload: Workload,
    *,
    kernel: str,
    tell: Tell,
    studies: int = STUDIES,
    people: int = PEOPLE,
) -> Billion:
    """Draw people in blocks, match each block from answers, keep nothing but a sum."""
    catalogue, best = workload.compile(studies), workload.size.best
    warm = workload.people(min(WARM, people))
    ours.from_answers(catalogue, warm, today=TODAY, best=best, kernel=kernel)()
    stream = draw_people(workload.finder, seed=workload.size.seed, today=TODAY)
    drawing = seconds = 0.0
    done = fits = 0
    split: dict[str, float] = {}
    forget_peak()
    before = resident()
    while done < people:
        tell(f"{done * studies:,} of {people * studies:,} pairs")
        started = perf_counter()
        block = list(islice(stream, min(BLOCK, people - done)))
        drawn = perf_counter()
        answer = ours.from_answers(catalogue, block, today=TODAY, best=best, kernel=kernel)()
        seconds += perf_counter() - drawn
        drawing += drawn - started
        done += len(block)
        fits += int(answer.counts[:, 0].sum())
        if not split:
            split = ours.split(catalogue, block, today=TODAY, best=best, kernel=kernel)
    after = resident()
    return Billion(
        studies=studies,
        people=people,
        seconds=seconds,
        drawing=drawing,
        pairs_a_second=studies * people / seconds,
        memory=after[1] - before[0] if before and after else None,
        split=split,
        fits=fits,
    )
