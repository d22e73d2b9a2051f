"""Growth: what ten times as many studies or people cost, one request's latency, where time goes."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from matcher.bench import ours
from matcher.bench.measuring import Tell
from matcher.bench.workload import TODAY, Workload
from matcher.services.matching import Matcher

TIMES = 10
RUNS = 3
REQUESTS = 100
SHOWN = 20
CATALOGUES = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Growth:
    """A size and what it cost: seconds from facts, and times the cost of the base."""

    studies: int
    people: int
    seconds: float
    times: float


@dataclass(frozen=True)
class Latency:
    """One request, in seconds: answers to a ranked list, and apart the reasons of those shown."""

    studies: int
    compile: float
    match: float
    match_slow: float
    reasons: float


def measure_growth(workload: Workload, *, kernel: str, tell: Tell) -> list[Growth]:
    """The base, then ten times the studies, then ten times the people.

    The ten times as many people are the same ones repeated: the engine takes each by itself.
    """
    studies, people = workload.size.studies, workload.size.people
    facts = workload.facts(people)
    best = workload.contest.best
    larger = [
        (studies, workload.catalogue, people, facts),
        (studies * TIMES, None, people, facts),
        (studies, workload.catalogue, people * TIMES, [*facts] * TIMES),
    ]
    grown: list[Growth] = []
    for many, catalogue, crowd, known in larger:
        tell(f"growth: {many:,} studies, {crowd:,} people")
        compiled = catalogue or workload.compile(many)
        run = ours.from_facts(compiled, known, today=TODAY, best=best, kernel=kernel)
        seconds = _median(run)
        base = grown[0].seconds if grown else seconds
        grown.append(Growth(many, crowd, seconds, seconds / base))
    return grown


def measure_latency(workload: Workload, sizes: Sequence[int], *, tell: Tell) -> list[Latency]:
    """One request at a time, each for another person, over catalogues of several sizes."""
    people = workload.people(min(REQUESTS, workload.size.people))
    found = []
    for size in sizes:
        tell(f"latency: {size:,} studies")
        studies = workload.studies(size)
        start = perf_counter()
        matcher = Matcher(workload.book, studies, finder=workload.finder)
        compiling = perf_counter() - start
        matches, reasons = [], []
        for answers in [people[0], *people]:
            start = perf_counter()
            outcome = matcher.match(answers, today=TODAY)
            first = outcome.matches[:SHOWN]
            matches.append(perf_counter() - start)
            start = perf_counter()
            for match in first:
                _ = match.reasons
            reasons.append(perf_counter() - start)
        slow = sorted(matches[1:])[int(0.95 * (len(people) - 1))]
        found.append(
            Latency(
                studies=size,
                compile=compiling,
                match=statistics.median(matches[1:]),
                match_slow=slow,
                reasons=statistics.median(reasons[1:]),
            )
        )
    return found


def measure_split(workload: Workload, *, kernel: str, tell: Tell) -> dict[str, float]:
    """Seconds of each part over the base: loading, conditions, kernel, reasons.

    The reasons are those of the shown studies of a hundred people, scaled to all people.
    """
    tell("where the time goes")
    people = workload.people(workload.size.people)
    parts = ours.split(workload.catalogue, people, today=TODAY, best=SHOWN, kernel=kernel)
    some = people[:REQUESTS]
    matcher = Matcher(workload.book, workload.catalogue.studies, finder=workload.finder)
    outcomes = [matcher.match(answers, today=TODAY) for answers in some]
    start = perf_counter()
    for outcome in outcomes:
        for match in outcome.matches[:SHOWN]:
            _ = match.reasons
    parts["reasons"] = (perf_counter() - start) * len(people) / len(some)
    return parts


def _median(run: Callable[[], object]) -> float:
    run()
    seconds = []
    for _ in range(RUNS):
        gc.collect()
        start = perf_counter()
        run()
        seconds.append(perf_counter() - start)
    return statistics.median(seconds)
