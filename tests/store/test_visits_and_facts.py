"""Visits and facts: sealed answers come and go with the clock; a fact is claimed by one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from matcher.store import facts, visits
from matcher.store.database import session
from matcher.store.errors import StoreError
from tests.factories import NOON, VisitFactory

HOUR = timedelta(hours=1)


def put(engine: sa.Engine, id_hash: str, sealed: bytes, expires_at: datetime) -> None:
    with session(engine, writing=True) as opened:
        visits.put_visit(opened, id_hash, sealed, expires_at=expires_at)
        opened.commit()


def get(engine: sa.Engine, id_hash: str, now: datetime = NOON) -> bytes | None:
    with session(engine) as opened:
        return visits.get_visit(opened, id_hash, now=now)


def test_a_visit_is_put_replaced_and_ended(store: sa.Engine) -> None:
    put(store, "a", b"\x00\xff one", NOON + HOUR)
    put(store, "b", b"other", NOON + HOUR)
    assert get(store, "a") == b"\x00\xff one"
    put(store, "a", b"two", NOON + 2 * HOUR)
    assert get(store, "a", NOON + HOUR) == b"two"
    for _ in range(2):
        with session(store, writing=True) as opened:
            visits.delete_visit(opened, "a")
            opened.commit()
    assert (get(store, "a"), get(store, "b"), get(store, "c")) == (None, b"other", None)


def test_a_visit_ends_at_its_time_to_the_second(store: sa.Engine) -> None:
    elsewhere = timezone(timedelta(hours=-5))
    put(store, "a", b"x", (NOON + HOUR).astimezone(elsewhere))
    assert get(store, "a", NOON + HOUR - timedelta(seconds=1)) == b"x"
    assert get(store, "a", (NOON + HOUR).astimezone(elsewhere)) is None


def test_purging_deletes_what_has_ended_and_counts_it(store: sa.Engine) -> None:
    for hours in range(1, 6):
        visit = VisitFactory(expires_at=NOON + hours * HOUR)
        put(store, visit.id_hash, visit.sealed, visit.expires_at)
    with session(store, writing=True) as opened:
        assert visits.purge_visits(opened, now=NOON + 2 * HOUR) == 2
        assert visits.purge_visits(opened, now=NOON + 2 * HOUR) == 0
        assert visits.purge_visits(opened) == 3
        opened.commit()


def test_a_time_without_zone_is_refused(store: sa.Engine) -> None:
    with pytest.raises(StoreError, match="time zone"):
        put(store, "a", b"x", datetime(2026, 1, 1))
    assert get(store, "a") is None


def test_a_fact_is_claimed_once(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        assert facts.fact(opened, "x") is None
        assert facts.claim(opened, "x", "1")
        assert not facts.claim(opened, "x", "2")
        assert facts.fact(opened, "x") == "1"
        facts.put_fact(opened, "x", "3")
        facts.put_fact(opened, "y", "4")
        assert (facts.fact(opened, "x"), facts.fact(opened, "y")) == ("3", "4")


def test_a_claim_that_was_given_up_can_be_made_again(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        assert facts.claim(opened, "x", "1")
    with session(store, writing=True) as opened:
        assert facts.claim(opened, "x", "2")
