"""Tests of the end of twelve months: who is asked whether the mails shall go on, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.services.digests.planning import Planned, acknowledge
from matcher.services.subscribing.renewing import ends_at, months_later, sweep
from tests.services.digests.planning_ledger import WEDNESDAY, WEEK, Ledger

DAY = timedelta(days=1)


def send(ledger: Ledger, at: datetime) -> None:
    """As if the mail of the newest row had been sent."""
    row = ledger.rows()[-1]
    ledger.follow(acknowledge, row)
    ledger.set(row, done_at=at)


def asks(ledger: Ledger, now: datetime) -> bool:
    """Whether a mail is planned now that asks; it is sent."""
    if not ledger.plan(now).due:
        return False
    asked = ledger.selection(ledger.rows()[-1]).last
    send(ledger, now)
    return asked


@pytest.mark.parametrize("frequency", ["weekly", "monthly"])
@pytest.mark.parametrize("day", [0, 9, 24])
def test_whenever_it_ends_one_mail_asks_four_weeks_before_or_more(
    ledger: Ledger, frequency: str, day: int
) -> None:
    """And no other comes only to ask once more; then it is over, to the day."""
    ledger.publish("Of no concern", tag="prostate_cancer")
    began = WEDNESDAY + day * DAY
    ledger.subscribe(frequency=frequency, renewed_at=began)
    end = ends_at(began)
    now, asked = end - 66 * DAY, []
    while now < end:
        if asks(ledger, now):
            asked.append(now)
        now += DAY
    assert len(asked) == 1
    assert timedelta(days=28) <= end - asked[0] <= timedelta(days=60)
    assert sweep(ledger.desk, now=end - DAY).ended == 0
    assert sweep(ledger.desk, now=end).ended == 1


def test_every_mail_of_the_last_weeks_that_has_something_to_say_asks_too(ledger: Ledger) -> None:
    ledger.publish("Of no concern", tag="prostate_cancer")
    end = WEDNESDAY + 3 * WEEK
    ledger.subscribe(renewed_at=months_later(end, -12))
    assert asks(ledger, WEDNESDAY)
    assert not asks(ledger, WEDNESDAY + WEEK)
    ledger.publish("One")
    assert asks(ledger, WEDNESDAY + 2 * WEEK)
    assert ledger.states()[1] == ("2026-W50", "empty")


def test_after_twelve_months_nobody_is_mailed_any_more(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe(renewed_at=months_later(WEDNESDAY, -12))
    assert ledger.plan() == Planned()
    ledger.subscribe(renewed_at=months_later(WEDNESDAY, -12) + timedelta(seconds=1))
    assert ledger.plan() == Planned(due=1)


def test_who_renews_is_not_asked_for_long(ledger: Ledger) -> None:
    ledger.publish("Of no concern", tag="prostate_cancer")
    person = ledger.subscribe(renewed_at=months_later(WEDNESDAY, -12) + 20 * DAY)
    assert asks(ledger, WEDNESDAY)
    ledger.set_person(person, renewed_at=WEDNESDAY + DAY, version=2)
    assert ledger.plan(WEDNESDAY + 5 * WEEK) == Planned(empty=1)
    # Next year's question is another one.
    assert asks(ledger, datetime.combine(date(2027, 11, 10), WEDNESDAY.timetz()).astimezone(UTC))
