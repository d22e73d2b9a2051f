"""Pausing: why no mails go out now: the server refuses us, or this database is a restored copy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from matcher.store.facts import RESTORED_AT, drop_fact, fact, put_fact

MAIL_PAUSED = "mail_paused"
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 10


@dataclass(frozen=True)
class Pause:
    """Why sending stopped by itself, in words without addresses, and since when (aware)."""

    why: str
    since: datetime


def paused(session: Session) -> Pause | None:
    """Why the last run stopped, None if it did not."""
    stored = _stored(session)
    return Pause(stored["why"], _moment(stored["since"])) if stored else None


def pause(session: Session, why: str, now: datetime, *, by_refusals: bool = False) -> None:
    """Remember that sending stopped, and why; the moment of the first time is kept.

    `by_refusals`: the server talks to us, but takes no mail.
    """
    before = _stored(session)
    tries, tried = 1, now
    if before:
        waits = _is_waiting(before, now)
        # Runs that were at it together have failed together: that is one try.
        tries = before.get("tries", 1) + (0 if waits else 1)
        tried = _moment(before["tried"]) if waits else now
    stored = {
        "why": why,
        "since": before["since"] if before else now.isoformat(),
        "tries": tries,
        "tried": tried.isoformat(),
        "by_refusals": by_refusals,
    }
    put_fact(session, MAIL_PAUSED, json.dumps(stored))


def may_try(session: Session, now: datetime) -> bool:
    """Whether a run that nobody asked for should be made now: after a pause it waits, from
    `FIRST_WAIT` to `LONGEST_WAIT`, and from a restored copy nothing is sent."""
    stored = _stored(session)
    return not is_restored(session) and not (stored and _is_waiting(stored, now))


def is_refused(session: Session) -> bool:
    """Whether the last run stopped as no mail was taken: the next one begins with a single one."""
    stored = _stored(session)
    return stored is not None and bool(stored.get("by_refusals"))


def _stored(session: Session) -> dict[str, Any] | None:
    stored = fact(session, MAIL_PAUSED)
    return json.loads(stored) if stored is not None else None


def _is_waiting(stored: dict[str, Any], now: datetime) -> bool:
    if "tried" not in stored:
        return False
    tried = _moment(stored["tried"])
    wait: timedelta = min(FIRST_WAIT * 2 ** min(stored["tries"] - 1, MOST_DOUBLINGS), LONGEST_WAIT)
    # A clock that was put back must not make this wait longer.
    return bool(tried <= now < tried + wait)


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def clear_pause(session: Session) -> None:
    """Forget why sending stopped: the server takes mails again."""
    drop_fact(session, MAIL_PAUSED)


def restored(session: Session) -> datetime | None:
    """When this database was put in place from a backup, None once `resume` was called."""
    stored = fact(session, RESTORED_AT)
    return datetime.fromisoformat(stored) if stored else None


def is_restored(session: Session) -> bool:
    """Whether this database came from a backup and was not yet told to send again."""
    return fact(session, RESTORED_AT) is not None


def resume(session: Session) -> bool:
    """Let this database send again; returns whether it had been held back."""
    held = is_restored(session) or paused(session) is not None
    drop_fact(session, RESTORED_AT)
    clear_pause(session)
    return held
