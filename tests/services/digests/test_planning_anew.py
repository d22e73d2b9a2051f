"""Tests of planning for whom a row was cancelled, for others in their place, and for children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.services.digests import batches
from matcher.services.digests.planning import Planned, acknowledge
from matcher.services.subscribing import own_data
from matcher.store.cancelling import cancel_mails
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.subscribers import Subscriber, delete_subscriber
from tests.services.digests.planning_ledger import ER, WEDNESDAY, WEEK, Ledger


def stop(ledger: Ledger, person: int) -> None:
    """Pause, with what waits cancelled."""
    with session(ledger.desk.engine, writing=True) as opened:
        cancel_mails(opened, person, reason="paused", now=WEDNESDAY)
        opened.commit()
    with session(ledger.desk.engine, writing=True) as opened:
        own_data.pause(opened, name(ledger, person))


def go_on(ledger: Ledger, person: int) -> None:
    with session(ledger.desk.engine, writing=True) as opened:
        own_data.go_on(opened, name(ledger, person))


def name(ledger: Ledger, person: int) -> str:
    with session(ledger.desk.engine) as opened:
        found = opened.get(Subscriber, person)
        assert found is not None
        return found.public_id


def test_who_goes_on_in_the_same_period_gets_its_mail(each: Ledger) -> None:
    each.publish("One")
    person = each.subscribe()
    each.plan()
    before = each.rows()[0]
    stop(each, person)
    assert each.plan() == Planned()
    go_on(each, person)
    each.publish("Two")
    given: list[int] = []

    def enqueue(_: Session, ids: Sequence[int]) -> None:
        given.extend(ids)

    assert each.plan(enqueue=enqueue) == Planned(due=1)
    (row,) = each.rows()
    assert (row.id, row.public_id, row.period) == (before.id, before.public_id, before.period)
    assert (row.state, row.reason, row.done_at) == ("due", None, None)
    # Whoever had it in hand before has it no more.
    assert row.fence == before.fence + 2
    assert given == [row.id]
    assert each.titles(row) == ["one", "two"]
    assert row.subscriber_version == 3
    assert each.plan() == Planned()


def test_a_mail_that_somebody_had_begun_to_send_is_not_opened_again(ledger: Ledger) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    ledger.set(ledger.rows()[0], attempts=1)
    stop(ledger, person)
    go_on(ledger, person)
    assert ledger.plan() == Planned()
    assert ledger.states() == [("2026-W49", "cancelled")]
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(due=1)


def test_what_was_cancelled_because_nothing_was_left_to_say_stays_so(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    ledger.set(ledger.rows()[0], state="cancelled", done_at=WEDNESDAY)
    assert ledger.plan() == Planned()


def test_a_cancelled_mail_does_not_hide_one_that_was_sent_in_the_same_period(
    ledger: Ledger,
) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.plan()
    ledger.follow(acknowledge, ledger.rows()[0])
    # The month began after the week: its mail was cancelled, then they wanted weekly ones again.
    ledger.set_person(person, frequency="monthly", version=2)
    ledger.publish("Two")
    assert ledger.plan() == Planned(due=1)
    stop(ledger, person)
    go_on(ledger, person)
    ledger.set_person(person, frequency="weekly", version=5)
    assert ledger.plan() == Planned()
    assert ledger.states() == [("2026-W49", "sent"), ("2026-12", "cancelled")]


def test_who_is_erased_while_they_are_planned_leaves_nothing_to_who_comes_after(
    each: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    each.publish("One")
    person = each.subscribe()
    write, comes = batches.Batch.write, [1]

    def erase_first(self: batches.Batch, *what: Any) -> None:
        if comes:
            comes.pop()
            with session(each.desk.engine, writing=True) as opened:
                delete_subscriber(opened, person)
                opened.commit()
            # The number may have been given again in a database that was made differently.
            each.subscribe({"cancer_status": "never"}, id=person)
        write(self, *what)

    monkeypatch.setattr(batches.Batch, "write", erase_first)
    assert each.plan() == Planned(empty=1)


@pytest.mark.parametrize("table", [Subscriber, Delivery])
def test_no_number_of_somebody_gone_comes_back(each: Ledger, table: type) -> None:
    each.publish("One")
    each.subscribe()
    each.plan()
    with session(each.desk.engine, writing=True) as opened:
        last = opened.scalar(sa.select(sa.func.max(table.id)))
        opened.execute(sa.delete(Delivery))
        opened.execute(sa.delete(Subscriber))
        opened.commit()
    each.subscribe()
    each.plan()
    with session(each.desk.engine) as opened:
        assert opened.scalar(sa.select(sa.func.min(table.id))) > last


def test_no_child_is_planned_for(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe({**ER, "age": 17})
    ledger.subscribe({**ER, "age": 18})
    ledger.subscribe({**ER, "age": "declined"})
    assert ledger.plan() == Planned(due=2)
    assert [row.subscriber_id for row in ledger.rows()] == [2, 3]


@pytest.mark.parametrize(
    "shape",
    [
        b'{"answers": {}, "about": "self", "leave_out": false, "muted": [], "newer": 1}',
        b'{"answers": {}, "about": "self"}',
        b'{"answers": null, "about": "self", "leave_out": false, "muted": []}',
        b'{"answers": [1], "about": "self", "leave_out": false, "muted": []}',
        b"[]",
        b"no JSON",
    ],
)
@pytest.mark.parametrize("column", ["profile", "seen"])
def test_one_subscriber_whose_data_have_another_shape_keeps_nobody_else_back(
    ledger: Ledger, column: str, shape: bytes
) -> None:
    ledger.publish("One")
    ledger.subscribe(**{column: ledger.desk.safe.seal(shape)})
    ledger.subscribe()
    assert ledger.plan() == Planned(due=1, unreadable=1)


def test_an_earlier_mail_that_cannot_be_read_keeps_nobody_else_back(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.subscribe()
    ledger.plan()
    ledger.set(ledger.rows()[0], items=ledger.desk.safe.seal(b'{"items": [[1]]}'))
    assert ledger.plan(WEDNESDAY + WEEK) == Planned(due=1, superseded=1, unreadable=1)
