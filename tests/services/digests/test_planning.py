"""Tests of planning: rows of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.config import Settings
from matcher.core.conditions import Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.digests import batches
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.planning import (
    Planned,
    acknowledge,
    mark_maybe,
    plan,
    plan_again,
)
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.digests.seen import MAYBE, Seen, open_seen
from matcher.services.live import LiveMatcher
from matcher.store import studies
from matcher.store.clock import db_now
from matcher.store.database import connect, session, upgrade
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.subscribers import Subscriber
from tests.factories import DeliveryFactory, StudyFactory, SubscriberFactory

WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
ER = {"cancer_status": "now", "cancer": ["breast"], "er": "positive"}


@dataclass
class Ledger:
    """A desk with a catalogue and subscribers, and a look at what became of them."""

    desk: Desk

    def publish(self, *titles: str, tag: str = "er_positive") -> None:
        with session(self.desk.engine, writing=True) as opened:
            for title in titles:
                study = StudyFactory(title=title, most=Audience(title, Tag(tag)), also=())
                studies.add(opened, study, rules_version=self.desk.book.version, now=WEDNESDAY)
            opened.commit()

    def change(self, key: str, **how: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            row = studies.row_by_key(opened, key)
            assert row is not None
            study: Study = replace(row.body, **how)
            studies.change(opened, row, study, rules_version=row.rules_version, now=WEDNESDAY)
            opened.commit()

    def subscribe(self, answers: dict[str, Any] | None = None, **how: Any) -> int:
        about = {key: how.pop(key) for key in ("leave_out", "muted") if key in how}
        profile = seal_profile(self.desk.safe, Profile(ER if answers is None else answers, **about))
        row = SubscriberFactory(**{"profile": profile, "renewed_at": WEDNESDAY, **how})
        with session(self.desk.engine, writing=True) as opened:
            opened.add(row)
            opened.commit()
        return row.id

    def plan(self, now: datetime = WEDNESDAY, **how: Any) -> Planned:
        return plan(self.desk, now=now, **how)

    def rows(self) -> list[Delivery]:
        with session(self.desk.engine) as opened:
            return list(opened.scalars(sa.select(Delivery).order_by(delivery_table.c.id)))

    def states(self) -> list[tuple[str, str]]:
        return [(row.period, row.state) for row in self.rows()]

    def titles(self, row: Delivery) -> list[str]:
        return [item.study for item in self.selection(row).items]

    def selection(self, row: Delivery) -> Selection:
        assert row.items is not None
        return Selection.from_bytes(self.desk.safe.open(row.items))

    def set(self, row: Delivery, **columns: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            changed = sa.update(delivery_table).where(delivery_table.c.id == row.id)
            opened.execute(changed.values(**columns))
            opened.commit()

    def set_person(self, id: int, **columns: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            person = opened.get(Subscriber, id)
            assert person is not None
            for name, value in columns.items():
                setattr(person, name, value)
            opened.commit()

    def follow(self, step: Callable[[Session, Desk, Delivery], None], row: Delivery) -> None:
        state = "sent" if step is acknowledge else "uncertain"
        with session(self.desk.engine, writing=True) as opened:
            own = opened.get(Delivery, row.id)
            assert own is not None
            step(opened, self.desk, own)
            own.state = state
            opened.commit()

    def seen(self, id: int) -> Seen:
        with session(self.desk.engine) as opened:
            person = opened.get(Subscriber, id)
            assert person is not None
            return open_seen(self.desk.safe, person.seen)

    def clock(self) -> datetime:
        with session(self.desk.engine) as opened:
            return db_now(opened)


def ledger_on(engine: sa.Engine, rulebook: Rulebook, folder: Path) -> Ledger:
    settings = Settings(
        instance=folder,
        database_url="",
        secret_key="s" * 32,
        data_key="d" * 32,
        lookup_key="l" * 32,
    )
    return Ledger(Desk(engine, rulebook, LiveMatcher(engine, rulebook), settings))


@pytest.fixture
def ledger(sqlite_url: str, rulebook: Rulebook, tmp_path: Path) -> Iterator[Ledger]:
    engine = connect(sqlite_url, wait=5)
    upgrade(engine)
    yield ledger_on(engine, rulebook, tmp_path)
    engine.dispose()


@pytest.fixture
def each(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Ledger:
    """A ledger on each kind of database, for what they might do differently."""
    return ledger_on(store, rulebook, tmp_path)


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
        {"renewed_at": datetime(2025, 12, 2, 12, tzinfo=UTC)},
    ],
)
def test_who_paused_stopped_or_did_not_renew_is_not_planned(
    ledger: Ledger, how: dict[str, Any]
) -> None:
    ledger.publish("One")
    ledger.subscribe(**how)
    assert ledger.plan() == Planned()
    assert ledger.rows() == []


def test_the_digest_before_the_end_of_twelve_months_is_the_last_and_due_though_empty(
    ledger: Ledger,
) -> None:
    # The next digest is due on the seventh at eight, and planned within a day.
    end = datetime(2025, 12, 8, 8, tzinfo=UTC)
    ledger.subscribe(renewed_at=end)
    ledger.subscribe(renewed_at=end + timedelta(seconds=1))
    assert ledger.plan() == Planned(due=1, empty=1)
    row = ledger.rows()[0]
    assert row.subscriber_id == 1
    assert ledger.selection(row).last
    assert ledger.selection(row).items == ()
    assert ledger.plan(datetime(2026, 12, 8, 8, tzinfo=UTC)) == Planned(due=1)
    assert ledger.rows()[2].subscriber_id == 2


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


def test_a_letter_is_none_of_planning_s_business(ledger: Ledger) -> None:
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


def test_rows_of_a_clock_that_ran_ahead_stop_nobody_and_one_that_fell_back_plans_nothing_old(
    ledger: Ledger,
) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan(WEDNESDAY + 40 * WEEK)
    assert ledger.plan() == Planned(due=1, superseded=1)
    assert ledger.plan(WEDNESDAY - WEEK) == Planned(due=1, superseded=1)
    assert [state for _, state in ledger.states()] == ["superseded", "superseded", "due"]


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


def test_two_planners_at_once_make_one_row_for_each_subscriber(each: Ledger) -> None:
    each.publish("One")
    for _ in range(12):
        each.subscribe()
    each.plan(WEDNESDAY - WEEK)
    begin, planned = Barrier(3), []

    def run() -> None:
        begin.wait()
        planned.append(each.plan(batch=3))

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.due for one in planned) == 12
    assert sum(one.superseded for one in planned) == 12
    assert sorted(state for _, state in each.states()) == ["due"] * 12 + ["superseded"] * 12


class Killed(BaseException):
    """Stands for a process that is gone."""


def test_killed_at_any_statement_the_next_plan_completes(each: Ledger) -> None:
    each.publish("One")
    for _ in range(3):
        each.subscribe()
    each.plan(WEDNESDAY - WEEK)
    each.set(each.rows()[0], state="sending", lease_until=each.clock())
    left = 0

    def kill(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    sa.event.listen(each.desk.engine, "before_cursor_execute", kill)
    sa.event.listen(each.desk.engine, "commit", kill)
    for statement in range(1, 200):
        left = statement
        try:
            each.plan(batch=2)
        except Killed:
            # With a process its connections go too.
            each.desk.engine.dispose()
            continue
        break
    assert 10 < statement < 199
    left = 0
    states = [state for _, state in each.states()]
    assert sorted(states) == ["due"] * 3 + ["superseded"] * 2 + ["uncertain"]
    maybe = [row for row in each.rows() if row.subscriber_id == 1][1]
    assert [item.why for item in each.selection(maybe).items] == ["maybe"]


def test_who_changes_while_they_are_planned_is_planned_anew(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.publish("One")
    person = ledger.subscribe()
    ledger.subscribe()
    write, changes = batches.Batch.write, [1]

    def change_first(self: batches.Batch, *what: Any) -> None:
        if changes:
            changes.pop()
            profile = seal_profile(ledger.desk.safe, Profile({"cancer_status": "never"}))
            ledger.set_person(person, profile=profile, version=2)
        write(self, *what)

    monkeypatch.setattr(batches.Batch, "write", change_first)
    assert ledger.plan() == Planned(due=1, empty=1)
    assert [row.subscriber_version for row in ledger.rows() if row.subscriber_id == person] == [2]


def test_a_catalogue_that_changes_meanwhile_is_read_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.publish("One")
    ledger.subscribe()
    write, changes = batches.Batch.write, [1]

    def change_first(self: batches.Batch, *what: Any) -> None:
        if changes:
            changes.pop()
            ledger.publish("Two")
        write(self, *what)

    monkeypatch.setattr(batches.Batch, "write", change_first)
    assert ledger.plan() == Planned(due=1)
    assert ledger.titles(ledger.rows()[0]) == ["one", "two"]


def test_one_subscriber_whom_no_key_opens_keeps_nobody_else_back(ledger: Ledger) -> None:
    ledger.publish("One")
    ledger.subscribe(profile=b"not sealed with this key")
    assert ledger.plan() == Planned(unreadable=1)
    ledger.subscribe()
    assert ledger.plan() == Planned(due=1, unreadable=1)


# Planned again


def again(ledger: Ledger, now: datetime = WEDNESDAY) -> Delivery:
    ledger.set(ledger.rows()[-1], state="claimed", fence=2)
    with session(ledger.desk.engine, writing=True) as opened:
        row = opened.get(Delivery, ledger.rows()[-1].id)
        assert row is not None
        plan_again(opened, ledger.desk, row, now=now)
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
