"""Values that no key opens: one of them ends one mail, wrong keys end the run and harm no row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.crypto import Safe, SealError
from matcher.mail.transport import Envelope, Outcome
from matcher.services.digests.planning import plan
from matcher.services.digests.recovering import recover
from matcher.services.digests.rounds import Rounds
from matcher.services.digests.sending import send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.keys import check_keys
from matcher.store.clock import db_now
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.subscribers import Subscriber
from tests.services.digests.test_sending import BREAST, Outbox, Said, outbox
from tests.services.digests.writing_desk import MORNING

__all__ = ["outbox"]


def put(box: Outbox, person: int, **values: Any) -> None:
    """Change the row of the ledger of one person."""
    with session(box.writing.desk.engine, writing=True) as opened:
        changed = sa.update(Delivery).where(sa.column("subscriber_id") == person)
        opened.execute(changed.values(**values))
        opened.commit()


def put_sending(box: Outbox, person: int, **values: Any) -> None:
    """Somebody was sending this row, and is gone."""
    with session(box.writing.desk.engine) as opened:
        over = db_now(opened) - timedelta(minutes=1)
    put(box, person, state="sending", lease_until=over, **values)


def break_person(box: Outbox, person: int, **values: bytes) -> None:
    with session(box.writing.desk.engine, writing=True) as opened:
        for name, value in values.items():
            setattr(opened.get_one(Subscriber, person), name, value)
        opened.commit()


def test_an_address_that_no_key_opens_ends_one_mail(outbox: Outbox) -> None:
    check_keys(outbox.writing.desk.engine, outbox.writing.desk.settings)
    break_person(outbox, outbox.people[0], address=b"broken")
    assert outbox.send(Said()).counts == {"failed": 1, "sent": 2}
    (failed,) = [row for row in outbox.rows() if row.state == "failed"]
    assert failed.reason == "the mail could not be written (SealError)"


def test_the_wrong_keys_end_the_run_and_leave_every_row_due(outbox: Outbox) -> None:
    desk = outbox.writing.desk
    check_keys(desk.engine, desk.settings)
    other = replace(desk, settings=replace(desk.settings, data_key="another key"))
    for _ in range(2):
        with pytest.raises(SealError):
            send(other, Said(), now=lambda: MORNING)
        assert outbox.states() == ["due"] * 3
    assert outbox.send(Said()).counts == {"sent": 3}


def test_the_wrong_keys_settle_nothing_that_was_under_way(outbox: Outbox) -> None:
    desk = outbox.writing.desk
    check_keys(desk.engine, desk.settings)
    put_sending(outbox, outbox.people[0])
    other = replace(desk, settings=replace(desk.settings, data_key="another key"))
    with pytest.raises(SealError):
        recover(other, now=MORNING, rules=SendingRules())
    assert sorted(outbox.states()) == ["due", "due", "sending"]


def test_a_row_that_was_under_way_and_cannot_be_opened_is_closed(outbox: Outbox) -> None:
    put_sending(outbox, outbox.people[0], items=b"broken")
    outbox.writing.subscribe(BREAST)
    rounds = Rounds(outbox.writing.desk, Said, clock=lambda: MORNING, digests=True)
    rounds.once()
    assert sorted(outbox.states()) == ["sent", "sent", "sent", "uncertain"]


def test_a_mail_that_was_taken_is_sent_whatever_cannot_be_noted(outbox: Outbox) -> None:
    break_person(outbox, outbox.people[1], seen=b"broken")
    assert outbox.send(Said()).counts == {"sent": 3}
    assert plan(outbox.writing.desk, now=MORNING + timedelta(days=7)).due == 0


def test_a_mail_that_was_taken_is_never_given_back(outbox: Outbox) -> None:
    """A process without the new key meets what another sealed with it, just after the 250."""
    desk = outbox.writing.desk
    newer = replace(desk.settings, data_key=f"a newer key,{desk.settings.data_key}")

    class Sealing(Said):
        def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
            said = Said.send(self, envelope, before_dot=before_dot)
            check_keys(desk.engine, newer)
            for person in outbox.people:
                break_person(outbox, person, seen=Safe("a newer key").seal(b"{}"))
            return said

    with pytest.raises(SealError):
        outbox.send(Sealing())
    assert sorted(outbox.states()) == ["due", "due", "sending"]
