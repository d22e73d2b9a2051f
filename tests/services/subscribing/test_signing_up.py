"""Signing up: a wish is written down sealed, within budgets, and nothing is looked up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.subscribing import limits
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.limits import LOOPBACK, TooManyError, network_of
from matcher.services.subscribing.wish import open_wish
from tests.services.subscribing.asking import (
    ANN,
    NOW,
    ask,
    ask_link,
    count,
    rows,
    stopped,
    subscribed,
    wish,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """A desk with empty tables, on each kind of database."""
    return kept_desk


def test_one_wish_is_one_row_that_only_the_key_opens(desk: Desk) -> None:
    ask(desk, frequency="monthly", detail="full")
    ((kind, state, sealed),) = rows(desk, "kind, state, sealed", "signup")
    assert (kind, state) == ("subscribe", "asked")
    assert open_wish(desk.safe, bytes(sealed)) == wish(frequency="monthly", detail="full")


def test_neither_address_nor_answers_stand_in_the_file(desk: Desk) -> None:
    ask(desk)
    if desk.engine.dialect.name == "sqlite":
        folder = Path(desk.engine.url.database or "").parent
        files = [file.read_bytes() for file in folder.glob("matcher.db*")]
        assert len(files) > 1
    else:
        (row,) = rows(desk, "signup.*", "signup", order="id")
        files = [
            repr([bytes(part) if isinstance(part, memoryview) else part for part in row]).encode()
        ]
    for marker in (b"ann.lee", b"example.org", b"breast", b"positive", b"198.51"):
        assert not any(marker in content.lower() for content in files), marker


def statements(desk: Desk, address: str, kind: str) -> list[str]:
    """The statements that one wish takes."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(desk.engine, "before_cursor_execute", note)
    (ask if kind == "subscribe" else ask_link)(desk, address)
    sa.event.remove(desk.engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("kind", ["subscribe", "link"])
def test_whoever_it_is_the_same_is_done(desk: Desk, kind: str) -> None:
    """What is not looked up cannot be told, not even by its time."""
    subscribed(desk, "known@example.org")
    subscribed(desk, "stopped@example.org")
    stopped(desk, "stopped@example.org", reason="unsubscribed")
    stopped(desk, "dead@example.org", reason="bounced")
    ask(desk, "limited@example.org")
    decide(desk, now=NOW)
    ask(desk, "waiting@example.org")
    names = ("new", "known", "stopped", "dead", "limited", "waiting")
    taken = {name: statements(desk, f"{name}@example.org", kind) for name in names}
    assert len(taken["new"]) > 3
    assert not any(
        table in text for text in taken["new"] for table in ("subscriber", "suppression")
    )
    assert {name: steps == taken["new"] for name, steps in taken.items()} == dict.fromkeys(
        names, True
    )


def test_one_network_has_a_budget_and_others_have_theirs(desk: Desk) -> None:
    for number in range(limits.NETWORK_WISHES):
        ask(desk, f"a{number}@example.org")
    with pytest.raises(TooManyError) as refused:
        ask(desk, "one.more@example.org")
    assert refused.value.until == NOW.replace(hour=10, minute=0)
    ask(desk, "other@example.org", network="203.0.113.0/24")
    ask(desk, "one.more@example.org", now=NOW + HOUR)
    assert count(desk, "signup") == limits.NETWORK_WISHES + 2


def test_what_is_refused_takes_nothing_from_the_budget_of_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ALL_WISHES", 3)
    monkeypatch.setattr(limits, "NETWORK_WISHES", 2)
    for number in range(5):
        try:
            ask(desk, f"a{number}@example.org")
        except TooManyError:
            assert number >= 2
    ask(desk, "other@example.org", network="203.0.113.0/24")
    with pytest.raises(TooManyError):
        ask(desk, "late@example.org", network="192.0.2.0/24")
    assert count(desk, "signup") == 3


def test_a_flood_for_one_mailbox_takes_nobody_elses_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From many networks, in many spellings: only the first few are kept at all."""
    monkeypatch.setattr(limits, "ALL_WISHES", 30)
    for number in range(60):
        name = f"{'.' if number % 2 else ''}lee+{number}" if number % 3 else f"LEE+{number}"
        ask(desk, f"ann{name}@gmail.com", network=f"10.0.{number}.0/24")
    assert count(desk, "signup") == limits.MAILBOX_WISHES
    ask(desk, "other@example.org")
    ask_link(desk, "annlee@gmail.com")
    assert count(desk, "signup") == limits.MAILBOX_WISHES + 2
    assert decide(desk, now=NOW) == 2


def test_a_proxy_on_this_machine_does_not_make_all_visitors_one_network(desk: Desk) -> None:
    for number in range(limits.NETWORK_WISHES + 5):
        ask(desk, f"a{number}@example.org", network=LOOPBACK)
    assert count(desk, "signup") == limits.NETWORK_WISHES + 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("198.51.100.250", "198.51.100.0/24"),
        ("198.51.101.7", "198.51.101.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::", "2001:db8:1::/48"),
        ("2001:db8:2::", "2001:db8:2::/48"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("127.0.0.1", LOOPBACK),
        ("::1", LOOPBACK),
        ("", "no network"),
        (None, "no network"),
        ("unix:", "no network"),
    ],
)
def test_neighbours_share_a_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_no_address_stands_in_a_wish_that_is_shown() -> None:
    """A line of a log could hold it."""
    assert ANN not in repr(wish())
    assert "breast" not in repr(wish())
