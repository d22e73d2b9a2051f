"""Planning: one row of the ledger for each subscriber and period, with what is new for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session

from matcher.services.digests.acknowledging import acknowledge, mark_maybe
from matcher.services.digests.batches import Batch, Enqueue, Rhythm
from matcher.services.digests.desk import Desk
from matcher.services.digests.last_plan import note_plan
from matcher.services.digests.periods import Period, current_period
from matcher.services.digests.persons import renewed_after
from matcher.services.digests.stock import take_stock
from matcher.store import digest_rows
from matcher.store.database import session as open_session
from matcher.store.digest_rows import Turn
from matcher.store.studies import holds_any

__all__ = ["Planned", "acknowledge", "has_no_studies", "mark_maybe", "plan"]

MOST_PASSES = 3
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Planned:
    """How many rows a run wrote (`due`, `empty`) and closed (`superseded`, `uncertain`).

    `waiting`: subscribers whose last digest is just being sent. `changed`: those who changed
    while they were planned. Both come again in the next run. `unreadable`: those whose data no
    key opens, or whose data have a shape that is not known.
    """

    due: int = 0
    empty: int = 0
    superseded: int = 0
    uncertain: int = 0
    waiting: int = 0
    changed: int = 0
    unreadable: int = 0


def plan(
    desk: Desk, *, now: datetime, enqueue: Enqueue | None = None, batch: int = 1000
) -> Planned:
    """Plan the present period of every active subscriber who has no row for it yet.

    `now` is aware. `enqueue` is given the numbers of the due rows inside of their transaction.
    Stopped at any point, what it did holds, and the next run does the rest. While the catalogue
    holds no study nothing is planned: it would use up everybody's period. Raises `StoreError`.
    """
    total: Counter[str] = Counter()
    if has_no_studies(desk):
        _note(desk, now)
        return Planned()
    for _ in range(MOST_PASSES):
        counts = _pass(desk, now, enqueue, batch)
        for again in ("waiting", "changed", "unreadable"):
            total.pop(again, None)
        total.update(counts)
        if not counts["changed"]:
            break
    if total["unreadable"]:
        # Told, not raised: one of them must not keep everybody's mails back.
        log.error("what is stored of subscribers cannot be read", count=total["unreadable"])
    _note(desk, now)
    return Planned(**total)


def has_no_studies(desk: Desk) -> bool:
    """Whether the catalogue was never filled."""
    if desk.matcher().catalogue.studies:
        return False
    with open_session(desk.engine) as session:
        return not holds_any(session)


def _note(desk: Desk, now: datetime) -> None:
    with open_session(desk.engine, writing=True) as session:
        note_plan(session, now=now)
        session.commit()


def _pass(desk: Desk, now: datetime, enqueue: Enqueue | None, size: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    with open_session(desk.engine) as session:
        periods = _periods(session, desk, now)
    last: int | None = 0
    while last is not None:
        batch = Batch(desk, take_stock(desk), now, counts)
        with open_session(desk.engine) as session:
            people = digest_rows.without_row(
                session,
                _turns(periods),
                after=last,
                renewed_after=renewed_after(now),
                limit=size,
            )
            batch.read(session, people, periods)
        drafts = batch.drafts()
        if drafts:
            batch.write(drafts, enqueue)
        last = batch.last
    return counts


def _periods(session: Session, desk: Desk, now: datetime) -> dict[Rhythm, Period]:
    """The present period of each frequency in each zone."""
    digest_time = desk.settings.digest_time
    return {
        (frequency, zone): current_period(frequency, zone, digest_time=digest_time, now=now)
        for frequency, zone in digest_rows.rhythms(session)
    }


def _turns(periods: dict[Rhythm, Period]) -> list[Turn]:
    zones: dict[tuple[str, str], list[str]] = {}
    for (frequency, zone), period in periods.items():
        zones.setdefault((period.key, frequency), []).append(zone)
    return [Turn(key, frequency, some) for (key, frequency), some in zones.items()]
