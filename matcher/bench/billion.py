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
BLOCK = 5_000


@dataclass(frozen=True)
class Billion:
    """What it took, in seconds and bytes. Drawing the people is told apart from `seconds`.

    `memory` is the peak above the process before the first person was drawn.
    """

    studies: int
    people: int
    seconds: float
    loading: float
    matching: float
    drawing: float
    pairs_a_second: float
    memory: int | None
    fits: int


def run_billion(
    workload: Workload,
    *,
    kernel: str,
    tell: Tell,
    studies: int = STUDIES,
    people: int = PEOPLE,
) -> Billion:
    """Draw people in blocks, match each block, keep nothing but a sum."""
    best = workload.size.best
    catalogue = workload.compile(studies)
    ours.best_of_facts(
        catalogue,
        ours.facts_of(catalogue, workload.people(1), today=TODAY),
        today=TODAY,
        best=best,
        kernel=kernel,
    )
    stream = draw_people(workload.finder, seed=workload.size.seed, today=TODAY)
    drawing = loading = matching = 0.0
    done = fits = 0
    forget_peak()
    before = resident()
    while done < people:
        tell(f"{done * studies:,} of {people * studies:,} pairs")
        started = perf_counter()
        block = list(islice(stream, min(BLOCK, people - done)))
        drawn = perf_counter()
        facts = ours.facts_of(catalogue, block, today=TODAY)
        loaded = perf_counter()
        answer = ours.best_of_facts(catalogue, facts, today=TODAY, best=best, kernel=kernel)
        matched = perf_counter()
        drawing += drawn - started
        loading += loaded - drawn
        matching += matched - loaded
        done += len(block)
        fits += int(answer.counts[:, 0].sum())
    after = resident()
    return Billion(
        studies=studies,
        people=people,
        seconds=loading + matching,
        loading=loading,
        matching=matching,
        drawing=drawing,
        pairs_a_second=studies * people / (loading + matching),
        memory=after[1] - before[0] if before and after else None,
        fits=fits,
    )
