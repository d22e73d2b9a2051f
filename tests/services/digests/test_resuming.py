"""Resuming: after a restore nothing is told as new that was perhaps told already."""

from __future__ import annotations

from datetime import timedelta

from matcher.services.digests import pausing
from matcher.services.digests.planning import acknowledge
from matcher.services.digests.resuming import MAYBE_SENT, close_restored, resume
from matcher.store.database import session
from matcher.store.facts import RESTORED_AT, put_fact
from tests.services.digests.planning_ledger import WEDNESDAY, WEEK, Ledger

LATER = WEDNESDAY + timedelta(hours=3)


def restored(ledger: Ledger) -> None:
    with session(ledger.desk.engine, writing=True) as opened:
        put_fact(opened, RESTORED_AT, WEDNESDAY.isoformat())
        opened.commit()


def whys(ledger: Ledger) -> list[str]:
    return [item.why for item in ledger.selection(ledger.rows()[-1]).items]


def test_what_the_copy_had_not_planned_yet_counts_as_perhaps_sent(each: Ledger) -> None:
    each.publish("One")
    each.subscribe()
    restored(each)
    assert close_restored(each.desk, now=LATER) == 1
    (row,) = each.rows()
    assert (row.state, row.reason, row.done_at) == ("uncertain", MAYBE_SENT, LATER)
    assert resume(each.desk) is True
    assert each.plan(LATER).due == 0
    each.publish("Two")
    each.plan(LATER + WEEK)
    assert dict(zip(each.titles(each.rows()[-1]), whys(each), strict=True)) == {
        "one": "maybe",
        "two": "new",
    }


def test_what_stood_open_in_the_copy_counts_as_perhaps_sent_in_whose_hands_it_ever_was(
    each: Ledger,
) -> None:
    each.publish("One")
    for state in ("due", "claimed", "retry", "sending"):
        each.subscribe()
        each.plan()
        lease = {"lease_until": each.clock() + WEEK} if state in ("claimed", "sending") else {}
        each.set(each.rows()[-1], state=state, fence=3, **lease)
    restored(each)
    assert close_restored(each.desk, now=LATER) == 4
    assert {(row.state, row.fence) for row in each.rows()} == {("uncertain", 4)}
    each.plan(LATER + WEEK)
    assert whys(each) == ["maybe"]
    assert close_restored(each.desk, now=LATER) == 0


def test_what_ended_before_the_backup_stays_and_later_periods_are_not_touched(
    ledger: Ledger,
) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    ledger.follow(acknowledge, ledger.rows()[0])
    restored(ledger)
    ledger.publish("Two")
    ledger.plan(WEDNESDAY + WEEK)
    assert close_restored(ledger.desk, now=LATER + WEEK) == 0
    assert [state for _, state in ledger.states()] == ["sent", "due"]


def test_a_database_that_was_not_restored_keeps_what_is_due(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    with session(ledger.desk.engine, writing=True) as opened:
        pausing.pause(opened, "refused", WEDNESDAY)
        opened.commit()
    assert close_restored(ledger.desk, now=LATER) == 0
    assert resume(ledger.desk) is True
    assert resume(ledger.desk) is False
    assert [state for _, state in ledger.states()] == ["due"]
