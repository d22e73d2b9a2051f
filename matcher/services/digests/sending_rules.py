"""Sending rules: how long a sender waits, holds a row, and tries again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from matcher.mail.transport import Fate, Outcome

MARGIN = timedelta(seconds=60)


@dataclass(frozen=True)
class SendingRules:
    """`timeout`: seconds for one answer of the server (a mail takes at most twice that).

    `patience`: seconds to wait for a database that is locked. `batch`: rows claimed at once.
    `most_refused`: so many mails refused for good, one after the other, end the run.
    `backoff`: how long to wait after the first, second … "later" of a server. `give_up`: how long
    a row is tried in all.
    """

    timeout: float = 30.0
    patience: float = 60.0
    batch: int = 50
    most_refused: int = 20
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

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        return self.backoff[min(max(attempts, 1), len(self.backoff)) - 1]

    def unwritable(self, error: Exception) -> Outcome:
        """The outcome of a mail that could not be written. Its error may quote a person."""
        return Outcome(Fate.FAILED, None, f"the mail could not be written ({type(error).__name__})")
