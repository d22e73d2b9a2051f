"""Pausing: why no mails go out now: the server refuses us, or this database is a restored copy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.store.facts import RESTORED_AT, drop_fact, fact, put_fact

MAIL_PAUSED = "mail_paused"


@dataclass(frozen=True)
class Pause:
    """Why sending stopped by itself, in words without addresses, and since when (aware)."""

    why: str
    since: datetime


def paused(session: Session) -> Pause | None:
    """Why the last run stopped, None if it did not."""
    stored = fact(session, MAIL_PAUSED)
    if stored is None:
        return None
    found = json.loads(stored)
    return Pause(found["why"], datetime.fromisoformat(found["since"]))


def pause(session: Session, why: str, now: datetime) -> None:
    """Remember that sending stopped, and why; the moment of the first time is kept."""
    before = paused(session)
    since = before.since if before else now
    put_fact(session, MAIL_PAUSED, json.dumps({"why": why, "since": since.isoformat()}))


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
