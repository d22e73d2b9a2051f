"""Tests of drafting: a row is chosen anew before the database is locked, and for who is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.core.rulebook import Rulebook
from matcher.crypto import SealError
from matcher.services.digests import redrafts
from matcher.services.digests.desk import Desk
from matcher.services.digests.drafting import draft_digest
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.digests.redrafts import redraft
from matcher.services.live import LiveMatcher
from matcher.store.database import connect, session, upgrade
from matcher.store.ledger import Claim
from matcher.store.subscribers import Subscriber
from tests.services.digests.planning_ledger import ER, WEDNESDAY, Ledger, ledger_on

LEASE = timedelta(minutes=5)


@pytest.fixture
def hasty(sqlite_url: str, rulebook: Rulebook, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger whose database waits for nobody, with a row that was claimed."""
    engine = connect(sqlite_url, wait=0.1)
    upgrade(engine)
    ledger = ledger_on(engine, rulebook, tmp_path)
    ledger.publish("One")
    ledger.subscribe()
    ledger.plan()
    lease = ledger.clock() + LEASE
    ledger.set(ledger.rows()[0], state="claimed", fence=1, lease_until=lease)
    yield ledger
    engine.dispose()


def draft(ledger: Ledger, desk: Desk) -> object:
    return draft_digest(desk, Claim(ledger.rows()[0].id, 1, "digest"), now=WEDNESDAY, lease=LEASE)


def test_after_a_change_of_the_rules_nobody_locks_themselves_out(hasty: Ledger) -> None:
    """The first to come with other rules reads all labels again, which the database keeps."""
    desk = hasty.desk
    book = replace(desk.book, version="another")
    other = Desk(desk.engine, book, LiveMatcher(desk.engine, book), desk.settings)
    hasty.change("one", standing="superseded")
    assert draft(hasty, other) == "empty"


def test_who_changes_while_their_row_is_chosen_anew_has_it_chosen_once_more(
    hasty: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty.set_person(1, version=2)
    choose_for, chosen = redrafts.choose_for, []

    def change_first(*what: Any, **how: Any) -> Any:
        chosen.append(what)
        if len(chosen) == 1:
            # Somebody writes meanwhile: nobody has to wait for the choice.
            profile = seal_profile(hasty.desk.safe, Profile({"cancer_status": "never"}))
            hasty.set_person(1, profile=profile, version=3)
        return choose_for(*what, **how)

    monkeypatch.setattr(redrafts, "choose_for", change_first)
    assert draft(hasty, hasty.desk) == "empty"
    assert len(chosen) == 2


def test_nothing_is_written_for_who_came_in_another_s_place(hasty: Ledger) -> None:
    fresh = redraft(hasty.desk, hasty.rows()[0], now=WEDNESDAY)
    with session(hasty.desk.engine, writing=True) as opened:
        assert fresh.lock(opened)
        opened.execute(sa.update(Subscriber).values(public_id="f" * 32))
        opened.commit()
    with session(hasty.desk.engine, writing=True) as opened:
        assert not fresh.lock(opened)
        opened.execute(sa.delete(Subscriber))
        assert not fresh.lock(opened)


def test_the_mail_of_a_child_is_cancelled(hasty: Ledger) -> None:
    profile = seal_profile(hasty.desk.safe, Profile({**ER, "age": 17}))
    hasty.set_person(1, profile=profile, version=2)
    assert draft(hasty, hasty.desk) == "cancelled"
    assert hasty.rows()[0].items is None


@pytest.mark.parametrize("column", ["profile", "items"])
def test_what_has_another_shape_is_told_as_what_no_key_opens(hasty: Ledger, column: str) -> None:
    odd = hasty.desk.safe.seal(b"[1]")
    if column == "profile":
        hasty.set_person(1, profile=odd, version=2)
    else:
        hasty.set(hasty.rows()[0], items=odd, subscriber_version=0)
    with pytest.raises(SealError):
        draft(hasty, hasty.desk)
