"""Sending, with a transport that says what a test wants: what becomes of rows, people and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.mail.transport import Envelope, Fate, Outcome
from matcher.services.catalogue import fill_with_sample
from matcher.services.digests import letters, pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import plan
from matcher.services.digests.sending import Sent, send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.live import LiveMatcher
from matcher.store import studies
from matcher.store.database import connect, session, upgrade
from matcher.store.deliveries import Delivery
from matcher.store.facts import mark_catalogue_changed
from tests.services.digests.writing_desk import BASE, MORNING, WritingDesk

SENT = Outcome(Fate.SENT, 250, "taken: 250 ok")
BREAST = {"cancer": ["breast"], "cancer_status": "now"}


@dataclass
class Said:
    """A transport that says the same of every mail, or what stands for its recipient."""

    outcome: Outcome = SENT
    by_recipient: dict[str, Outcome] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        if not before_dot():
            return Outcome(Fate.WITHHELD, None, "held back just before it was sent")
        said = self.by_recipient.get(envelope.recipient, self.outcome)
        if said.fate is Fate.SENT:
            self.taken.append(envelope)
        return said

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Outbox:
    """Subscribers with a digest that is due, and runs that send it."""

    writing: WritingDesk
    people: list[int]

    def send(self, transport: Said, **given: Any) -> Sent:
        return send(self.writing.desk, transport, now=lambda: MORNING, **given)

    def rows(self) -> list[Delivery]:
        with session(self.writing.desk.engine) as opened:
            return list(opened.scalars(sa.select(Delivery)))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]


@pytest.fixture
def outbox(sqlite_url: str, rulebook: Rulebook, tmp_path: Path) -> Iterator[Outbox]:
    """Three subscribers who are told of the sample."""
    engine = connect(sqlite_url)
    upgrade(engine)
    fill_with_sample(engine, rulebook, now=MORNING)
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    mail = {"public_url": BASE, "mail_from": "news@charity.example"}
    settings = Settings(tmp_path, sqlite_url, *keys, **mail)  # type: ignore[arg-type]
    writing = WritingDesk(Desk(engine, rulebook, LiveMatcher(engine, rulebook), settings))
    people = [writing.subscribe(BREAST, detail="full") for _ in range(3)]
    assert plan(writing.desk, now=MORNING).due == 3
    yield Outbox(writing, people)
    engine.dispose()


def test_a_mail_that_cannot_be_written_fails_alone(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = letters.write

    def write(opened: object, desk: object, row: Delivery, **now: object) -> Envelope | None:
        if row.subscriber_id == outbox.people[1]:
            raise RuntimeError("ana1@example.org has breast cancer")
        return written(opened, desk, row, **now)  # type: ignore[arg-type]

    monkeypatch.setattr(letters, "write", write)
    assert outbox.send(Said()).counts == {"sent": 2, "failed": 1}
    assert sorted(outbox.states()) == ["failed", "sent", "sent"]
    (failed,) = [row for row in outbox.rows() if row.state == "failed"]
    assert failed.reason == "the mail could not be written (RuntimeError)"


def test_one_refusal_after_the_other_ends_the_run(outbox: Outbox) -> None:
    no = Outcome(Fate.FAILED, 550, "the recipient was refused: 550 5.7.1 relaying denied")
    sent = outbox.send(Said(no), rules=SendingRules(most_refused=2))
    assert sent.counts == {"due": 2}
    assert sent.paused is not None
    assert "2 mails in a row were refused" in sent.paused
    assert outbox.states() == ["due"] * 3
    with session(outbox.writing.desk.engine) as opened:
        assert pausing.paused(opened) is not None
    assert outbox.send(Said()).counts == {"sent": 1}
    with session(outbox.writing.desk.engine) as opened:
        assert pausing.paused(opened) is None


def test_a_refusal_between_two_that_are_taken_ends_nothing(outbox: Outbox) -> None:
    no = Outcome(Fate.FAILED, 552, "the message was refused: 552 5.2.2 full")
    transport = Said(by_recipient={"ana1@example.org": no})
    sent = outbox.send(transport, rules=SendingRules(most_refused=2))
    assert (sent.paused, sent.counts) == (None, {"sent": 2, "failed": 1})


def test_a_run_that_is_told_to_stop_gives_back_what_it_has(outbox: Outbox) -> None:
    transport = Said()
    sent = outbox.send(transport, stopping=lambda: len(transport.taken) == 1)
    assert sent.counts == {"sent": 1}
    assert sorted(outbox.states()) == ["due", "due", "sent"]
    assert outbox.send(Said()).counts == {"sent": 2}


def test_a_mail_is_written_anew_when_the_studies_changed(outbox: Outbox) -> None:
    desk = outbox.writing.desk
    before = {row.id: row.catalogue_version for row in outbox.rows()}
    with session(desk.engine, writing=True) as opened:
        studies.withdraw(opened, studies.rows(opened)[0], reason="a test", now=MORNING)
        opened.commit()
    transport = Said()
    assert outbox.send(transport).counts == {"sent": 3}
    after = {row.id: row.catalogue_version for row in outbox.rows()}
    assert all(after[id] != version for id, version in before.items())


def test_the_catalogue_mark_alone_changes_no_mail(outbox: Outbox) -> None:
    with session(outbox.writing.desk.engine, writing=True) as opened:
        mark_catalogue_changed(opened)
        opened.commit()
    assert outbox.send(Said()).counts == {"sent": 3}
