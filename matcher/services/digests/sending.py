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
from functools import partial

import structlog

from matcher.crypto import SealError
from matcher.mail.transport import Envelope, Fate, Outcome, Transport
from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.drafting import draft_digest, draft_letter
from matcher.services.digests.holder import this_process
from matcher.services.digests.patience import patiently
from matcher.services.digests.recording import REFUSED, record, settle
from matcher.services.digests.recovering import recover
from matcher.services.digests.refusals import Refusals
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.keys import keys_fit
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.deliveries import KINDS
from matcher.store.errors import StoreError
from matcher.store.ledger import Claim, PlannedFrom

LETTERS = ("confirmation", "link")
RESTORED = "this database was restored from a backup"
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
    `stopping` is asked before each mail; what was claimed is given back. Where the last run was
    stopped by refusals, this one begins with a single mail. Sends nothing from a restored copy.

    Raises `StoreError` if the database cannot be used (what was in hand is taken up by the next
    run), and `SealError` if the keys are not those of this database (what was in hand stays due).
    """
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
    is_probe: bool = False
    refusals: Refusals = field(init=False)

    def to_the_end(self) -> Sent:
        with open_session(self.desk.engine) as session:
            if pausing.is_restored(session):
                return Sent({}, RESTORED)
            self.is_probe = pausing.is_refused(session)
        self.refusals = Refusals(1 if self.is_probe else self.rules.most_refused)
        self.counts.update(recover(self.desk, now=self.now(), rules=self.rules))
        while not self._is_over() and (claims := self._claim()):
            self._work(claims)
        self._settle()
        return Sent(dict(+self.counts), self.paused)

    def _is_over(self) -> bool:
        return self.paused is not None or self.stopping()

    def _work(self, claims: Sequence[Claim]) -> None:
        for place, claim in enumerate(claims):
            try:
                self._send(claim)
            except SealError:
                self._give_back(claims[place:])
                raise
            if self._is_over():
                self._give_back(claims[place + 1 :])
                return

    def _claim(self) -> list[Claim]:
        def take() -> list[Claim]:
            with open_session(self.desk.engine, writing=True) as session:
                if pausing.is_restored(session):
                    self.paused = RESTORED
                    return []
                found = ledger.claim(
                    session,
                    kinds=self.kinds,
                    limit=1 if self.is_probe else self.rules.batch,
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
        if outcome.fate is Fate.WITHHELD and self._is_late(begun):
            outcome = self.rules.too_late()
        self._record(claim, outcome)

    def _draft(self, claim: Claim) -> Draft | None:
        """The mail of a row that is now `sending`; None if it came to another end."""
        try:
            return patiently(lambda: self._begun(claim), seconds=self.rules.patience)
        except StoreError:
            raise
        except Exception as error:
            if isinstance(error, SealError) and not self._keys_fit():
                raise
            # One mail that cannot be written must not keep the others back.
            log.error("a mail could not be written", row=claim.id, kind=type(error).__name__)
            self._record(claim, self.rules.unwritable(error))
            return None

    def _keys_fit(self) -> bool:
        with open_session(self.desk.engine) as session:
            return keys_fit(session, self.desk.settings)

    def _begun(self, claim: Claim) -> Draft | None:
        draft = draft_digest if claim.kind == "digest" else draft_letter
        found = draft(self.desk, claim, now=self.now(), lease=self.rules.sending_lease)
        if isinstance(found, str):
            self.counts[found] += 1
            return None
        return Draft(*found)

    def _may_go(self, claim: Claim, draft: Draft, begun: float) -> bool:
        """The last look before the dot: is the row still ours, still wanted, and fresh?"""
        if self._is_late(begun):
            return False
        try:
            with open_session(self.desk.engine) as session:
                wanted = ledger.may_still_send(session, claim, draft.planned)
        except StoreError:
            return False
        return wanted and not self._is_late(begun)

    def _is_late(self, begun: float) -> bool:
        return time.monotonic() - begun > self.rules.timeout

    def _record(self, claim: Claim, outcome: Outcome) -> None:
        done = patiently(
            lambda: record(self.desk, claim, outcome, now=self.now(), rules=self.rules),
            seconds=self.rules.patience,
        )
        self.paused = done.paused
        if outcome.fate in REFUSED and done.state != "lost":
            self._hold(claim, outcome)
            return
        self.counts[done.state] += 1
        if outcome.fate is Fate.SENT:
            self._settle()
            self.is_probe, self.refusals.most = False, self.rules.most_refused

    def _hold(self, claim: Claim, outcome: Outcome) -> None:
        """Stop when one mail after the other is refused for good: then it is not the mails."""
        why = self.refusals.add(claim, outcome)
        if why is None:
            return

        def pause() -> None:
            with open_session(self.desk.engine, writing=True) as session:
                pausing.pause(session, why, self.now(), by_refusals=True)
                session.commit()

        patiently(pause, seconds=self.rules.patience)
        self.paused = why
        self.counts["due"] += len(self.refusals.take())

    def _settle(self) -> None:
        """The server takes other mails, or nothing is left: what it refused has failed."""
        for claim, outcome in self.refusals.take():
            believe = partial(settle, self.desk, claim, outcome, now=self.now())
            self.counts[patiently(believe, seconds=self.rules.patience)] += 1

    def _give_back(self, claims: Sequence[Claim]) -> None:
        def back() -> None:
            with open_session(self.desk.engine, writing=True) as session:
                for claim in claims:
                    # What is being sent is never given back: its last dot may be out already.
                    ledger.finish(
                        session,
                        claim,
                        state="due",
                        reason=None,
                        now=self.now(),
                        held=("claimed",),
                    )
                session.commit()

        patiently(back, seconds=self.rules.patience)


def next_due(desk: Desk, *, kinds: Sequence[str] = KINDS) -> datetime | None:
    """When the next row that waits may be sent, None if none waits."""
    with open_session(desk.engine) as session:
        return ledger.next_due(session, kinds=kinds)
