"""Sending: takes rows of the ledger and hands their mails over, whatever breaks meanwhile.

What is being sent is written down before the last dot goes out. Who finds such a row later, and
nobody at work on it, cannot know whether the mail arrived: it is `uncertain`, and never sent again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from matcher.crypto import SealError
from matcher.mail.transport import Envelope, Fate, Outcome, Transport
from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.drafting import draft_digest, draft_letter
from matcher.services.digests.holder import this_process
from matcher.services.digests.patience import patiently
from matcher.services.digests.recording import record
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending_rules import SendingRules
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.deliveries import KINDS
from matcher.store.errors import StoreError
from matcher.store.ledger import Claim, PlannedFrom

LETTERS = ("confirmation", "link")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sent:
    """How many rows came to each state in a run, and why it stopped before its end, if it did."""

    counts: Mapping[str, int]
    paused: str | None = None


@dataclass(frozen=True)
class Draft:
    """A mail that is ready, and what it was written from (None for a letter)."""

    envelope: Envelope
    planned: PlannedFrom | None


def send(
    desk: Desk,
    transport: Transport,
    *,
    now: Callable[[], datetime],
    rules: SendingRules | None = None,
    kinds: Sequence[str] = KINDS,
    only: Sequence[int] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send what is due, until nothing is left, the server refuses us or `stopping` says yes.

    `now` is the run's clock (aware). `kinds` and `only` (numbers of rows) narrow what is sent.
    `stopping` is asked before each mail; what was claimed is given back.
    Sends nothing from a restored copy. Raises `StoreError` if the database cannot be used, and
    `SealError` if the data key is not the one that rows were sealed with; rows in hand are then
    taken up by the next run.
    """
    with open_session(desk.engine) as session:
        if pausing.is_restored(session):
            return Sent({}, "this database was restored from a backup")
    run = _Run(desk, transport, now, rules or SendingRules(), tuple(kinds), only, stopping)
    return run.to_the_end()


@dataclass
class _Run:
    desk: Desk
    transport: Transport
    now: Callable[[], datetime]
    rules: SendingRules
    kinds: tuple[str, ...]
    only: Sequence[int] | None
    stopping: Callable[[], bool]
    counts: Counter[str] = field(default_factory=Counter)
    paused: str | None = None
    refused_in_a_row: int = 0

    def to_the_end(self) -> Sent:
        self.counts.update(recover(self.desk, now=self.now(), rules=self.rules))
        while not self._is_over() and (claims := self._claim()):
            for place, claim in enumerate(claims):
                self._send(claim)
                if self._is_over():
                    self._give_back(claims[place + 1 :])
                    break
        return Sent(dict(self.counts), self.paused)

    def _is_over(self) -> bool:
        return self.paused is not None or self.stopping()

    def _claim(self) -> list[Claim]:
        def take() -> list[Claim]:
            with open_session(self.desk.engine, writing=True) as session:
                found = ledger.claim(
                    session,
                    kinds=self.kinds,
                    limit=self.rules.batch,
                    now=self.now(),
                    lease=self.rules.claim_lease,
                    holder=this_process(),
                    only=self.only,
                )
                session.commit()
                return found

        return patiently(take, seconds=self.rules.patience)

    def _send(self, claim: Claim) -> None:
        draft = self._draft(claim)
        if draft is None:
            return
        # From here on the row says that it is being sent: this clock bounds what that may mean.
        begun = time.monotonic()
        try:
            outcome = self.transport.send(
                draft.envelope, before_dot=lambda: self._may_go(claim, draft, begun)
            )
        except ValueError as error:
            outcome = self.rules.unwritable(error)
        self._record(claim, outcome)

    def _draft(self, claim: Claim) -> Draft | None:
        """The mail of a row that is now `sending`; None if it came to another end."""
        try:
            return patiently(lambda: self._begun(claim), seconds=self.rules.patience)
        except (StoreError, SealError):
            raise
        except Exception as error:
            # One mail that cannot be written must not keep the others back.
            log.error("a mail could not be written", row=claim.id, kind=type(error).__name__)
            self._record(claim, self.rules.unwritable(error))
            return None

    def _begun(self, claim: Claim) -> Draft | None:
        draft = draft_digest if claim.kind == "digest" else draft_letter
        found = draft(self.desk, claim, now=self.now(), lease=self.rules.sending_lease)
        if isinstance(found, str):
            self.counts[found] += 1
            return None
        return Draft(*found)

    def _may_go(self, claim: Claim, draft: Draft, begun: float) -> bool:
        """The last look before the dot: is the row still ours, still wanted, and fresh?"""
        if time.monotonic() - begun > self.rules.timeout:
            return False
        try:
            with open_session(self.desk.engine) as session:
                wanted = ledger.may_still_send(session, claim, draft.planned)
        except StoreError:
            return False
        return wanted and time.monotonic() - begun <= self.rules.timeout

    def _record(self, claim: Claim, outcome: Outcome) -> None:
        done = patiently(
            lambda: record(self.desk, claim, outcome, now=self.now(), rules=self.rules),
            seconds=self.rules.patience,
        )
        self.counts[done.state] += 1
        self.paused = done.paused or self._pause_after_refusals(outcome)

    def _pause_after_refusals(self, outcome: Outcome) -> str | None:
        """Stop when one mail after the other is refused for good: then it is not the mails.

        Some servers say only when a recipient is named that they do not send for us at all.
        """
        self.refused_in_a_row = self.refused_in_a_row + 1 if outcome.fate is Fate.FAILED else 0
        if self.refused_in_a_row < self.rules.most_refused:
            return None
        why = f"{self.refused_in_a_row} mails in a row were refused, the last: {outcome.reason}"

        def pause() -> None:
            with open_session(self.desk.engine, writing=True) as session:
                pausing.pause(session, why, self.now())
                session.commit()

        patiently(pause, seconds=self.rules.patience)
        return why

    def _give_back(self, claims: Sequence[Claim]) -> None:
        def back() -> None:
            with open_session(self.desk.engine, writing=True) as session:
                for claim in claims:
                    ledger.finish(session, claim, state="due", reason=None, now=self.now())
                session.commit()

        patiently(back, seconds=self.rules.patience)


def next_due(desk: Desk, *, kinds: Sequence[str] = KINDS) -> datetime | None:
    """When the next row that waits may be sent, None if none waits."""
    with open_session(desk.engine) as session:
        return ledger.next_due(session, kinds=kinds)
