"""Erasing: all of one person goes, nothing of anybody else, once, whoever else is at work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Item
from matcher.services.digests.seen import Seen, Told, seal_seen
from matcher.services.subscribing import entering, erasing
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.journal import entries
from matcher.services.subscribing.signing_up import sign_up
from matcher.services.subscribing.stopping import stop
from matcher.services.subscribing.tokens import manage_token
from matcher.services.subscribing.wish import Wish
from matcher.services.visits import Visit, begin_with
from matcher.store import visits
from matcher.store.database import session
from matcher.store.deliveries import OPEN, STATES, TERMINAL
from matcher.store.erasing import empty_log
from matcher.store.suppressions import suppression
from tests.services.subscribing.asking import hand_out, press
from tests.services.subscribing.kept import (
    ADDRESS,
    NOW,
    add_mail,
    add_person,
    add_wish,
    found,
    mails,
    person_of,
)

ITEM = Item("a-study", "fits", "new")
sqlite_only = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def test_all_that_is_theirs_goes_and_nothing_of_anybody_else(desk: Desk) -> None:
    names = {address: settled(desk, address) for address in (ADDRESS, "other@example.org")}
    before = held(desk, "other@example.org")
    assert erase_by_name(desk, names[ADDRESS], reason="erased", now=NOW)
    assert person_of(desk) is None
    assert held(desk, "other@example.org") == before
    assert count(desk, "subscriber") == 1
    assert count(desk, "signup") == 2
    assert count(desk, "visit") == 2
    assert count(desk, "delivery where subscriber_id is null and signup_id is null") == 7


def test_the_ledger_keeps_states_and_nothing_more(desk: Desk) -> None:
    name = add_person(desk)
    for number, state in enumerate(STATES):
        add_mail(desk, period=f"2026-W{number}", state=state, items=[ITEM])
    erase_by_name(desk, name, reason="died", now=NOW)
    after = dict(zip(STATES, mails(desk), strict=True))
    assert {state for state, mail in after.items() if mail.state == "cancelled"} == {
        *OPEN,
        "cancelled",
    }
    assert {mail.state for state, mail in after.items() if state not in OPEN} == {
        *TERMINAL,
        "sending",
    }
    assert {(mail.subscriber_id, mail.items) for mail in after.values()} == {(None, None)}
    assert {after[state].fence for state in OPEN} == {1}
    assert after["sending"].fence == 0


@pytest.mark.parametrize("reason", ["erased", "ended", "died"])
def test_their_address_is_suppressed_and_the_journal_says_why(desk: Desk, reason: str) -> None:
    name = add_person(desk)
    person = person_of(desk)
    assert person is not None
    erase_by_name(desk, name, reason=reason, now=NOW)
    with session(desk.engine) as opened:
        entry = suppression(opened, [person.address_hash])
    assert entry is not None
    assert entry.reason == reason
    assert [(e.what, e.address_hash) for e in entries(desk)] == [(reason, person.address_hash)]


def test_the_second_time_there_is_nothing_left_to_erase(desk: Desk) -> None:
    name = add_person(desk)
    assert erase_by_name(desk, name, reason="erased", now=NOW)
    assert not erase_by_name(desk, name, reason="erased", now=NOW)
    assert len(list(entries(desk))) == 1


def test_who_cannot_be_opened_is_erased_all_the_same(desk: Desk) -> None:
    name = add_person(desk, address_hash="ab" * 32)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("update subscriber set address = :raw"), {"raw": b"not sealed"})
    assert erase_by_name(desk, name, reason="erased", now=NOW)
    assert count(desk, "subscriber") == 0


def test_nobody_is_erased_who_changed_their_mind_meanwhile(desk: Desk) -> None:
    name = add_person(desk)
    assert not erase_by_name(
        desk, name, reason="ended", now=NOW, if_still=lambda _session, person: person.version == 7
    )
    assert person_of(desk) is not None
    assert list(entries(desk)) == []


@sqlite_only
def test_neither_the_file_nor_its_log_holds_what_was_sealed(desk: Desk) -> None:
    name = settled(desk, ADDRESS)
    blobs = sealed_bytes(desk)
    assert len(blobs) >= 5
    path = desk.engine.url.database
    assert path is not None
    assert all(on_disk(path).count(blob) for blob in blobs)
    erase_by_name(desk, name, reason="erased", now=NOW)
    assert [blob for blob in blobs if blob in on_disk(path)] == []


@sqlite_only
def test_a_reader_keeps_the_log_and_the_next_time_empties_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing.store, "empty_log", lambda engine: empty_log(engine, wait=0.05))
    name = settled(desk, ADDRESS)
    blobs = sealed_bytes(desk)
    path = desk.engine.url.database
    assert path is not None
    with session(desk.engine) as reader:
        assert found(reader, desk) is not None
        assert erase_by_name(desk, name, reason="erased", now=NOW)
        assert not empty_log(desk.engine, wait=0.05)
    assert person_of(desk) is None
    assert empty_log(desk.engine)
    assert [blob for blob in blobs if blob in on_disk(path)] == []


def test_many_who_erase_stop_and_confirm_at_once_leave_one_end(desk: Desk) -> None:
    """Whoever comes last: either nothing is kept, or what was confirmed after the erasing."""
    for number in range(3):
        address = f"many{number}@example.org"
        name = settled(desk, address)
        add_wish(desk, address)
        token = hand_out(desk)
        address_hash = held(desk, address)[0]

        def erase(name: str = name) -> object:
            return erase_by_name(desk, name, reason="erased", now=NOW)

        def stop_it(address_hash: str = address_hash) -> object:
            with session(desk.engine, writing=True) as opened:
                stop(opened, desk, address_hash, reason="unsubscribed", now=NOW)
                opened.commit()
            return None

        def confirm_it(token: str = token) -> object:
            return press(desk, token, now=NOW)

        at_once([erase, stop_it, confirm_it, erase, confirm_it, stop_it, erase, stop_it] * 2)
        person = person_of(desk, address)
        erased = [entry for entry in entries(desk) if entry.what == "erased"]
        assert len(erased) == number + 1
        if person is None:
            assert suppressed(desk, address_hash)
        else:
            assert person.public_id != name
        assert count(desk, "delivery where subscriber_id is null and items is not null") == 0


def at_once(deeds: list[Callable[[], object]]) -> None:
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(do, deeds))


def settled(desk: Desk, address: str) -> str:
    """A subscriber with mails of each kind, a wish that waits, an own session and a visit."""
    name = add_person(desk, address, seen=seal_seen(desk.safe, Seen({1: Told(1, 1, "sent")})))
    for week, state in enumerate(["sent", "due", "claimed", "retry", "sending", "failed"]):
        add_mail(desk, address, period=f"2026-W{week}", state=state, items=[ITEM])
    with session(desk.engine, writing=True) as opened:
        wish = Wish(address, "en")
        sign_up(opened, desk, wish, network=address, now=NOW - timedelta(hours=1))
    add_wish(desk, address)
    with session(desk.engine, writing=True) as opened:
        entering.enter(opened, desk, manage_token(desk.hashes, name, now=NOW), now=NOW)
        visit = Visit(NOW + timedelta(hours=1), answers={"age": 60}, subscription=name)
        begin_with(opened, "key", visit, now=NOW)
    return name


def held(desk: Desk, address: str) -> list[object]:
    """All that the tables hold of one subscriber, to be compared."""
    with session(desk.engine) as opened:
        person = found(opened, desk, address)
        assert person is not None
        theirs = [mail.model_dump() for mail in mails(desk) if mail.subscriber_id == person.id]
        kept = [visit.model_dump() for visit in visits.visits_of(opened, person.public_id)]
    return [person.address_hash, person.model_dump(), theirs, kept]


def suppressed(desk: Desk, address_hash: str) -> bool:
    with session(desk.engine) as opened:
        return suppression(opened, [address_hash]) is not None


def sealed_bytes(desk: Desk) -> list[bytes]:
    columns = [("subscriber", c) for c in ("address", "profile", "seen")]
    columns += [("delivery", "items"), ("signup", "sealed"), ("visit", "sealed")]
    with desk.engine.connect() as connection:
        rows = [
            connection.execute(sa.text(f"select {column} from {table}")).scalars()
            for table, column in columns
        ]
        return [bytes(one) for found in rows for one in found if one is not None]


def on_disk(path: str) -> bytes:
    content = b""
    for end in ("", "-wal", "-journal"):
        try:
            with open(path + end, "rb") as file:
                content += file.read()
        except FileNotFoundError:
            continue
    return content


def count(desk: Desk, table: str) -> int:
    with desk.engine.connect() as connection:
        return int(connection.execute(sa.text(f"select count(*) from {table}")).scalar_one())
