"""Asking: what people do on the pages, as the services see it, and what the tables then hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any, TypeVar

import sqlalchemy as sa

from matcher.crypto import new_token, token_hash
from matcher.mail.addresses import parse_address
from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile
from matcher.services.subscribing.confirming import confirm
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.signing_up import ask_for_link, sign_up
from matcher.services.subscribing.stopping import stop
from matcher.services.subscribing.wish import Wish
from matcher.store.database import session
from matcher.store.subscribers import Subscriber

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
ANN = "ann.lee@example.org"
NETWORK = "198.51.100.0/24"
ANSWERS = {"cancer": ["breast"], "er": "positive"}
Found = TypeVar("Found")


def wish(address: str = ANN, **other: Any) -> Wish:
    """A wish with answers; fields by name."""
    return replace(Wish(address, "es", profile=Profile(ANSWERS), zone="America/Lima"), **other)


def ask(
    desk: Desk, address: str = ANN, *, now: datetime = NOW, network: str = NETWORK, **other: Any
) -> None:
    """Ask for mails."""
    with session(desk.engine, writing=True) as opened:
        sign_up(opened, desk, wish(address, **other), network=network, now=now)


def ask_link(desk: Desk, address: str = ANN, *, now: datetime = NOW) -> None:
    """Ask for the link to one's data."""
    with session(desk.engine, writing=True) as opened:
        ask_for_link(opened, desk, Wish(address, "en"), network=NETWORK, now=now)


def mailed(desk: Desk, address: str = ANN, *, now: datetime = NOW, **other: Any) -> str:
    """Ask, and have the confirmation mail written: the token in it."""
    ask(desk, address, now=now, **other)
    assert decide(desk, now=now) == 1
    return hand_out(desk)


def hand_out(desk: Desk) -> str:
    """Put a token into the newest sign-up, as writing its mail does."""
    token = new_token()
    newest = "update signup set token_hash = :hash where id = (select max(id) from signup)"
    with desk.engine.begin() as connection:
        connection.execute(sa.text(newest), {"hash": token_hash(token)})
    return token


def press(desk: Desk, token: str, *, now: datetime = NOW) -> str:
    """Press the button that confirms."""
    with session(desk.engine, writing=True) as opened:
        return confirm(opened, desk, token, now=now)


def subscribed(desk: Desk, address: str = ANN, **other: Any) -> Subscriber:
    """Somebody who asked and confirmed."""
    assert press(desk, mailed(desk, address, **other)) == "done"
    return person(desk, address)


def person(desk: Desk, address: str = ANN) -> Subscriber:
    """The subscriber with this address."""
    with session(desk.engine) as opened:
        known = Subscriber.address_hash.in_(known_as(desk, address))  # type: ignore[attr-defined]
        return opened.scalars(sa.select(Subscriber).where(known)).one()


def known_as(desk: Desk, address: str = ANN) -> tuple[str, ...]:
    """The hashes of an address."""
    return address_hashes(desk.hashes, parse_address(address).normal)


def stopped(desk: Desk, address: str = ANN, *, reason: str, now: datetime = NOW) -> bool:
    """Stop the mails to an address for a reason."""
    with session(desk.engine, writing=True) as opened:
        news = stop(opened, desk, known_as(desk, address)[0], reason=reason, now=now)
        opened.commit()
        return news


def rows(
    desk: Desk, columns: str, table: str, *, order: str | None = None
) -> list[tuple[Any, ...]]:
    """Some columns of a whole table, sorted by them unless told otherwise."""
    query = f"select {columns} from {table} order by {order or columns}"
    with desk.engine.connect() as connection:
        found = connection.execute(sa.text(query))
        return [tuple(row) for row in found]


def count(desk: Desk, table: str) -> int:
    """How many rows a table has."""
    with desk.engine.connect() as connection:
        return int(connection.execute(sa.text(f"select count(*) from {table}")).scalar() or 0)


def at_once(work: Sequence[Callable[[], Found]]) -> list[Found]:
    """Do all of it in threads that start together; raises what any of them raised."""
    gate = Barrier(len(work))

    def begin(one: Callable[[], Found]) -> Found:
        gate.wait(30)
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(60) for future in [pool.submit(begin, one) for one in work]]
