"""Locks: the address before the person before the row, one person at a time, and patience."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.mail.transport import Fate, Outcome
from matcher.services.digests.desk import Desk
from matcher.services.digests.recording import settle
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.live import LiveMatcher
from matcher.services.subscribing import journal
from matcher.services.subscribing.confirming import confirm
from matcher.services.subscribing.stopping import unsubscribe
from matcher.services.subscribing.tokens import unsubscribe_token
from matcher.store.clock import db_now
from matcher.store.database import session, upgrade
from matcher.store.deliveries import Delivery
from matcher.store.ledger import Claim
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import lock_address
from tests.services.digests.writing_desk import MORNING, WritingDesk
from tests.services.subscribing.asking import NOW, mailed, person
from tests.services.subscribing.conftest import settings_for

NOBODY = Outcome(Fate.STOPPED, 550, "the recipient was refused: 550 5.1.1 no such user")
WAITS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


@pytest.fixture
def serving(postgres_url: str, rulebook: Any, tmp_path: Any) -> Any:
    """A desk on PostgreSQL, which locks rows: SQLite has one writer anyway."""
    engine = sa.create_engine(postgres_url)
    upgrade(engine)
    yield Desk(engine, rulebook, LiveMatcher(engine, rulebook), settings_for(engine, tmp_path))
    engine.dispose()


def add(desk: Desk, who: int, **values: Any) -> int:
    times = {"due_at": MORNING, "next_at": MORNING, "planned_at": MORNING}
    row = Delivery(kind="digest", subscriber_id=who, period="a", fence=1, **times, **values)
    with session(desk.engine, writing=True) as opened:
        opened.add(row)
        opened.commit()
    assert row.id is not None
    return row.id


def at_work(desk: Desk, work: Callable[[], object]) -> Thread:
    """A thread that does it, and is now waiting for a lock that somebody else has."""
    thread = Thread(target=work)
    thread.start()
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        while not watching.execute(WAITS).scalar():
            assert thread.is_alive(), "it waits for nobody"
            sleep(0.01)
    return thread


def writing(desk: Desk) -> AbstractContextManager[Session]:
    return session(desk.engine, writing=True)


def test_who_stops_a_dead_mailbox_takes_the_address_before_the_person(serving: Desk) -> None:
    who = WritingDesk(serving).subscribe()
    row = add(serving, who, state="due")
    with writing(serving) as opened:
        found = opened.get_one(Subscriber, who)
        lock_address(opened, [found.address_hash])
        claim = Claim(row, 1, "digest")
        thread = at_work(serving, lambda: settle(serving, claim, NOBODY, now=MORNING))
        # Whoever erases or confirms holds the address, and takes the person now.
        opened.execute(
            sa.text("SELECT id FROM subscriber WHERE id = :id FOR UPDATE NOWAIT"), {"id": who}
        )
        opened.rollback()
    thread.join()
    with session(serving.engine) as opened:
        assert opened.get_one(Delivery, row).state == "failed"
        assert opened.get_one(Subscriber, who).stopped_reason == "bounced"


def test_recovering_holds_one_person_at_a_time(serving: Desk) -> None:
    people = [WritingDesk(serving).subscribe() for _ in range(2)]
    with session(serving.engine) as opened:
        now = db_now(opened)
    rows = [add(serving, who, state="sending", lease_until=now) for who in people]
    with writing(serving) as opened:
        opened.get_one(Subscriber, people[1], with_for_update=True)
        thread = at_work(serving, lambda: recover(serving, now=MORNING, rules=SendingRules()))
        with session(serving.engine) as looking:
            states = [looking.get_one(Delivery, row).state for row in rows]
        assert states == ["uncertain", "sending"]
        opened.rollback()
    thread.join()
    with session(serving.engine) as opened:
        assert [opened.get_one(Delivery, row).state for row in rows] == ["uncertain"] * 2


def once_deadlocked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first transaction that gets as far as the journal loses against another one."""
    told, append = [], journal.append

    def losing(desk: Desk, what: str, address_hash: str, **when: Any) -> None:
        told.append(what)
        if len(told) == 1:
            raise sa.exc.OperationalError("UPDATE …", {}, Exception("deadlock detected"))
        append(desk, what, address_hash, **when)

    monkeypatch.setattr(journal, "append", losing)
    return told


def test_who_confirms_or_stops_wins_in_the_end(
    kept_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = mailed(kept_desk)
    with monkeypatch.context() as patch:
        told = once_deadlocked(patch)
        with writing(kept_desk) as opened:
            assert confirm(opened, kept_desk, token, now=NOW) == "done"
        assert told == ["confirmed"] * 2
    found = person(kept_desk)
    assert (found.standing, found.version) == ("active", 1)
    with monkeypatch.context() as patch:
        told = once_deadlocked(patch)
        stop = unsubscribe_token(kept_desk.hashes, found.address_hash)
        with writing(kept_desk) as opened:
            assert unsubscribe(opened, kept_desk, stop, now=NOW)
        assert told == ["unsubscribed"] * 2
    assert (person(kept_desk).standing, person(kept_desk).version) == ("stopped", 2)
