"""Measuring: equality first, then warm runs in interleaved rounds, and the peak of memory."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from matcher.bench.contest import Answer
from matcher.bench.contestants import Contestant, Run
from matcher.bench.workload import Size, Workload

Tell = Callable[[str], None]
SAMPLE = 60
"""How many people every contestant is checked on, against all studies, before it is timed."""
PATIENCE = 3.0
"""How many seconds one run over everybody may take; who needs more is timed on fewer people."""
SECONDS_IF_SLOW = 1.0
"""About how long one run of those takes."""
WARM_RUNS = 2
GROW = 6
ENOUGH_TO_JUDGE = 0.4
MEGABYTE = 1 << 20


@dataclass
class Timing:
    """How one contestant did. `pace` is in pairs of a person and a study a second, by round.

    `problem` says why it was not timed; `memory` is the peak above the idle process, in bytes.
    """

    contestant: Contestant
    people: int = 0
    seconds: list[float] = field(default_factory=list)
    pace: list[float] = field(default_factory=list)
    memory: int | None = None
    problem: str | None = None

    @property
    def median(self) -> float:
        """The median pace."""
        return statistics.median(self.pace)


def race(
    workload: Workload, entered: Sequence[Contestant], *, rounds: int, tell: Tell
) -> list[Timing]:
    """Check, warm and time the contestants; the first one is what the others are checked against.

    A contestant that is not installed or answers differently is named with its problem.
    """
    timings = [Timing(contestant) for contestant in entered]
    runs: list[tuple[Timing, Run]] = []
    truth: Answer | None = None
    for timing in timings:
        tell(f"checking {timing.contestant.title}")
        try:
            answer = timing.contestant.ready(workload, min(SAMPLE, workload.size.people))()
        except ImportError as error:
            timing.problem = f"not installed: {error.name or error}"
            continue
        truth = truth or answer
        if not answer.equals(truth):
            timing.problem = f"answers differently on a sample of {SAMPLE} people"
            continue
        tell(f"warming {timing.contestant.title}")
        timing.people = _affordable(workload, timing.contestant)
        run = timing.contestant.ready(workload, timing.people)
        for _ in range(WARM_RUNS):
            run()
        runs.append((timing, run))
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for timing, run in _from(runs, number):
            seconds = _time(run)
            timing.seconds.append(seconds)
            timing.pace.append(timing.people * workload.contest.studies / seconds)
    return timings


def ratios(fast: Timing, slow: Timing) -> list[float]:
    """How many times as fast one was as the other, round by round."""
    return [ours / theirs for ours, theirs in zip(fast.pace, slow.pace, strict=True)]


def measure_memory(timings: Sequence[Timing], size: Size, *, tell: Tell) -> None:
    """Fill in the peak of memory, each contestant in a process of its own."""
    for timing in timings:
        if timing.problem is None:
            tell(f"memory of {timing.contestant.title}")
            timing.memory = _memory(timing.contestant.name, size, timing.people)


def _from(runs: list[tuple[Timing, Run]], start: int) -> list[tuple[Timing, Run]]:
    """The same runs, another one first: nobody always runs after the same one."""
    turn = start % len(runs) if runs else 0
    return [*runs[turn:], *runs[:turn]]


def _time(run: Run) -> float:
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


def _affordable(workload: Workload, contestant: Contestant) -> int:
    """How many people one run can hold without taking much longer than it may."""
    people, every = min(SAMPLE, workload.size.people), workload.size.people
    while True:
        run = contestant.ready(workload, people)
        seconds = min(_time(run), _time(run))
        if people == every or seconds >= ENOUGH_TO_JUDGE:
            break
        people = min(every, people * GROW)
    if seconds * every / people <= PATIENCE:
        return every
    return max(min(SAMPLE, every), _round(int(people * SECONDS_IF_SLOW / seconds)))


def _round(number: int) -> int:
    """A number with one digit that counts: sizes that can be read."""
    scale = int(10 ** (len(str(number)) - 1))
    return max(1, number // scale * scale)


def _memory(name: str, size: Size, people: int) -> int | None:
    command = [sys.executable, "-m", "matcher.bench.memory", name]
    numbers = [size.studies, people, size.seed, size.best]
    done = subprocess.run(
        [*command, *map(str, numbers)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return None
    peak: int | None = json.loads(done.stdout)
    return peak
