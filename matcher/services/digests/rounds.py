"""Rounds: what a server does beside its requests: letters at once, digests in their time, order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import structlog

from matcher.crypto import SealError
from matcher.mail.transport import Transport
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import plan
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending import LETTERS, next_due, send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.renewing import sweep
from matcher.store.deliveries import KINDS
from matcher.store.errors import StoreError

PAUSE = 15.0
PLAN_EVERY = timedelta(minutes=15)
SWEEP_EVERY = timedelta(hours=1)
log = structlog.get_logger(__name__)


@dataclass
class Rounds:
    """Goes round until told to stop. Letters go out within a minute of being asked for.

    With `digests` it plans and sends these too; without it a timer calls ``matcher digest``.
    """

    desk: Desk
    make_transport: Callable[[], Transport]
    clock: Callable[[], datetime]
    digests: bool = False
    stop: Event = field(default_factory=Event)
    _planned: datetime | None = None
    _swept: datetime | None = None

    def run(self, *, pause: float = PAUSE) -> None:
        """Go round, with `pause` seconds in between, until `stop` is set."""
        while not self.stop.is_set():
            try:
                self.once()
            except StoreError as error:
                log.warning("a round was left out", what=error.what)
            except SealError:
                log.error("a round was left out", what="the data key does not open what is stored")
            except Exception as error:
                # The thread must outlive whatever one round meets: the next may fare better.
                log.error("a round broke off", kind=type(error).__name__, exc_info=True)
            self.stop.wait(pause)

    def once(self) -> None:
        """One round."""
        now = self.clock()
        decide(self.desk, now=now)
        if self.digests and _is_due(self._planned, PLAN_EVERY, now):
            recover(self.desk, now=now, rules=SendingRules())
            plan(self.desk, now=now)
            self._planned = now
        kinds = KINDS if self.digests else LETTERS
        waiting = next_due(self.desk, kinds=kinds)
        if waiting is not None and waiting <= now:
            self._send(kinds)
        if _is_due(self._swept, SWEEP_EVERY, now):
            sweep(self.desk, now=now)
            self._swept = now

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
