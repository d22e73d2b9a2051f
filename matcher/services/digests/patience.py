"""Patience: doing something again while another program keeps the database locked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

from matcher.store.errors import StoreError, explained

T = TypeVar("T")

PAUSE = 0.2


def patiently_in(session: Session, work: Callable[[], T], *, seconds: float) -> T:
    """The same for a transaction in an open session, which `work` ends itself: what it did is
    undone before it is done again."""
    engine = session.get_bind().engine

    def once() -> T:
        try:
            with explained(engine.url):
                return work()
        except BaseException:
            session.rollback()
            raise

    return patiently(once, seconds=seconds)


def patiently(work: Callable[[], T], *, seconds: float) -> T:
    """What `work` gives, done again while the database is locked, for so many seconds.

    `work` is one transaction. Raises `StoreError` when time is up, or at once for other reasons.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            return work()
        except StoreError as error:
            if error.kind != "locked" or time.monotonic() >= end:
                raise
            time.sleep(PAUSE)
