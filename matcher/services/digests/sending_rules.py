"""Sending rules: how long a sender waits, holds a row, and tries again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from matcher.mail.transport import Fate, Outcome

MARGIN = timedelta(seconds=60)


@dataclass(frozen=True)
class SendingRules:
    """`timeout`: seconds for one answer of the server (a mail takes at most twice that).

    `patience`: seconds to wait for a database that is locked. `batch`: rows claimed at once.
    `most_refused`: so many mails refused for good, and none taken in between, end the run;
    `refused_wait`: what they wait then. `backoff`: how long to wait after the first, second …
    "later" of a server. `give_up`: how long a row is tried in all.
    """

    timeout: float = 30.0
    patience: float = 60.0
    batch: int = 50
    most_refused: int = 20
    refused_wait: timedelta = timedelta(hours=1)
    claim_lease: timedelta = timedelta(minutes=15)
    backoff: tuple[timedelta, ...] = (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(hours=6),
        timedelta(hours=12),
    )
    give_up: timedelta = timedelta(hours=72)

    @property
    def sending_lease(self) -> timedelta:
        """How long a row may be `sending`: the mail's longest time, and that of a locked
        database afterwards. Whoever is still at it then does not send the dot any more."""
        return timedelta(seconds=2 * self.timeout + self.patience) + MARGIN

    def wait(self, since_first: timedelta) -> timedelta:
        """How long to wait after a "later", so long after the first one."""
        starts = accumulate(self.backoff[:-1], initial=timedelta())
        begun = sum(start <= since_first for start in starts)
        return self.backoff[max(begun, 1) - 1]

    def too_late(self) -> Outcome:
        """The outcome of a mail that took so long that its last look no longer counts."""
        return Outcome(Fate.RETRY, None, "the server took the message too slowly to be sure of it")

    def unwritable(self, error: Exception) -> Outcome:
        """The outcome of a mail that could not be written. Its error may quote a person."""
        return Outcome(Fate.FAILED, None, f"the mail could not be written ({type(error).__name__})")
