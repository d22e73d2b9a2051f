"""Last plan: when the digests were last planned, so that it shows if no timer does it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.store.facts import fact, put_fact

LAST_PLAN = "last_plan"
STALE = timedelta(days=2)


def note_plan(session: Session, *, now: datetime) -> None:
    """Remember that a run planned all that it could at this moment (aware); does not commit."""
    put_fact(session, LAST_PLAN, now.isoformat())


def last_plan(session: Session) -> datetime | None:
    """When digests were last planned, None if never."""
    stored = fact(session, LAST_PLAN)
    return datetime.fromisoformat(stored) if stored else None


def is_planned_by_something(session: Session, *, now: datetime) -> bool:
    """Whether a timer, a worker or a server has planned within the last two days."""
    last = last_plan(session)
    return last is not None and abs(now - last) < STALE
