"""Periods: the weeks and months of digests, each due at one moment in a subscriber's own zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """A week or a month: its name (``2026-W49``, ``2026-12``) and when it is due (aware, UTC)."""

    key: str
    due_at: datetime


def current_period(frequency: str, zone: str, *, digest_time: time, now: datetime) -> Period:
    """The newest period that is due by `now` (aware): Mondays, or the first of the month."""
    start = _begin(frequency, _local_day(zone, now))
    # Where clocks go back over midnight, a day may have begun that the calendar left again.
    for day in (_step(frequency, start), start):
        period = _period(frequency, zone, day, digest_time)
        if period.due_at <= now:
            return period
    return _period(frequency, zone, _step(frequency, start, back=True), digest_time)


def following(frequency: str, zone: str, *, digest_time: time, after: datetime) -> Period:
    """The first period that is due after a moment (aware)."""
    start = _begin(frequency, _local_day(zone, after))
    period = _period(frequency, zone, start, digest_time)
    while period.due_at <= after:
        start = _step(frequency, start)
        period = _period(frequency, zone, start, digest_time)
    return period


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks in a zone show `wall` (naive), or more than that.

    A wall time that comes twice is its first; one that clocks jump over is the jump.
    """
    early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall(early, zone) == wall:
        return early
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_second(before, early, lambda moment: _wall(moment, zone) >= wall)


def _begin(frequency: str, day: date) -> date:
    return day - timedelta(days=day.weekday()) if frequency == "weekly" else day.replace(day=1)


def _step(frequency: str, start: date, *, back: bool = False) -> date:
    if frequency == "weekly":
        return start - WEEK if back else start + WEEK
    return (start + timedelta(days=-1 if back else 31)).replace(day=1)


@lru_cache(maxsize=4096)
def _period(frequency: str, zone: str, start: date, digest_time: time) -> Period:
    due_at = first_instant(datetime.combine(start, digest_time), _zone(zone))
    if frequency == "weekly":
        year, week, _ = start.isocalendar()
        return Period(f"{year}-W{week:02}", due_at)
    return Period(f"{start.year}-{start.month:02}", due_at)


def _first_second(
    before: datetime, reached: datetime, is_reached: Callable[[datetime], bool]
) -> datetime:
    """The first second after `before` for which something holds that holds at `reached`."""
    while reached - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((reached - before).total_seconds()) // 2)
        before, reached = (before, middle) if is_reached(middle) else (middle, reached)
    return reached


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _local_day(zone: str, moment: datetime) -> date:
    return moment.astimezone(_zone(zone)).date()


def _zone(name: str) -> ZoneInfo:
    """A zone by its name; one that this machine does not know any more is taken for UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
