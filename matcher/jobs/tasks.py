"""Tasks: what a worker does, each thing complete in itself and safe to do twice or at once.

What there is to do is always read from the ledger; a job or a tick only says when to look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import Session

from matcher.jobs.queue import enqueue, enqueue_forgotten
from matcher.mail.transport import Transport
from matcher.services.digests import pausing, planning
from matcher.services.digests.desk import Desk
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending import send
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing import renewing
from matcher.services.subscribing.deciding import decide
from matcher.store.database import session as open_session


class StoppedError(Exception):
    """The worker was told to stop; what was begun is undone, and done again later."""


@dataclass(frozen=True)
class Work:
    """All tasks, over one desk. `transport` opens a new one for each task, closed at its end.

    `stopping` says whether the worker was told to stop: tasks then end at the next safe place.
    """

    desk: Desk
    transport: Callable[[], Transport]
    stopping: Callable[[], bool] = lambda: False
    rules: SendingRules = field(default_factory=SendingRules)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send_rows(self, ids: Sequence[int]) -> None:
        """Send these rows as far as they are due."""
        if not self._is_held():
            self._send(ids, stopping=self.stopping)

    def catch_up(self) -> None:
        """Each minute: decide on sign-ups, take back what others dropped, and put on the queue
        whatever is due and not on it."""
        with open_session(self.desk.engine) as session:
            if pausing.is_restored(session):
                return
        decide(self.desk, now=self.now())
        recover(self.desk, now=self.now(), rules=self.rules)
        if self._is_held() and self._may_try():
            # One task asks whether the server takes mails again, not every one that waits.
            self._send(None, stopping=lambda: self.stopping() or not self._is_held())
        if self.stopping() or self._is_held():
            return
        with open_session(self.desk.engine, writing=True) as session:
            enqueue_forgotten(session, now=self.now())
            session.commit()

    def plan(self) -> None:
        """Plan the digests that are due, each batch put on the queue as it is committed."""
        with open_session(self.desk.engine) as session:
            if pausing.is_restored(session):
                return
        planning.plan(self.desk, now=self.now(), enqueue=self._enqueue)

    def sweep(self) -> None:
        """Erase what has been kept long enough."""
        renewing.sweep(self.desk, now=self.now())

    def _enqueue(self, session: Session, ids: Sequence[int]) -> None:
        if self.stopping():
            raise StoppedError
        enqueue(session, ids)

    def _send(self, ids: Sequence[int] | None, *, stopping: Callable[[], bool]) -> None:
        transport = self.transport()
        try:
            send(
                self.desk,
                transport,
                now=self.now,
                rules=self.rules,
                only=ids,
                stopping=stopping,
            )
        finally:
            transport.close()

    def _may_try(self) -> bool:
        with open_session(self.desk.engine) as session:
            return pausing.may_try(session, self.now())

    def _is_held(self) -> bool:
        """Whether nothing is sent: the server refuses us, or this is a restored copy."""
        with open_session(self.desk.engine) as session:
            return pausing.paused(session) is not None or pausing.is_restored(session)
