"""Sweeping: what was kept long enough is erased while the application runs, whoever serves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock, Thread

import sqlalchemy as sa
import structlog
from flask import Flask

from matcher.services import visits
from matcher.services.digests.desk import Desk
from matcher.services.subscribing import renewing
from matcher.store.database import session
from matcher.store.errors import StoreError
from matcher.web.site import site

PAUSE = timedelta(minutes=10)
LONG_PAUSE = timedelta(hours=1)
log = structlog.get_logger(__name__)


def sweep_beside(app: Flask) -> None:
    """Erase ended visits at the first request, and then at most every ten minutes; what is kept of
    subscribers too long already once an hour, whether mails are sent from here or not.

    It is done beside the request: nobody waits for a database that is busy.
    """
    timer, long_timer = Timer(PAUSE), Timer(LONG_PAUSE, at_once=False)

    @app.before_request
    def sweep() -> None:
        here = site()
        now = here.clock()
        if timer.is_due(now):
            Thread(target=erase_ended, args=(here.engine, now), daemon=True).start()
        if long_timer.is_due(now):
            Thread(target=sweep_subscribers, args=(here.desk, now), daemon=True).start()


class Timer:
    """Remembers when it is due again; of several threads that ask at once one is told yes.

    The first who ask are told yes only with `at_once`.
    """

    def __init__(self, pause: timedelta, *, at_once: bool = True) -> None:
        self._lock, self._pause, self._at_once = Lock(), pause, at_once
        self._next: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether the pause is over; if so, the next one begins."""
        with self._lock:
            if self._next is not None and now < self._next:
                return False
            is_first, self._next = self._next is None, now + self._pause
            return self._at_once or not is_first


def erase_ended(engine: sa.Engine, now: datetime) -> None:
    """Erase the visits that have ended. A database that is busy is swept the next time."""
    try:
        with session(engine, writing=True) as opened:
            visits.purge(opened, now=now)
    except StoreError as error:
        log.warning("ended visits were not erased", what=error.what)


def sweep_subscribers(desk: Desk, now: datetime) -> None:
    """Take out what is kept too long already. A database that is busy is swept the next time."""
    try:
        renewing.sweep(desk, now=now)
    except StoreError as error:
        log.warning("nothing was swept", what=error.what)
