"""Tests of periods: one due time for each week and month, whatever clocks do in a zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.services.digests.periods import Period, current_period, first_instant, following

EIGHT = time(8)
ZONES = sorted(available_timezones())
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 29, 30, 59]))
FREQUENCIES = st.sampled_from(["weekly", "monthly"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("frequency", "zone", "digest_time", "now", "key", "due_at"),
    [
        # A plain week, a second before it is due and when it is.
        ("weekly", "UTC", EIGHT, "2026-11-30T07:59:59Z", "2026-W48", "2026-11-23T08:00Z"),
        ("weekly", "UTC", EIGHT, "2026-11-30T08:00:00Z", "2026-W49", "2026-11-30T08:00Z"),
        ("monthly", "UTC", EIGHT, "2026-12-01T07:59:59Z", "2026-11", "2026-11-01T08:00Z"),
        ("monthly", "UTC", EIGHT, "2026-12-01T08:00:00Z", "2026-12", "2026-12-01T08:00Z"),
        # Monday is earlier in the east.
        ("weekly", "Asia/Tokyo", EIGHT, "2026-11-29T23:00Z", "2026-W49", "2026-11-29T23:00Z"),
        ("weekly", "America/Lima", EIGHT, "2026-11-30T12:59Z", "2026-W48", "2026-11-23T13:00Z"),
        # The year of a week is not always that of its Monday; 2026 has 53 weeks.
        ("weekly", "UTC", EIGHT, "2024-12-31T12:00Z", "2025-W01", "2024-12-30T08:00Z"),
        ("weekly", "UTC", EIGHT, "2027-01-02T12:00Z", "2026-W53", "2026-12-28T08:00Z"),
        ("weekly", "UTC", EIGHT, "2027-01-04T12:00Z", "2027-W01", "2027-01-04T08:00Z"),
        ("monthly", "UTC", EIGHT, "2027-01-01T07:00Z", "2026-12", "2026-12-01T08:00Z"),
        # Half an hour of daylight saving: clocks in Lord Howe jump from 2:00 to 2:30.
        (
            "monthly",
            "Australia/Lord_Howe",
            time(2, 10),
            "2028-10-10T00:00Z",
            "2028-10",
            "2028-09-30T15:30Z",
        ),
        # Clocks in Asunción jumped from midnight to 1:00 on the first of October.
        (
            "monthly",
            "America/Asuncion",
            time(0),
            "2017-10-01T12:00Z",
            "2017-10",
            "2017-10-01T04:00Z",
        ),
        # Twice 1:30 in New York on the first of November: the first one counts.
        (
            "monthly",
            "America/New_York",
            time(1, 30),
            "2026-11-01T05:30Z",
            "2026-11",
            "2026-11-01T05:30Z",
        ),
        # A zone that is not known here (any more).
        ("weekly", "Mars/Olympus", EIGHT, "2026-11-30T08:00Z", "2026-W49", "2026-11-30T08:00Z"),
    ],
)
def test_a_period_is_the_newest_that_is_due(
    frequency: str, zone: str, digest_time: time, now: str, key: str, due_at: str
) -> None:
    found = current_period(frequency, zone, digest_time=digest_time, now=at(now))
    assert found == Period(key, at(due_at))


@pytest.mark.parametrize(
    ("wall", "zone", "first"),
    [
        # All of 30 December 2011 was skipped in Apia.
        ("2011-12-30T08:00", "Pacific/Apia", "2011-12-30T10:00Z"),
        ("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00Z"),
        # Midnight was skipped in Santiago, and came twice before it in April (23:00).
        ("2024-09-08T00:00", "America/Santiago", "2024-09-08T04:00Z"),
        ("2024-09-08T00:59", "America/Santiago", "2024-09-08T04:00Z"),
        ("2025-04-05T23:30", "America/Santiago", "2025-04-06T02:30Z"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30Z"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45Z"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00Z"),
    ],
)
def test_a_wall_time_is_its_first_instant(wall: str, zone: str, first: str) -> None:
    assert first_instant(datetime.fromisoformat(wall), ZoneInfo(zone)) == at(first)


@given(FREQUENCIES, st.sampled_from(ZONES), TIMES, MOMENTS)
@settings(max_examples=400, deadline=None)
def test_a_period_is_due_when_clocks_there_reach_its_time(
    frequency: str, zone: str, digest_time: time, now: datetime
) -> None:
    found = current_period(frequency, zone, digest_time=digest_time, now=now)
    after = following(frequency, zone, digest_time=digest_time, after=now)
    assert found.due_at <= now < after.due_at
    assert found.key != after.key
    # Nothing lies between: whoever looks just before the next one is due finds this one.
    eve = after.due_at - timedelta(seconds=1)
    assert current_period(frequency, zone, digest_time=digest_time, now=eve) == found
    assert following(frequency, zone, digest_time=digest_time, after=found.due_at) == after
    # One second before, no clock there had reached it; then one shows it, or has jumped over it.
    wall = _wall_of(found.key, digest_time)
    shown = found.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    before = (found.due_at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert before < wall <= shown
    assert shown == wall or shown - before > timedelta(seconds=1)


@given(FREQUENCIES, st.sampled_from(ZONES), TIMES, MOMENTS, st.integers(0, 40 * 86_400))
@settings(max_examples=200, deadline=None)
def test_time_goes_on_and_a_key_has_one_due_time(
    frequency: str, zone: str, digest_time: time, now: datetime, later: int
) -> None:
    first = current_period(frequency, zone, digest_time=digest_time, now=now)
    moment = now + timedelta(seconds=later)
    second = current_period(frequency, zone, digest_time=digest_time, now=moment)
    assert (first.key == second.key) == (first.due_at == second.due_at)
    assert first.due_at <= second.due_at


@pytest.mark.parametrize("digest_time", [time(0), time(2, 30)])
@pytest.mark.parametrize(("frequency", "keys"), [("weekly", 157), ("monthly", 36)])
def test_every_zone_has_each_week_and_month_of_some_years_once(
    frequency: str, keys: int, digest_time: time
) -> None:
    for zone in ZONES:
        found: list[Period] = []
        moment = at("2023-12-29T23:59:59Z")
        while moment < at("2027-01-01T12:00Z"):
            period = following(frequency, zone, digest_time=digest_time, after=moment)
            found.append(period)
            moment = period.due_at
        assert len({period.key for period in found}) == len(found), zone
        assert keys <= len(found) <= keys + 2, zone


def _wall_of(key: str, digest_time: time) -> datetime:
    if "W" in key:
        return datetime.combine(datetime.strptime(f"{key}-1", "%G-W%V-%u").date(), digest_time)
    return datetime.combine(datetime.strptime(key, "%Y-%m").date(), digest_time)
