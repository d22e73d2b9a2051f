"""Renewing: twelve months to the day, and what a sweep takes out and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import own_data, renewing
from matcher.services.subscribing.journal import entries
from matcher.services.subscribing.renewing import Swept, ends_at, months_later, sweep
from matcher.services.subscribing.trusted_clock import LAST_SWEEP
from matcher.store import signups
from matcher.store.database import session
from matcher.store.facts import put_fact
from matcher.store.suppressions import suppression
from tests.services.subscribing.kept import (
    NOW,
    add_mail,
    add_person,
    add_wish,
    mails,
    person_of,
)

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-22", 12, "2027-11-22"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-02-28", 12, "2028-02-28"),
        ("2026-12-31", -1, "2026-11-30"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str) -> None:
    moment = datetime.fromisoformat(f"{start}T09:30:00+00:00")
    assert months_later(moment, months) == datetime.fromisoformat(f"{end}T09:30:00+00:00")


def test_what_is_not_renewed_for_twelve_months_is_erased(desk: Desk) -> None:
    end = ends_at(NOW)
    add_person(desk, "kept@example.org")
    add_person(desk, "paused@example.org", standing="paused")
    assert sweep(desk, now=end - SECOND) == Swept()
    add_person(desk, "renewed@example.org", renewed_at=NOW + DAY)
    assert sweep(desk, now=end) == Swept(ended=2)
    left = ("kept@example.org", "paused@example.org", "renewed@example.org")
    assert [person_of(desk, one) is not None for one in left] == [False, False, True]
    assert [entry.what for entry in entries(desk)] == ["ended", "ended"]
    with session(desk.engine) as opened:
        reasons = [suppression(opened, [entry.address_hash]) for entry in entries(desk)]
    assert [entry.reason for entry in reasons if entry] == ["ended", "ended"]
    assert sweep(desk, now=end) == Swept()


def test_who_keeps_it_has_twelve_months_more(desk: Desk) -> None:
    later = NOW + 300 * DAY
    end = ends_at(later)
    name = add_person(desk)
    with session(desk.engine, writing=True) as opened:
        own_data.keep(opened, name, now=later)
    assert sweep(desk, now=end - SECOND) == Swept()
    assert sweep(desk, now=end).ended == 1


def test_who_keeps_it_while_the_sweep_is_at_work_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = add_person(desk)
    end, plain = ends_at(NOW), renewing.erase_by_name

    def after_keeping(*args: object, **how: object) -> bool:
        with session(desk.engine, writing=True) as opened:
            own_data.keep(opened, name, now=end)
        return plain(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(renewing, "erase_by_name", after_keeping)
    assert sweep(desk, now=end) == Swept()
    assert person_of(desk) is not None


def test_who_stopped_is_erased_thirty_days_later(desk: Desk) -> None:
    stopped = {"standing": "stopped", "stopped_reason": "unsubscribed", "stopped_at": NOW}
    add_person(desk, **stopped)
    add_person(desk, "bounced@example.org", **{**stopped, "stopped_reason": "bounced"})
    add_person(desk, "active@example.org")
    assert sweep(desk, now=NOW + 30 * DAY - SECOND) == Swept()
    assert sweep(desk, now=NOW + 30 * DAY) == Swept(stopped=2)
    assert person_of(desk, "active@example.org") is not None


def test_what_nobody_confirmed_is_gone_after_seven_days(desk: Desk) -> None:
    add_wish(desk)
    add_wish(desk, "later@example.org", at=NOW + DAY)
    assert sweep(desk, now=NOW + 7 * DAY) == Swept()
    assert sweep(desk, now=NOW + 7 * DAY + SECOND) == Swept(signups=1)
    assert [mail.state for mail in mails(desk)] == ["cancelled", "due"]


def believe(desk: Desk, now: datetime) -> None:
    """Let a sweep believe the clock however far it leaps."""
    with session(desk.engine, writing=True) as opened:
        put_fact(opened, LAST_SWEEP, now.isoformat())
        opened.commit()


def test_old_counts_and_old_rows_of_the_ledger_go(desk: Desk) -> None:
    add_person(desk, renewed_at=NOW + 360 * DAY)
    add_mail(desk, period="2026-W47", state="sent")
    add_mail(desk, period="2026-W48", state="due")
    with session(desk.engine, writing=True) as opened:
        for hours in (0, 30):
            hour = NOW + timedelta(hours=hours)
            signups.count_if_below(opened, "ab" * 32, hour=hour, most=5)
        opened.commit()
    assert sweep(desk, now=NOW + 2 * DAY + SECOND) == Swept(limits=1)
    late = months_later(NOW, 13)
    believe(desk, late)
    assert sweep(desk, now=late) == Swept(limits=1)
    assert sweep(desk, now=late + SECOND) == Swept(mails=1)
    assert [mail.period for mail in mails(desk)] == ["2026-W48"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_sweep_says_when_somebody_keeps_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = renewing.store.empty_log
    monkeypatch.setattr(renewing.store, "empty_log", lambda engine: empty(engine, wait=0.05))
    add_person(desk)
    with session(desk.engine) as reader:
        reader.execute(sa.text("select count(*) from subscriber"))
        add_person(desk, "other@example.org")
        assert sweep(desk, now=NOW) == Swept(log_is_empty=False)
    assert sweep(desk, now=NOW) == replace(Swept(), log_is_empty=True)


def test_a_sweep_that_was_killed_is_finished_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        add_person(desk, f"p{number}@example.org", standing="paused")
    plain, seen = renewing.erase_by_name, []

    def killed(*args: object, **how: object) -> bool:
        seen.append(args)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return plain(*args, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(renewing, "erase_by_name", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep(desk, now=ends_at(NOW))
    assert sweep(desk, now=ends_at(NOW)) == Swept(ended=2)
