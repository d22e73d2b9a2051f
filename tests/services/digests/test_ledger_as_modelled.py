"""The ledger does what its model says: the same steps, in random orders, on real databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.live import LiveMatcher
from matcher.services.subscribing import stopping
from matcher.store import ledger
from matcher.store.clock import db_now
from matcher.store.database import session
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.ledger import Claim, PlannedFrom
from matcher.store.subscribers import subscriber
from tests.services.digests.ledger_model import Row, Rules, State, steps
from tests.services.digests.writing_desk import MORNING, WritingDesk

HOUR = timedelta(hours=1)
WALKS = {"sqlite": 40, "postgresql": 15}
LONGEST = 25
MISHAPS, RARE = ("stop", "die", "lapse", "give back"), 0.15
RECORDED = {"answered": "sent", "cut off": "uncertain", "put off": "retry"}


@dataclass
class Real:
    """One row of a real ledger, walked in step with the model."""

    desk: Desk
    row: int
    planned: PlannedFrom
    claims: dict[int, Claim] = field(default_factory=dict)

    def take(self, what: str, number: int, before: State, after: State) -> None:
        """The step as the real ledger takes it; asserts that it succeeds where the model says."""
        with session(self.desk.engine, writing=True) as opened:
            if what == "claim":
                (claim,) = ledger.claim(
                    opened, kinds=["digest"], limit=5, now=MORNING, lease=HOUR, only=[self.row]
                )
                self.claims[number] = claim
            elif what == "begin":
                begun = ledger.begin(opened, self.claims[number], self.planned, HOUR)
                assert begun == (after.senders[number].doing == "sending")
            elif what == "look":
                claim = self.claims[number]
                wanted = ledger.may_still_send(opened, claim, self.planned)
                assert wanted == (after.senders[number].doing == "looked")
                if not wanted:
                    self._finish(opened, claim, "due", before, after)
            elif what == "give back":
                self._finish(opened, self.claims[number], "due", before, after)
            elif what == "record":
                became = RECORDED[before.senders[number].doing]
                self._finish(opened, self.claims[number], became, before, after)
            elif what == "lapse":
                gone = {"lease_until": db_now(opened) - HOUR}
                opened.execute(sa.update(delivery_table).values(**gone))
            elif what == "stop":
                self._stop(opened)
            opened.commit()
        if what == "recover":
            recover(self.desk, now=MORNING, rules=SendingRules())

    def _finish(
        self, opened: ledger.Session, claim: Claim, state: str, before: State, after: State
    ) -> None:
        done = ledger.finish(opened, claim, state=state, reason="a step", now=MORNING)
        assert done == (before.rows != after.rows)

    def _stop(self, opened: ledger.Session) -> None:
        row = opened.get(Delivery, self.row)
        assert row is not None
        assert row.subscriber_id is not None
        person = subscriber(opened, row.subscriber_id)
        assert person is not None
        assert stopping.stop(
            opened, self.desk, person.address_hash, reason="unsubscribed", now=MORNING
        )

    def seen(self) -> tuple[str, int, bool]:
        """State, fence, and whether the lease still holds."""
        with session(self.desk.engine) as opened:
            row = opened.get(Delivery, self.row)
            assert row is not None
            held = row.lease_until is not None and row.lease_until > db_now(opened)
            return row.state, row.fence, held


@pytest.fixture
def writing(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> WritingDesk:
    """A desk on each kind of database."""
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    settings = Settings(tmp_path, str(store.url), *keys)
    return WritingDesk(Desk(store, rulebook, LiveMatcher(store, rulebook), settings))


def test_random_orders_of_steps_do_what_the_model_says(writing: WritingDesk) -> None:
    random, taken = Random(4), set()
    for _ in range(WALKS[writing.desk.engine.dialect.name]):
        real, state = begin(writing)
        for _ in range(LONGEST):
            possible = [step for step in steps(state, Rules()) if step[0] != "plan"]
            if not possible:
                break
            weights = [RARE if step[0] in MISHAPS else 1 for step in possible]
            ((what, number, after),) = random.choices(possible, weights)
            real.take(what, number, state, after)
            taken.add(what)
            state = after
            assert real.seen() == expected(state), what
    assert taken == {"claim", "begin", "look", "dot", "record", "lapse", "recover", "die", "stop",
                     "give back"}  # fmt: skip


def begin(writing: WritingDesk) -> tuple[Real, State]:
    """A new person with a row that is due; nothing else is in the ledger."""
    number = writing.subscribe()
    planned = PlannedFrom(1, "", writing.desk.book.version)
    row = writing.row(
        "digest",
        subscriber_id=number,
        items=writing.desk.safe.seal(writing.chosen().to_bytes()),
        subscriber_version=planned.subscriber_version,
        catalogue_version=planned.catalogue_version,
        rules_version=planned.rules_version,
    )
    with session(writing.desk.engine, writing=True) as opened:
        opened.execute(sa.delete(Delivery))
        opened.add(row)
        opened.commit()
    assert row.id is not None
    return Real(writing.desk, row.id, planned), State(rows=(Row("due", carries=True), None))


def expected(state: State) -> tuple[str, int, bool]:
    """What the model says of the row."""
    row = state.rows[0]
    assert row is not None
    return row.state, row.fence, row.held
