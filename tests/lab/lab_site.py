"""Lab site: a small installation whose mail server is the SMTP double, and the runs it makes.

Nothing here keeps a database open: every call opens its own and closes it, so that the process
may be forked between two calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from matcher.config import Settings, SmtpServer
from matcher.core.rulebook import Rulebook
from matcher.mail.transport import SmtpTransport, Transport
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import Planned, plan
from matcher.services.digests.sending import Sent, send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.live import LiveMatcher
from matcher.store.database import connect, session, upgrade
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.subscribers import Subscriber
from tests.lab.clock_control import Clock
from tests.lab.smtp_double import SmtpDouble

TUESDAY = datetime(2026, 12, 1, 12, tzinfo=UTC)
PATIENT = 20.0
QUICK = SendingRules(timeout=PATIENT, patience=0.3)
Wrap = Callable[[Transport], Transport]


@dataclass(frozen=True)
class Row:
    """A row of the ledger; `who` is the subscriber's address, None for a letter."""

    public_id: str
    who: str | None
    kind: str
    period: str
    state: str
    reason: str | None
    attempts: int


@dataclass(frozen=True)
class Shift:
    """Plans and sends by a clock."""

    desk: Desk
    transport: Transport
    clock: Clock
    rules: SendingRules

    def plan(self) -> Planned:
        return plan(self.desk, now=self.clock())

    def send(self, *, wrap: Wrap | None = None, **how: Any) -> Sent:
        used = wrap(self.transport) if wrap else self.transport
        return send(self.desk, used, now=self.clock, rules=self.rules, **how)


class Site:
    """An installation, its tables made. `wait` is for how many seconds it waits for a lock, and
    `timeout` for an answer of the mail server."""

    def __init__(
        self, url: str, folder: Path, book: Rulebook, double: SmtpDouble, *, wait: float = 5.0
    ) -> None:
        self.book, self.double = book, double
        self.clock = Clock(TUESDAY)
        self.rules = QUICK
        self.timeout = PATIENT
        self.settings = Settings(
            instance=folder,
            database_url=url,
            secret_key="s" * 32,
            data_key="d" * 32,
            lookup_key="l" * 32,
            public_url="https://reviews.test",
            smtp=SmtpServer("127.0.0.1", double.port, "none"),
            mail_from="digest@reviews.test",
        )
        self.database = connect(url, wait=wait)
        self._live = LiveMatcher(self.database, book)
        with self.engine() as engine:
            upgrade(engine)

    @contextmanager
    def engine(self) -> Iterator[sa.Engine]:
        """The database, all its connections closed afterwards. What the engine has learnt (how to
        write its statements) stays, and is there in every child that is forked later."""
        try:
            yield self.database
        finally:
            self.database.dispose()

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk; its studies stay ready for the next one."""
        with self.engine() as engine:
            yield Desk(engine, self.book, self._live, self.settings)

    def make_ready(self) -> None:
        """Prepare the studies here, that no child has to."""
        with self.desk() as desk:
            desk.matcher()

    @contextmanager
    def shift(self) -> Iterator[Shift]:
        """Somebody at work for several runs, with one database and one line to the server."""
        server = self.settings.smtp
        assert server is not None
        with self.desk() as desk, SmtpTransport(server, timeout=self.timeout) as transport:
            yield Shift(desk, transport, self.clock, self.rules)

    def plan(self) -> Planned:
        """Plan what is due at the clock's time."""
        with self.shift() as shift:
            return shift.plan()

    def send(self, *, wrap: Wrap | None = None, **how: Any) -> Sent:
        """One run of the sender; `wrap` may put something of its own around its transport."""
        with self.shift() as shift:
            return shift.send(wrap=wrap, **how)

    def rows(self) -> list[Row]:
        """The ledger, oldest row first."""
        with self.desk() as desk, session(desk.engine) as opened:
            found = opened.scalars(sa.select(Delivery).order_by(delivery_table.c.id)).all()
            people = {
                person.id: desk.safe.open(person.address).decode()
                for person in opened.scalars(sa.select(Subscriber))
            }
            return [
                Row(
                    public_id=row.public_id,
                    who=people.get(row.subscriber_id),
                    kind=row.kind,
                    period=row.period,
                    state=row.state,
                    reason=row.reason,
                    attempts=row.attempts,
                )
                for row in found
            ]

    def states(self) -> dict[str, str]:
        """The state of each subscriber's newest digest, by the name before the @."""
        return {row.who.partition("@")[0]: row.state for row in self.rows() if row.who}
