"""Tests of planning one row again, and of what a mail leaves with its subscriber."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from matcher.services.digests.planning import (
    acknowledge,
    mark_maybe,
)
from matcher.services.digests.redrafts import redraft
from matcher.services.digests.seen import MAYBE
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.subscribers import Subscriber
from tests.services.digests.planning_ledger import WEDNESDAY, Ledger


def again(ledger: Ledger, now: datetime = WEDNESDAY) -> Delivery:
    ledger.set(ledger.rows()[-1], state="claimed", fence=2)
    with session(ledger.desk.engine) as opened:
        row = opened.get(Delivery, ledger.rows()[-1].id)
        assert row is not None
        fresh = redraft(ledger.desk, row, now=now)
    with session(ledger.desk.engine, writing=True) as opened:
        assert fresh.lock(opened)
        row = opened.get(Delivery, row.id)
        assert row is not None
        fresh.put(row, now=now)
        opened.commit()
    return ledger.rows()[-1]


def test_planned_again_a_row_stays_in_the_hands_it_is_in(ledger: Ledger) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    before = ledger.rows()[0]
    ledger.publish("Two")
    ledger.set_person(person, version=4)
    row = again(ledger)
    assert (row.state, row.fence, row.period) == ("claimed", 2, before.period)
    assert ledger.titles(row) == ["one", "two"]
    assert row.subscriber_version == 4
    assert row.catalogue_version != before.catalogue_version


def test_planned_again_a_row_may_come_to_nothing(ledger: Ledger) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    ledger.change("one", standing="superseded")
    row = again(ledger)
    assert (row.state, row.reason, row.items) == ("empty", "nothing new", None)
    ledger.set_person(person, standing="paused")
    assert again(ledger).state == "cancelled"


def test_planned_again_a_row_without_its_subscriber_is_cancelled(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    with session(ledger.desk.engine, writing=True) as opened:
        opened.execute(sa.delete(Subscriber))
        opened.commit()
    row = again(ledger)
    assert (row.state, row.items, row.done_at) == ("cancelled", None, WEDNESDAY)


def test_an_uncertain_mail_is_marked_and_one_without_a_subscriber_changes_nothing(
    ledger: Ledger,
) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    ledger.follow(mark_maybe, ledger.rows()[0])
    assert {one.sure for one in ledger.seen(person).told.values()} == {MAYBE}
    ledger.set(ledger.rows()[0], subscriber_id=None)
    ledger.follow(acknowledge, ledger.rows()[0])
    assert not ledger.seen(person).begun
