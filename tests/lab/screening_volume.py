"""Screening volume: how long the desk's work takes over many people and many studies.

Not a test: `python -m tests.lab.screening_volume [PEOPLE] [STUDIES]` prints seconds of processor
time on people and studies as the benchmark draws them.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from itertools import islice

from matcher.bench.people import draw_people
from matcher.bench.studies import draw_studies
from matcher.core.machine.executors import load_fastest
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher
from matcher.services.screening.grid import screen, screen_in_blocks
from matcher.services.screening.reach import reach
from matcher.services.screening.wanted import most_valuable

DAY = date(2026, 11, 22)
STUDIES_REACHED = 30


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(count: int = 500, studies: int = 1000) -> None:
    """Print the figures."""
    book = load_rules(shipped_rules())
    drawn = draw_studies(book, sample_studies(book), seed=1, today=DAY)
    matcher = Matcher(book, islice(drawn, studies))
    people = list(islice(draw_people(matcher.catalogue.finder, seed=2, today=DAY), count))
    print(f"{count} people, {studies} studies, by {load_fastest()}")
    screen(matcher, people[:50], today=DAY)
    print(f"grid: {seconds(lambda: screen(matcher, people, today=DAY)):.2f}")

    def in_blocks() -> None:
        for _ in screen_in_blocks(matcher, people, today=DAY):
            pass

    print(f"grid in blocks: {seconds(in_blocks):.2f}")
    tracemalloc.start()
    in_blocks()
    print(f"at most {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB for it")
    tracemalloc.stop()
    keys = [study.key for study in matcher.catalogue.studies[:STUDIES_REACHED]]
    reached = sorted(seconds(lambda k=key: reach(matcher, k, people, today=DAY)) for key in keys)  # type: ignore[misc]
    print(f"reach of one study: {reached[len(reached) // 2]:.2f}, at most {reached[-1]:.2f}")
    for name in ("first", "again"):
        print(f"wanted, {name}: {seconds(lambda: most_valuable(matcher, people, today=DAY)):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
