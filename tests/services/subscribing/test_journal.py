"""The journal: a line is on the disk before the change, and a restored database follows it."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import journal
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.journal import append, entries, journal_file
from matcher.services.subscribing.replaying import replay
from matcher.services.subscribing.stopping import stop
from matcher.store.database import session
from matcher.store.errors import StoreError
from matcher.store.suppressions import suppression
from tests.services.subscribing.kept import NOW, add_mail, add_person, add_wish, mails, person_of

HASH = "ab" * 32
OTHER = "cd" * 32
LATER = NOW + timedelta(days=1)
# Where only the file matters, one kind of database is enough.
one_store = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@one_store
def test_lines_come_back_in_order_and_the_file_is_its_owners(desk: Desk) -> None:
    append(desk, "confirmed", HASH, at=NOW)
    append(desk, "erased", OTHER, at=LATER)
    found = [(entry.at, entry.what, entry.address_hash) for entry in entries(desk)]
    assert found == [(NOW, "confirmed", HASH), (LATER, "erased", OTHER)]
    assert stat.S_IMODE(journal_file(desk).stat().st_mode) == 0o600


@one_store
def test_a_torn_line_costs_only_itself(desk: Desk) -> None:
    append(desk, "erased", HASH, at=NOW)
    whole = journal_file(desk).read_bytes()
    for cut in range(1, len(whole)):
        journal_file(desk).write_bytes(whole[:cut])
        append(desk, "died", OTHER, at=NOW)
        found = [entry.what for entry in entries(desk)]
        # Only the line's own end may be missing: then it still says everything.
        assert found == (["erased", "died"] if cut == len(whole) - 1 else ["died"])


@one_store
def test_what_is_no_line_is_passed_over(desk: Desk) -> None:
    nonsense = b"\xff\x00\n\n2026-13-45T00:00:00Z erased " + HASH.encode() + b"\nnow died xyz\n"
    journal_file(desk).write_bytes(nonsense)
    append(desk, "ended", HASH, at=NOW)
    assert [entry.what for entry in entries(desk)] == ["ended"]


@one_store
def test_without_a_journal_there_is_nothing_to_do(desk: Desk) -> None:
    assert list(entries(desk)) == []
    assert replay(desk, now=NOW) == 0


@one_store
def test_nothing_is_erased_that_the_journal_cannot_hold(desk: Desk) -> None:
    name = add_person(desk)
    journal_file(desk).mkdir()
    with pytest.raises(StoreError, match="journal"):
        erase_by_name(desk, name, reason="erased", now=NOW)
    assert person_of(desk) is not None


@one_store
def test_it_holds_no_address(desk: Desk) -> None:
    name = add_person(desk)
    erase_by_name(desk, name, reason="died", now=NOW)
    line = journal_file(desk).read_text()
    assert re.fullmatch(r"2026-11-22T12:00:00Z died [0-9a-f]{64}\n", line)


def test_who_was_erased_after_the_backup_is_erased_again(desk: Desk) -> None:
    """The database stands for a restored backup: it knows nothing of the lines."""
    for reason in journal.ERASED:
        address = f"{reason}@example.org"
        add_person(desk, address)
        add_mail(desk, address, state="due")
        add_wish(desk, address)
        append(desk, reason, hash_of(desk, address), at=LATER)
    add_person(desk, "other@example.org")
    assert replay(desk, now=LATER) == 3
    assert [person_of(desk, f"{reason}@example.org") for reason in journal.ERASED] == [None] * 3
    assert person_of(desk, "other@example.org") is not None
    assert {mail.state for mail in mails(desk)} == {"cancelled"}
    assert {mail.items for mail in mails(desk)} == {None}
    assert count(desk, "signup") == 0
    assert count(desk, "suppression") == 3
    assert replay(desk, now=LATER) == 0


@pytest.mark.parametrize("reason", journal.STOPPED)
def test_who_stopped_after_the_backup_stays_stopped(desk: Desk, reason: str) -> None:
    add_person(desk)
    add_mail(desk, state="due")
    append(desk, reason, hash_of(desk), at=LATER)
    assert replay(desk, now=LATER + timedelta(days=3)) == 1
    person = person_of(desk)
    assert person is not None
    assert (person.standing, person.stopped_reason, person.stopped_at) == ("stopped", reason, LATER)
    assert person.version == 2
    assert [mail.state for mail in mails(desk)] == ["cancelled"]
    assert suppressed_as(desk, person.address_hash) == reason
    assert replay(desk, now=LATER) == 0


def test_who_confirmed_last_is_left_as_the_backup_has_them(desk: Desk) -> None:
    add_person(desk)
    append(desk, "unsubscribed", hash_of(desk), at=LATER)
    append(desk, "confirmed", hash_of(desk), at=LATER)
    assert replay(desk, now=LATER) == 0
    person = person_of(desk)
    assert person is not None
    assert person.standing == "active"
    assert suppressed_as(desk, person.address_hash) is None


def test_what_was_erased_stays_so_though_the_person_came_back(desk: Desk) -> None:
    """The backup is older than both: what it holds is what they had erased."""
    add_person(desk)
    address_hash = hash_of(desk)
    append(desk, "erased", address_hash, at=LATER)
    append(desk, "confirmed", address_hash, at=LATER + timedelta(hours=1))
    assert replay(desk, now=LATER + timedelta(days=1)) == 1
    assert person_of(desk) is None
    assert suppressed_as(desk, address_hash) is None


def test_who_came_back_before_the_backup_is_kept(desk: Desk) -> None:
    add_person(desk, confirmed_at=LATER + timedelta(hours=1))
    append(desk, "erased", hash_of(desk), at=LATER)
    append(desk, "confirmed", hash_of(desk), at=LATER + timedelta(hours=1))
    assert replay(desk, now=LATER + timedelta(days=1)) == 0
    assert person_of(desk) is not None


def test_a_bounce_is_not_forgotten_by_what_came_after_it(desk: Desk) -> None:
    append(desk, "bounced", HASH, at=NOW)
    append(desk, "erased", HASH, at=LATER)
    replay(desk, now=LATER)
    assert suppressed_as(desk, HASH) == "bounced"


def test_a_backup_made_before_everything_ends_as_the_living_database(desk: Desk) -> None:
    """Whatever people did, the same is true after a restore that forgot all of it."""
    deeds: dict[str, Callable[[str], object]] = {
        "a@x.org": lambda name: erase_by_name(desk, name, reason="erased", now=LATER),
        "b@x.org": lambda _: stopped(desk, "b@x.org", "unsubscribed"),
        "c@x.org": lambda _: stopped(desk, "c@x.org", "complained"),
        "d@x.org": lambda _: None,
    }
    for address, deed in deeds.items():
        deed(add_person(desk, address))
    after = {address: state_of(desk, address) for address in deeds}
    with desk.engine.begin() as connection:
        for table in ("delivery", "subscriber", "suppression"):
            connection.execute(sa.text(f"delete from {table}"))
    for address in deeds:
        add_person(desk, address)
    replay(desk, now=LATER)
    assert {address: state_of(desk, address) for address in deeds} == after


def stopped(desk: Desk, address: str, reason: str) -> None:
    with session(desk.engine, writing=True) as opened:
        stop(opened, desk, hash_of(desk, address), reason=reason, now=LATER)
        opened.commit()


def state_of(desk: Desk, address: str) -> tuple[str | None, str | None]:
    person = person_of(desk, address)
    standing = person.standing if person else None
    return standing, suppressed_as(desk, hashed(desk, address))


def hash_of(desk: Desk, address: str = "Ann.Smith@example.org") -> str:
    person = person_of(desk, address)
    assert person is not None
    return person.address_hash


def hashed(desk: Desk, address: str) -> str:
    return desk.hashes.of("address", address.lower())[0]


def suppressed_as(desk: Desk, address_hash: str) -> str | None:
    with session(desk.engine) as opened:
        entry = suppression(opened, [address_hash])
    return entry.reason if entry else None


def count(desk: Desk, table: str) -> int:
    with desk.engine.connect() as connection:
        return int(connection.execute(sa.text(f"select count(*) from {table}")).scalar_one())
