"""Refusals: mails that a run was told are refused for good, until it knows whom that is about.

Some servers say only when a recipient is named that they do not send for us at all, and some say
so as if there were no such mailbox. So a refusal counts once another mail was taken, or the run
came to its end with few of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from matcher.mail.transport import Outcome
from matcher.store.ledger import Claim


@dataclass
class Refusals:
    """Those since the last mail that was taken; `most` of them in a row end the run."""

    most: int
    held: list[tuple[Claim, Outcome]] = field(default_factory=list)

    def add(self, claim: Claim, outcome: Outcome) -> str | None:
        """One more; why the run has to stop, if it has to."""
        self.held.append((claim, outcome))
        if len(self.held) < self.most:
            return None
        told = "a mail was" if self.most == 1 else f"{len(self.held)} mails in a row were"
        return f"{told} refused, the last: {outcome.reason}"

    def take(self) -> list[tuple[Claim, Outcome]]:
        """Those that are held, which then are so no longer."""
        taken, self.held = self.held, []
        return taken
