"""Tests of planning: who has a row, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.services.digests.last_plan import last_plan
from matcher.services.digests.planning import (
    Planned,
    acknowledge,
)
from matcher.services.digests.seen import MAYBE
from matcher.store.database import session
from matcher.store.deliveries import Delivery, delivery_table
from tests.factories import DeliveryFactory
from tests.services.digests.planning_ledger import ER, WEDNESDAY, WEEK, Ledger


def test_each_subscriber_has_one_row_for_each_period(each: Ledger) -> None:
    each.publish("One", "Two")
    each.publish("Other", tag="prostate_cancer")
    weekly = each.subscribe()
    each.subscribe(frequency="monthly", zone="Asia/Tokyo")
    each.subscribe({"cancer_status": "never"})
    assert each.plan() == Planned(due=2, empty=1)
    first, second, third = each.rows()
    assert (first.subscriber_id, first.period, first.kind) == (weekly, "2026-W49", "digest")
    assert (first.due_at, first.next_at) == (datetime(2026, 11, 30, 8, tzinfo=UTC), WEDNESDAY)
    assert each.titles(first) == ["one", "two"]
    assert first.subscriber_version == 1
    assert first.rules_version == each.desk.book.version
    assert first.catalogue_version
    assert (first.state, first.done_at, first.reason) == ("due", None, None)
    assert second.period == "2026-12"
    assert second.due_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert (third.state, third.reason, third.done_at) == ("empty", "nothing new", WEDNESDAY)
    assert third.items is None
    # It is planned once, however often one asks.
    assert each.plan() == Planned()
    assert each.plan(WEDNESDAY + timedelta(days=3)) == Planned()
    assert len(each.rows()) == 3


@pytest.mark.parametrize(
    "how",
    [
        {"standing": "paused"},
        {"standing": "stopped", "stopped_at": WEDNESDAY},
    ],
)
def test_who_paused_or_stopped_is_not_planned(ledger: Ledger, how: dict[str, Any]) -> None:
    ledger.publish("One")
    ledger.subscribe(**how)
    assert ledger.plan() == Planned()
    assert ledger.rows() == []


def test_later_digests_hold_what_was_not_acknowledged_and_what_is_new(ledger: Ledger) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    ledger.follow(acknowledge, ledger.rows()[0])
    assert ledger.seen(person).begun
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(empty=1)
    ledger.publish("Two")
    assert ledger.plan(WEDNESDAY + 2 * WEEK) == Planned(due=1)
    assert ledger.titles(ledger.rows()[2]) == ["two"]
    ledger.set(ledger.rows()[2], state="failed")
    ledger.publish("Three")
    # Three weeks are missed: one mail.
    assert ledger.plan(WEDNESDAY + 5 * WEEK) == Planned(due=1)
    caught_up = ledger.rows()[3]
    assert caught_up.period == "2027-W01"
    assert ledger.titles(caught_up) == ["three", "two"]


@pytest.mark.parametrize("state", ["due", "claimed", "retry"])
def test_an_older_row_that_is_under_way_is_superseded(ledger: Ledger, state: str) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    lease = ledger.clock() + timedelta(minutes=5)
    ledger.set(ledger.rows()[0], state=state, fence=3, lease_until=lease)
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(due=1, superseded=1)
    old, new = ledger.rows()
    assert (old.state, old.done_at, old.lease_until) == ("superseded", WEDNESDAY + WEEK, None)
    # Whoever worked on it has lost it.
    assert old.fence == 4
    assert (new.state, ledger.titles(new)) == ("due", ["one"])
    assert {item.why for item in ledger.selection(new).items} == {"new"}


def test_without_any_study_nobodys_period_is_used_up(each: Ledger) -> None:
    each.subscribe()
    assert each.plan() == Planned()
    assert each.rows() == []
    with session(each.desk.engine) as opened:
        assert last_plan(opened) == WEDNESDAY
    each.publish("One")
    assert each.plan() == Planned(due=1)


def test_a_letter_is_none_of_planning_s_business(ledger: Ledger) -> None:
    ledger.publish("Of no concern", tag="prostate_cancer")
    person = ledger.subscribe()
    with session(ledger.desk.engine, writing=True) as opened:
        opened.add(DeliveryFactory(kind="link", subscriber_id=person, period="link-7"))
        opened.commit()
    assert ledger.plan() == Planned(empty=1)
    assert ledger.states() == [("link-7", "due"), ("2026-W49", "empty")]


def test_who_is_just_being_sent_a_mail_waits(each: Ledger) -> None:
    each.publish("One")
    each.subscribe()
    each.subscribe()
    each.plan()
    lease = each.clock() + timedelta(minutes=5)
    each.set(each.rows()[0], state="sending", lease_until=lease)
    later = WEDNESDAY + WEEK
    assert each.plan(later) == Planned(due=1, superseded=1, waiting=1)
    assert each.states()[0] == ("2026-W49", "sending")
    each.follow(acknowledge, each.rows()[0])
    assert each.plan(later) == Planned(empty=1)


def test_a_mail_whose_sender_is_gone_is_uncertain_and_told_again_as_maybe_had(
    each: Ledger,
) -> None:
    each.publish("One")
    person = each.subscribe()
    each.plan()
    each.set(each.rows()[0], state="sending", lease_until=each.clock())
    each.publish("Two")
    assert each.plan(WEDNESDAY + WEEK) == Planned(due=1, uncertain=1)
    old, new = each.rows()
    assert (old.state, old.fence) == ("uncertain", 1)
    items = each.selection(new).items
    assert [(item.study, item.why) for item in items] == [("one", "maybe"), ("two", "new")]
    told = each.seen(person)
    assert {one.sure for one in told.told.values()} == {MAYBE}
    assert not told.begun


def test_another_rhythm_begins_with_its_next_period(ledger: Ledger) -> None:
    ledger.publish("One")
    person = ledger.subscribe(frequency="monthly")
    assert ledger.plan() == Planned(due=1)
    # The week began before the mail of the month was due: no second one in it.
    ledger.set_person(person, frequency="weekly", version=2)
    assert ledger.plan() == Planned()
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(due=1, superseded=1)
    assert [period for period, _ in ledger.states()] == ["2026-12", "2026-W50"]


def test_muted_and_left_out_studies_and_declined_answers(ledger: Ledger) -> None:
    ledger.publish("One", "Two", "Survival")
    ledger.subscribe(muted=("one", "no-such"), leave_out=True)
    ledger.subscribe({**ER, "age": "declined"})
    ledger.plan()
    left_out, all_of_it = ledger.rows()
    assert ledger.titles(left_out) == ["two"]
    tender = {item.study: item.tender for item in ledger.selection(all_of_it).items}
    assert tender == {"one": False, "two": False, "survival": True}


def test_after_a_loss_a_title_of_dying_is_hard_ground(ledger: Ledger) -> None:
    ledger.publish("Survival")
    ledger.publish("Baby", tag="pregnant")
    for about in ("self", "loss"):
        ledger.subscribe({**ER, "age": 30, "pregnant": "yes"}, about=about)
    ledger.plan()
    for row, expected in zip(ledger.rows(), (False, True), strict=True):
        tender = {item.study: item.tender for item in ledger.selection(row).items}
        assert tender == {"survival": expected, "baby": False}


def test_a_retracted_study_gets_one_line(ledger: Ledger) -> None:
    ledger.publish("One", "Two")
    ledger.subscribe()
    ledger.plan()
    ledger.follow(acknowledge, ledger.rows()[0])
    ledger.change("one", standing="retracted")
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(due=1)
    told = ledger.selection(ledger.rows()[1])
    assert [(gone.title, gone.why) for gone in told.gone] == [("One", "retracted")]
    assert told.items == ()
    ledger.follow(acknowledge, ledger.rows()[1])
    assert ledger.plan(WEDNESDAY + 2 * WEEK) == Planned(empty=1)


def test_many_batches_make_one_row_each_and_give_their_numbers_inside(ledger: Ledger) -> None:
    ledger.publish("One")
    for number in range(7):
        ledger.subscribe(ER if number % 2 else {}, zone=["UTC", "Asia/Tokyo"][number % 2])
    given: list[int] = []

    def enqueue(opened: Session, ids: Sequence[int]) -> None:
        found = opened.scalars(sa.select(Delivery).where(delivery_table.c.id.in_(ids)))
        assert {row.state for row in found} == {"due"}
        given.extend(ids)

    assert ledger.plan(batch=2, enqueue=enqueue) == Planned(due=3, empty=4)
    assert given == [row.id for row in ledger.rows() if row.state == "due"]
