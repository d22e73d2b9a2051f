"""Tries: counted for an address and a network, at once by many, and forgotten with time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from matcher.crypto import KeyedHashes
from matcher.services.accounts.tries import (
    ADDRESS_TRIES,
    NETWORK_TRIES,
    OWN_TRIES,
    QUARTER,
    TooManyTriesError,
    count_try,
    forget_tries,
)
from matcher.store.accounts import SignInTry
from matcher.store.database import session
from tests.factories import NOON

HASHES = KeyedHashes("a lookup key of tests")
HOME, AWAY = "192.0.2.0/24", "198.51.100.0/24"


def may(store: sa.Engine, email: str, network: str = HOME, *, now: datetime = NOON) -> bool:
    with session(store, writing=True) as opened:
        try:
            count_try(opened, HASHES, email=email, network=network, now=now)
        except TooManyTriesError:
            return False
    return True


def test_an_address_is_tried_so_often_and_no_more(store: sa.Engine) -> None:
    assert [may(store, "ana@clinic.org") for _ in range(OWN_TRIES + 2)].count(True) == OWN_TRIES
    # Its owner, elsewhere, is not locked out by that, nor is anybody else here.
    assert may(store, "ana@clinic.org", AWAY)
    assert may(store, "ben@clinic.org")
    assert may(store, "ana@clinic.org", now=NOON + QUARTER)


def test_many_at_once_are_all_counted(store: sa.Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: may(store, "ana@clinic.org"), range(20)))
    assert found.count(True) == OWN_TRIES


def test_one_address_from_everywhere_has_its_limit(store: sa.Engine) -> None:
    networks = [f"10.{number}.0.0/24" for number in range(ADDRESS_TRIES + 3)]
    found = [may(store, "ana@clinic.org", network) for network in networks]
    assert found.count(True) == ADDRESS_TRIES


def test_one_network_has_its_limit_and_this_machine_none(store: sa.Engine) -> None:
    emails = [f"n{number}@clinic.org" for number in range(NETWORK_TRIES + 3)]
    assert [may(store, email) for email in emails].count(True) == NETWORK_TRIES
    assert all(may(store, email, "this machine") for email in emails)


def test_who_signed_in_is_counted_anew_and_old_counts_go(store: sa.Engine) -> None:
    for _ in range(OWN_TRIES):
        may(store, "ana@clinic.org")
    with session(store, writing=True) as opened:
        forget_tries(opened, HASHES, email="ana@clinic.org", network=HOME)
    assert may(store, "ana@clinic.org")
    may(store, "ben@clinic.org", now=NOON + timedelta(days=2))
    with session(store) as opened:
        rows = opened.scalars(sa.select(SignInTry)).all()
    assert {row.since for row in rows} == {NOON + timedelta(days=2)}
    assert all("@" not in row.key_hash for row in rows)


def test_it_says_when_to_try_again(store: sa.Engine) -> None:
    for _ in range(OWN_TRIES):
        may(store, "ana@clinic.org")
    now = NOON + timedelta(minutes=4)
    with session(store, writing=True) as opened, pytest.raises(TooManyTriesError) as refused:
        count_try(opened, HASHES, email="ana@clinic.org", network=HOME, now=now)
    assert refused.value.until == NOON + QUARTER
