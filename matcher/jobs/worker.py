"""Worker: takes jobs from the queue until it is told to stop, whatever the database does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Timer

import structlog
from procrastinate import App

from matcher.jobs.app import STALLED_AFTER

GRACE = 8.0
"""Seconds that a mail in hand is waited for when the worker is told to stop."""

SIGNS_OF_LIFE = 5.0
REST = 5.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Stop:
    """Whether a worker was told to stop; asked by its tasks, in whatever thread."""

    told: Event = field(default_factory=Event)

    def __call__(self) -> bool:
        return self.told.is_set()


def run(app: App, stop: Stop, *, concurrency: int, ready: Callable[[], None]) -> None:
    """Work until SIGTERM or SIGINT. Calls `ready` once it can be told to stop.

    A mail that is still in hand after `GRACE` seconds is left: the process ends at once, and the
    row is settled by another worker as uncertain.
    """
    asyncio.run(_run(app, stop, concurrency, ready))


async def _run(app: App, stop: Stop, concurrency: int, ready: Callable[[], None]) -> None:
    me = asyncio.current_task()
    assert me is not None
    loop = asyncio.get_running_loop()
    work = loop.create_task(_work(app, stop, concurrency))

    def end() -> None:
        if not stop():
            stop.told.set()
            last = Timer(GRACE, _leave)
            last.daemon = True
            last.start()
            work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    ready()
    with suppress(asyncio.CancelledError):
        await work


async def _work(app: App, stop: Stop, concurrency: int) -> None:
    """Work, and begin again after a pause whenever the database went away."""
    while not stop():
        try:
            async with app.open_async():
                await app.run_worker_async(
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    update_heartbeat_interval=SIGNS_OF_LIFE,
                    stalled_worker_timeout=STALLED_AFTER,
                )
        except Exception as error:
            log.error("the queue cannot be reached", kind=type(error).__name__)
        finally:
            # One that could not be opened would otherwise pass for open the next time.
            await app.close_async()
        await asyncio.sleep(REST)


def _leave() -> None:
    log.error("stopped with a task in hand", mend="Its row is settled by another worker.")
    os._exit(1)
