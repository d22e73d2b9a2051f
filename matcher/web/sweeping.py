"""Sweeping: visits whose time is up are erased while the application runs, whoever serves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock, Thread

import sqlalchemy as sa
import structlog
from flask import Flask

from matcher.services import visits
from matcher.store.database import session
from matcher.store.errors import StoreError
from matcher.web.site import site

PAUSE = timedelta(minutes=10)
log = structlog.get_logger(__name__)


def sweep_visits(app: Flask) -> None:
    """Erase ended visits at the first request, and then at most every ten minutes.

    It is done beside the request: nobody waits for a database that is busy.
    """
    timer = Timer()

    @app.before_request
    def sweep() -> None:
        here = site()
        now = here.clock()
        if timer.is_due(now):
            Thread(target=erase_ended, args=(here.engine, now), daemon=True).start()


class Timer:
    """Remembers when it is due again; of several threads that ask at once one is told yes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether the pause is over; if so, the next one begins."""
        with self._lock:
            if self._next is not None and now < self._next:
                return False
            self._next = now + PAUSE
            return True


def erase_ended(engine: sa.Engine, now: datetime) -> None:
    """Erase the visits that have ended. A database that is busy is swept the next time."""
    try:
        with session(engine, writing=True) as opened:
            visits.purge(opened, now=now)
    except StoreError as error:
        log.warning("ended visits were not erased", what=error.what)
