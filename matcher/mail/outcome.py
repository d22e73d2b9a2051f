"""Outcome: what became of one mail, and the server's answer it is known from."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from enum import StrEnum

LONGEST_REASON = 200
LONGEST_QUOTE = 1000
HIDDEN = "[address]"
MAILBOX_LIKE = re.compile(r"""(?:"[^"]*"|[^\s<>()\[\]:;,"]+)(?:@|%40)[^\s<>()\[\]:;,"]+""")
# X.1.7 and X.1.8 are about the sender: some servers say so only when a recipient is named.
DEAD_ADDRESS = re.compile(r"5\.1\.(?![78]\b)[0-9]")


class Fate(StrEnum):
    """What became of a mail, for the row that it belongs to."""

    SENT = "sent"
    """A 250 was read after the last dot."""
    RETRY = "retry"
    """Refused for now, or cut off before the last dot: the server has not taken it."""
    FAILED = "failed"
    """Refused for good."""
    STOPPED = "stopped"
    """Refused for good, and so will be everything else to this address."""
    UNCERTAIN = "uncertain"
    """The last dot was begun and no answer was read: it may have arrived or not."""
    OURS = "ours"
    """The server refuses us, not this mail: nothing was sent, and the next would fare alike."""
    WITHHELD = "withheld"
    """The caller's last look said no: nothing was sent."""


@dataclass(frozen=True)
class Outcome:
    """The fate of a mail, the code of the answer that decided it (None if there was none), and a
    plain reason of at most 200 characters that names no address."""

    fate: Fate
    code: int | None
    reason: str


@dataclass(frozen=True)
class Reply:
    """An answer of the server: its code, 200 to 599, and its text."""

    code: int
    text: str

    def is_dead_address(self) -> bool:
        """Whether its text says that there is no such mailbox, host or domain."""
        return bool(DEAD_ADDRESS.match(self.text))

    def judged(self, what: str, *, fate: Fate, hide: tuple[str, ...] = ()) -> Outcome:
        """The outcome that this answer decides; every address in its text is masked, and so
        are the addresses in `hide` and what stands before their @."""
        reason = f"{what}: {self.code} {quoted(self.text, hide=hide)}".rstrip()
        return Outcome(fate, self.code, shortened(reason))


def quoted(text: str, *, hide: tuple[str, ...] = ()) -> str:
    """A server's words in one line, without addresses."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > LONGEST_QUOTE:
        line = line[:LONGEST_QUOTE].rpartition(" ")[0]
    for address in hide:
        line = re.sub(re.escape(address), HIDDEN, line, flags=re.IGNORECASE)
    line = MAILBOX_LIKE.sub(HIDDEN, line)
    for address in hide:
        local = address.partition("@")[0]
        for name in (local, local.partition("+")[0]):
            if name:
                line = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", HIDDEN, line)
    return line


def plain(error: Exception) -> str:
    """What went wrong on the line, in a few words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
    if isinstance(error, ssl.SSLError):
        return f"the encryption failed ({error.reason or 'no reason given'})"
    strerror = getattr(error, "strerror", None)
    return strerror[:1].lower() + strerror[1:] if strerror else quoted(str(error))


def shortened(reason: str) -> str:
    """The reason, cut to the longest that a row keeps."""
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
