"""Refusals: a server that refuses everybody harms nobody, and is asked ever more rarely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from matcher.mail.transport import Envelope, Fate, Outcome
from matcher.services.digests import pausing
from matcher.services.digests.planning import plan
from matcher.services.digests.rounds import Rounds
from matcher.services.digests.sending import send
from matcher.services.digests.sending_rules import SendingRules
from matcher.store.database import session
from matcher.store.suppressions import Suppression
from tests.services.digests.test_sending import BREAST, Outbox, Said, outbox
from tests.services.digests.writing_desk import MORNING

__all__ = ["outbox"]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NO = Outcome(Fate.FAILED, 550, "the recipient was refused: 550 5.7.1 relaying denied")
NOBODY = Outcome(Fate.STOPPED, 550, "the recipient was refused: 550 5.1.1 no such user")
PASSWORD = Outcome(Fate.OURS, 535, "the mail server refuses the user or the password")
LATER = Outcome(Fate.RETRY, 451, "the recipient was refused: 451 later")
TWO = SendingRules(most_refused=2)


class Watch:
    """A clock that stands until it is put forward."""

    def __init__(self) -> None:
        self.time = MORNING

    def __call__(self) -> datetime:
        return self.time


def more(outbox: Outbox, count: int) -> None:
    for _ in range(count):
        outbox.writing.subscribe(BREAST)
    plan(outbox.writing.desk, now=MORNING)


def suppressed(outbox: Outbox) -> int:
    with session(outbox.writing.desk.engine) as opened:
        return opened.scalar(sa.select(sa.func.count()).select_from(Suppression)) or 0


def test_nobody_is_stopped_by_a_server_that_knows_no_mailbox_at_all(outbox: Outbox) -> None:
    more(outbox, 20)
    rounds = Rounds(outbox.writing.desk, lambda: Said(NOBODY), clock=lambda: MORNING, digests=True)
    for _ in range(3):
        rounds.once()
    assert outbox.states() == ["due"] * 23
    assert suppressed(outbox) == 0


@pytest.mark.parametrize("alone", [True, False])
def test_a_mailbox_that_is_not_there_is_stopped(outbox: Outbox, alone: bool) -> None:
    transport = Said(by_recipient={"ana0@example.org": NOBODY})
    only = [outbox.rows()[0].id] if alone else None
    sent = outbox.send(transport, only=only)
    assert sent.counts == {"failed": 1} | ({} if alone else {"sent": 2})
    assert sent.paused is None
    assert suppressed(outbox) == 1


def test_an_address_that_was_only_signed_up_is_stopped_when_its_mailbox_is_not_there(
    outbox: Outbox,
) -> None:
    wish = outbox.writing.ask(address="wrong@example.org", zone="America/Bogota")
    mail = outbox.writing.row("confirmation", signup_id=wish)
    with session(outbox.writing.desk.engine, writing=True) as opened:
        opened.add(mail)
        opened.commit()
        number = mail.id
    outbox.send(Said(NOBODY), only=[number])
    assert [row.state for row in outbox.rows()] == ["due"] * 3 + ["failed"]
    with session(outbox.writing.desk.engine) as opened:
        (entry,) = opened.scalars(sa.select(Suppression))
        assert (entry.address_hash, entry.reason) == ("0" * 64, "bounced")


def test_after_refusals_one_mail_asks_whether_the_server_takes_them_again(outbox: Outbox) -> None:
    more(outbox, 3)
    assert outbox.send(Said(NO), rules=TWO).counts == {"due": 2}
    sent = outbox.send(Said(NO), rules=TWO)
    assert sent.counts == {"due": 1}
    assert sent.paused is not None
    assert sent.paused.startswith("a mail was refused, the last:")
    assert outbox.send(Said(), rules=TWO).counts == {"sent": 3}
    later = send(outbox.writing.desk, Said(), now=lambda: MORNING + HOUR)
    assert later.counts == {"sent": 3}


def test_what_is_refused_for_three_days_expires_and_stops_nobody(outbox: Outbox) -> None:
    for hours in range(0, 76, 3):
        send(outbox.writing.desk, Said(NOBODY), now=lambda at=hours: MORNING + at * HOUR, rules=TWO)
    assert outbox.states() == ["expired"] * 3
    assert suppressed(outbox) == 0


def test_a_server_that_refuses_us_is_asked_ever_more_rarely(outbox: Outbox) -> None:
    watch, tried = Watch(), []

    class Counted(Said):
        def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
            del envelope, before_dot
            tried.append(round((watch.time - MORNING) / MINUTE))
            return PASSWORD

    rounds = Rounds(outbox.writing.desk, Counted, clock=watch, digests=True)
    for _ in range(200):
        rounds.once()
        watch.time += MINUTE
    assert tried == [0, 5, 15, 35, 75, 135, 195]
    assert outbox.states() == ["due"] * 3
    rounds.make_transport = Said
    watch.time += HOUR
    rounds.once()
    assert outbox.states() == ["sent"] * 3
    with session(outbox.writing.desk.engine) as opened:
        assert pausing.paused(opened) is None


def test_a_run_by_hand_tries_at_once_and_a_clock_put_back_makes_no_wait(outbox: Outbox) -> None:
    assert outbox.send(Said(PASSWORD)).paused == PASSWORD.reason
    with session(outbox.writing.desk.engine) as opened:
        for minutes, may in ((0, False), (4, False), (5, True), (-1, True)):
            assert pausing.may_try(opened, MORNING + minutes * MINUTE) is may
    assert outbox.send(Said()).counts == {"sent": 3}


def test_runs_that_fail_together_are_one_try(outbox: Outbox) -> None:
    with session(outbox.writing.desk.engine, writing=True) as opened:
        for _ in range(10):
            pausing.pause(opened, "the password is wrong", MORNING)
        assert pausing.may_try(opened, MORNING + 5 * MINUTE)
        opened.rollback()


def test_what_was_ours_does_not_lengthen_what_a_server_asks_for(outbox: Outbox) -> None:
    for _ in range(20):
        outbox.send(Said(PASSWORD))
    waits = []
    moment = MORNING
    while (found := Counter(outbox.states())) == {"due": 3} or found == {"retry": 3}:
        send(outbox.writing.desk, Said(LATER), now=lambda moment=moment: moment)
        waits.append((outbox.rows()[0].next_at - moment) / HOUR)
        moment = outbox.rows()[0].next_at
    assert waits[:6] == [1 / 12, 1 / 4, 1, 3, 6, 12]
    assert moment - MORNING >= 72 * HOUR
    assert set(outbox.states()) == {"expired"}
