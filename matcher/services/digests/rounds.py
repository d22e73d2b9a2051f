"""Rounds: what a server does beside its requests: letters at once, digests in their time, order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import structlog

from matcher.crypto import SealError
from matcher.mail.transport import Transport
from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import plan
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending import LETTERS, next_due, send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.renewing import sweep
from matcher.store.database import session as open_session
from matcher.store.errors import StoreError

PAUSE = 15.0
PLAN_EVERY = timedelta(minutes=15)
SWEEP_EVERY = timedelta(hours=1)
DIGESTS = ("digest",)
log = structlog.get_logger(__name__)


@dataclass
class Rounds:
    """Two that go round until told to stop, one for letters and one for digests: letters go out
    within a minute of being asked for, however many digests are under way.

    With `digests` it plans and sends these too; without it a timer calls ``matcher digest``.
    """

    desk: Desk
    make_transport: Callable[[], Transport]
    clock: Callable[[], datetime]
    digests: bool = False
    stop: Event = field(default_factory=Event)
    _recovered: datetime | None = None
    _planned: datetime | None = None
    _swept: datetime | None = None

    def errands(self) -> dict[str, Callable[[], None]]:
        """What is to be done again and again, each in a thread of its own, by its name."""
        found = {"letters": self.do_letters}
        return {**found, "digests": self.do_digests} if self.digests else found

    def run(self, errand: Callable[[], None], *, pause: float = PAUSE) -> None:
        """Do an errand, with `pause` seconds in between, until `stop` is set."""
        while not self.stop.is_set():
            try:
                errand()
            except StoreError as error:
                log.warning("a round was left out", what=error.what)
            except SealError:
                log.error("a round was left out", what="the data key does not open what is stored")
            except Exception as error:
                # The thread must outlive whatever one round meets: the next may fare better.
                log.error("a round broke off", kind=type(error).__name__, exc_info=True)
            self.stop.wait(pause)

    def once(self) -> None:
        """One round of everything."""
        for errand in self.errands().values():
            errand()

    def do_letters(self) -> None:
        """One round of what people ask for, and of what has been kept long enough."""
        now = self.clock()
        decide(self.desk, now=now)
        if _is_due(self._recovered, PLAN_EVERY, now):
            recover(self.desk, now=now, rules=SendingRules())
            self._recovered = now
        self._send_due(LETTERS, now)
        if _is_due(self._swept, SWEEP_EVERY, now):
            sweep(self.desk, now=now)
            self._swept = now

    def do_digests(self) -> None:
        """One round of the digests."""
        now = self.clock()
        if _is_due(self._planned, PLAN_EVERY, now):
            recover(self.desk, now=now, rules=SendingRules())
            plan(self.desk, now=now)
            self._planned = now
        self._send_due(DIGESTS, now)

    def _send_due(self, kinds: tuple[str, ...], now: datetime) -> None:
        with open_session(self.desk.engine) as session:
            if not pausing.may_try(session, now):
                return
        waiting = next_due(self.desk, kinds=kinds)
        if waiting is not None and waiting <= now:
            self._send(kinds)

    def _send(self, kinds: tuple[str, ...]) -> None:
        transport = self.make_transport()
        try:
            sent = send(
                self.desk, transport, now=self.clock, kinds=kinds, stopping=self.stop.is_set
            )
        finally:
            transport.close()
        if sent.paused:
            log.warning("mails are held back", what=sent.paused)


def _is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now - last >= every
