"""Schedulers: several programs that plan and send at once; some are stopped, let go on, killed."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from matcher.store.errors import StoreError
from tests.lab.clock_control import night_passes
from tests.lab.forked import Child, ChildError, KilledError
from tests.lab.interfering import Deed, Interfering, Once
from tests.lab.lab_site import Site, Wrap

LOCKED = "StoreError: the database is locked"
FEW = 3
"""Rows that one program takes at once here, so that several have some in hand."""


def scheduler(site: Site, *, wrap: Wrap | None = None, runs: int = 1) -> Child:
    """A program of its own that plans and sends, so many times; gives each run's counts."""
    rules = replace(site.rules, batch=FEW, patience=30.0)

    def work() -> list[dict[str, int]]:
        site.rules, counts = rules, []
        with site.shift() as shift:
            for _ in range(runs):
                shift.plan()
                counts.append(dict(shift.send(wrap=wrap).counts))
                shift.clock.forward(timedelta(minutes=1))
        return counts

    return Child(work)


def at_first_mail(moment: str, deed: Deed) -> Wrap:
    """Does a deed at a moment of the first mail: a field of `Interfering`."""
    once = Once(deed)
    return lambda transport: Interfering(transport, **{moment: once})


def lapse(site: Site) -> None:
    """Let every lease end now."""
    with site.engine() as engine:
        night_passes(engine)


def harass(site: Site, programs: Sequence[Child], *, seed: int, deeds: int) -> None:
    """Stop, let go on and kill programs at random while they work, and let leases end."""
    draw = random.Random(seed)
    for _ in range(deeds):
        time.sleep(draw.uniform(0, 0.05))
        program = draw.choice(programs)
        draw.choices([program.doze, program.wake, program.kill], weights=[10, 5, 1])[0]()
        if draw.random() < 0.3:
            _lapse_if_free(site, programs)
    for program in programs:
        program.wake()


def _lapse_if_free(site: Site, programs: Sequence[Child]) -> None:
    try:
        lapse(site)
    except StoreError:
        # One of them was stopped with the whole file in its hands.
        for program in programs:
            program.wake()


def end_of(program: Child) -> list[dict[str, int]]:
    """What a program did; nothing if it was killed, or gave up on a locked database."""
    try:
        done: list[dict[str, int]] = program.result()
    except KilledError:
        return []
    except ChildError as error:
        if LOCKED in str(error):
            return []
        raise
    return done
