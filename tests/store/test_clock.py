"""Tests of the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from matcher.store.clock import db_now
from matcher.store.database import session


def test_the_clock_tells_utc_and_goes_on_within_a_transaction(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        first = db_now(opened)
        while (second := db_now(opened)) == first:
            pass
    assert first.tzinfo is UTC
    assert first < second
    # Both run on this machine: an hour off would be a zone mistaken for another.
    assert abs(second - datetime.now(UTC)) < timedelta(minutes=5)
