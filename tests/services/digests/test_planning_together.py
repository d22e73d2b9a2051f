"""Tests of planning while others work on the same rows, or the one who plans is killed."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.services.digests import batches
from matcher.services.digests.planning import (
    Planned,
)
from matcher.services.digests.profile import Profile, seal_profile
from tests.services.digests.planning_ledger import WEDNESDAY, WEEK, Ledger


def test_rows_of_a_clock_that_ran_ahead_stop_nobody_and_one_that_fell_back_plans_nothing_old(
    ledger: Ledger,
) -> None:
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan(WEDNESDAY + 40 * WEEK)
    assert ledger.plan() == Planned(due=1, superseded=1)
    assert ledger.plan(WEDNESDAY - WEEK) == Planned(due=1, superseded=1)
    assert [state for _, state in ledger.states()] == ["superseded", "superseded", "due"]


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
