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
HOPELESS = 2
"""Who would need so many times the patience is not tried on more people first; only a run that is
long enough tells, for a short one on a busy machine says little."""
LONGEST_PROBLEM = 200


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
    judge = _Judge(workload, tell)
    runs = [(timing, run) for timing in timings if (run := judge.admit(timing)) is not None]
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for timing, run in _from(runs, number):
            seconds = _time(run)
            timing.seconds.append(seconds)
            timing.pace.append(timing.people * workload.contest.studies / seconds)
    return timings


class _Judge:
    """Lets contestants in: who gives the same answer as the first, on a sample and on all."""

    def __init__(self, workload: Workload, tell: Tell) -> None:
        self.workload = workload
        self.tell = tell
        self.told: dict[str, Answer] = {}

    def admit(self, timing: Timing) -> Run | None:
        """The warm run of a contestant; None where it has a problem, which is noted."""
        contestant = timing.contestant
        try:
            return self._warm(timing)
        except ImportError as error:
            timing.problem = f"not installed: {error.name or error}"
        except Exception as error:
            if contestant.is_ours:
                raise
            # A newer version of another engine may not take what it is given: say so, go on.
            timing.problem = f"failed: {type(error).__name__}: {error}"[:LONGEST_PROBLEM]
        return None

    def _warm(self, timing: Timing) -> Run | None:
        workload, contestant = self.workload, timing.contestant
        people = min(SAMPLE, workload.size.people)
        self.tell(f"checking {contestant.title}")
        if not self._agrees("sample", contestant.ready(workload, people)()):
            timing.problem = f"answers differently on a sample of {people} people"
            return None
        self.tell(f"warming {contestant.title}")
        timing.people = _affordable(workload, contestant)
        run = contestant.ready(workload, timing.people)
        for _ in range(WARM_RUNS):
            if not self._agrees("all", run()):
                timing.problem = f"answers differently on {timing.people} people"
                return None
        return run

    def _agrees(self, where: str, answer: Answer) -> bool:
        first = self.told.setdefault(where, answer)
        common = min(len(first.rows), len(answer.rows))
        return answer.first(common).equals(first.first(common))


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
    """How many people one run can hold without taking much longer than it may.

    Judged by what more people add, for a run may cost much whoever comes (planning).
    """
    every = workload.size.people
    people = min(SAMPLE, every)
    seconds = _time_for(workload, contestant, people)
    while people < every and seconds <= PATIENCE:
        larger = min(every, people * GROW)
        more = _time_for(workload, contestant, larger)
        each = max(more - seconds, 0.0) / (larger - people)
        whole = more + each * (every - larger)
        if whole <= PATIENCE:
            return every
        if more >= SECONDS_IF_SLOW and whole > HOPELESS * PATIENCE:
            return _round(larger + (SECONDS_IF_SLOW - more) / each)
        people, seconds = larger, more
    return people if seconds <= PATIENCE else _round(people * SECONDS_IF_SLOW / seconds)


def _time_for(workload: Workload, contestant: Contestant, people: int) -> float:
    run = contestant.ready(workload, people)
    return min(_time(run), _time(run))


def _round(number: float) -> int:
    """A number with one digit that counts: sizes that can be read."""
    whole = max(1, round(number))
    scale = int(10 ** (len(str(whole)) - 1))
    return whole // scale * scale


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
