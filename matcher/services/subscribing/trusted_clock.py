"""Trusted clock: whether the time may be believed by which people's data is erased for good.

A clock that jumps ahead by a year would end every subscription at once. What is more than some
weeks past the last sweep is doubted first; a clock that goes on like that for days is believed,
as the machine was off for so long.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.store.database import session as open_session
from matcher.store.facts import drop_fact, fact, put_fact

LEAP = timedelta(weeks=8)
"""So far past the last sweep a sweep is believed at once."""

DOUBTED_FOR = timedelta(days=7)
LAST_SWEEP, SWEEP_DOUBTED = "last_sweep", "sweep_doubted"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Doubt:
    """A clock that is not believed: what it first said, and what it said last (both aware)."""

    since: datetime
    seen: datetime


def doubted(session: Session) -> Doubt | None:
    """Why sweeps hold back, None if they do not."""
    stored = fact(session, SWEEP_DOUBTED)
    if stored is None:
        return None
    return Doubt(
        **{name: datetime.fromisoformat(said) for name, said in json.loads(stored).items()}
    )


def is_trusted(desk: Desk, *, now: datetime) -> bool:
    """Whether a sweep may erase people now; notes the time if so, the doubt if not.

    Raises `StoreError`.
    """
    with open_session(desk.engine, writing=True) as session:
        since = _doubted_since(session, now)
        if since is None or now - since >= DOUBTED_FOR:
            put_fact(session, LAST_SWEEP, now.isoformat())
            drop_fact(session, SWEEP_DOUBTED)
            since = None
        else:
            told = {"since": since.isoformat(), "seen": now.isoformat()}
            put_fact(session, SWEEP_DOUBTED, json.dumps(told))
        session.commit()
    if since is not None:
        log.error("nothing was swept", what="the clock stands weeks past the last sweep")
    return since is None


def _doubted_since(session: Session, now: datetime) -> datetime | None:
    """Since when this clock is doubted; None if there is no cause."""
    last = fact(session, LAST_SWEEP)
    if last is None or now - datetime.fromisoformat(last) <= LEAP:
        return None
    doubt = doubted(session)
    went_on = doubt is not None and timedelta() <= now - doubt.seen <= LEAP
    return doubt.since if doubt and went_on else now
