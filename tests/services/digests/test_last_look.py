"""The last look before the dot, and what comes first: letters, restored copies, slow servers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from sqlmodel import Session

from matcher.mail.transport import Envelope, Outcome
from matcher.services.digests import sending
from matcher.services.digests.rounds import Rounds
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.signing_up import sign_up
from matcher.services.subscribing.wish import Wish
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.facts import RESTORED_AT, mark_catalogue_changed, put_fact
from tests.services.digests.test_sending import Outbox, Said, outbox
from tests.services.digests.writing_desk import MORNING

__all__ = ["outbox"]


class Meanwhile(Said):
    """Something happens in the database while the first mail is written to the server."""

    def __init__(self, outbox: Outbox, deed: Callable[[Session], None]) -> None:
        super().__init__()
        self.outbox, self.deeds = outbox, [deed]

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        if self.deeds:
            with session(self.outbox.writing.desk.engine, writing=True) as opened:
                self.deeds.pop()(opened)
                opened.commit()
        return super().send(envelope, before_dot=before_dot)


def restore(opened: Session) -> None:
    put_fact(opened, RESTORED_AT, MORNING.isoformat())


def ask_for_mails(outbox: Outbox) -> None:
    with session(outbox.writing.desk.engine, writing=True) as opened:
        wish = Wish("new@example.org", "en")
        sign_up(opened, outbox.writing.desk, wish, network="x", now=MORNING)


def test_a_restored_copy_sends_nothing(outbox: Outbox) -> None:
    with session(outbox.writing.desk.engine, writing=True) as opened:
        restore(opened)
        opened.commit()
    transport = Said()
    sent = outbox.send(transport)
    assert (sent.counts, transport.taken) == ({}, [])
    assert sent.paused is not None
    assert "restored" in sent.paused
    Rounds(outbox.writing.desk, lambda: transport, clock=lambda: MORNING, digests=True).once()
    assert transport.taken == []


@pytest.mark.parametrize("batch", [1, 50])
def test_a_run_ends_when_a_copy_is_put_in_place(outbox: Outbox, batch: int) -> None:
    transport = Meanwhile(outbox, restore)
    sent = outbox.send(transport, rules=SendingRules(batch=batch))
    assert transport.taken == []
    assert outbox.states() == ["due"] * 3
    assert sent.paused is not None
    assert "restored" in sent.paused


def test_a_mail_is_held_back_when_a_study_changes_at_the_last_moment(outbox: Outbox) -> None:
    transport = Meanwhile(outbox, mark_catalogue_changed)
    sent = outbox.send(transport)
    assert sent.counts == {"due": 1, "sent": 2}
    assert len(transport.taken) == 2


def test_a_server_too_slow_for_the_last_look_is_tried_again_and_given_up(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        seconds = 0.0

        def monotonic(self) -> float:
            return self.seconds

    clock = Clock()
    monkeypatch.setattr(sending, "time", clock)

    class Tarpit(Said):
        def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
            clock.seconds += 31
            return super().send(envelope, before_dot=before_dot)

    transport = Tarpit()
    assert outbox.send(transport).counts == {"retry": 3}
    for hours in (24, 48, 72):
        late = MORNING + timedelta(hours=hours)
        sending.send(outbox.writing.desk, transport, now=lambda late=late: late)
    assert outbox.states() == ["expired"] * 3
    assert transport.taken == []


def test_letters_go_out_before_all_digests(outbox: Outbox) -> None:
    with session(outbox.writing.desk.engine, writing=True) as opened:
        opened.get_one(Delivery, outbox.rows()[0].id).next_at = MORNING - timedelta(days=1)
        opened.commit()
    ask_for_mails(outbox)
    decide(outbox.writing.desk, now=MORNING)
    outbox.send(transport := Said())
    assert transport.taken[0].recipient == "new@example.org"


def test_letters_do_not_wait_for_digests_that_are_under_way(outbox: Outbox) -> None:
    """The two errands of `serve`, each in a thread: a digest's mail takes as long as it likes."""
    taken: list[str] = []

    class Slow(Said):
        def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
            if envelope.recipient == "ana0@example.org":
                ask_for_mails(outbox)
                last = monotonic() + 20
                while "new@example.org" not in taken and monotonic() < last:
                    sleep(0.02)
            taken.append(envelope.recipient)
            return super().send(envelope, before_dot=before_dot)

    rounds = Rounds(outbox.writing.desk, Slow, clock=lambda: MORNING, digests=True)
    threads = [
        Thread(target=rounds.run, args=(errand,), kwargs={"pause": 0.02})
        for errand in rounds.errands().values()
    ]
    for thread in threads:
        thread.start()
    last = monotonic() + 30
    while len(taken) < 4 and monotonic() < last:
        sleep(0.02)
    rounds.stop.set()
    for thread in threads:
        thread.join()
    assert taken[:2] == ["new@example.org", "ana0@example.org"]
    assert len(taken) == 4
