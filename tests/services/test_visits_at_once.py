"""Visits at once: of what two windows send at the same moment nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import sqlalchemy as sa

from matcher.services import visits
from matcher.services.visits import Visit
from matcher.store.database import session
from tests.factories import NOON

SECRET = "a server secret long enough"
MOMENT = 0.3


def test_two_changes_at_once_are_both_kept(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        token, _ = visits.begin_visit(opened, SECRET, about="self", shared=False, now=NOON)
    inside, sent = Event(), Event()

    def kept(change: Callable[[Visit], Visit]) -> None:
        with session(store, writing=True) as opened:
            assert visits.change_visit(opened, token, SECRET, change, now=NOON) is not None

    def slowly(visit: Visit) -> Visit:
        inside.set()
        # The other request is on its way; it must wait, and read what is written here.
        assert sent.wait(5)
        Event().wait(MOMENT)
        return visit.answered("cancer", ["breast"])

    def picks(visit: Visit) -> Visit:
        return replace(visit.answered("age", 52), picked={"tumor": ["ESR1"]}, leave_out=True)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept, slowly)
        assert inside.wait(5)
        second = pool.submit(kept, picks)
        sent.set()
        first.result()
        second.result()
    with session(store) as opened:
        found = visits.open_visit(opened, token, SECRET, now=NOON)
    assert found is not None
    assert found.answers == {"cancer": ["breast"], "age": 52}
    assert (found.picked, found.leave_out) == ({"tumor": ["ESR1"]}, True)
