"""Modes: how the SMTP double misbehaves, by name, for everyone or for some recipients.

A mode is a stage of the conversation and what happens there: an answer, or a deed. Those that
have no name are written as ``stage=answer``: ``rcpt=452 4.2.2 full``, ``data=drop``.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

STAGES = (
    "banner",
    "ehlo",
    "starttls",
    "handshake",
    "auth",
    "mail",
    "rcpt",
    "data",
    "body",  # while the message is read
    "dot",  # the message is there whole, and not accepted
    "accepted",  # it is in the log, and no answer was given
    "quit",
)
DROP, STALL, TRICKLE, SLOW = DEEDS = ("drop", "stall", "trickle", "slow")
EVERYWHERE = "*"

NAMED = {
    "ok": "",
    "connect_421": "banner=421 4.3.2 Too busy",
    "stalled_banner": "banner=stall",
    "drop_before_banner": "banner=drop",
    "no_starttls": "starttls=none",
    "starttls_refused": "starttls=454 4.7.0 Not now",
    "starttls_broken": "handshake=drop",
    "starttls_stalled": "handshake=stall",
    "auth_535": "auth=535 5.7.8 Wrong password",
    "mail_from_451": "mail=451 4.3.0 Not now",
    "mail_from_550": "mail=550 5.7.1 Not from you",
    "rcpt_421": "rcpt=421 4.3.2 Shutting down",
    "rcpt_451": "rcpt=451 4.2.0 Come back later",
    "rcpt_550": "rcpt=550 No",
    "rcpt_550_5_1_1": "rcpt=550 5.1.1 No such user",
    "rcpt_552_5_2_2": "rcpt=552 5.2.2 Mailbox full",
    "rcpt_550_5_7_1": "rcpt=550 5.7.1 Not wanted",
    "rcpt_stall": "rcpt=stall",
    "data_451": "data=451 4.3.0 Not now",
    "data_554": "data=554 5.5.1 No",
    "drop_mid_data": "body=drop",
    "stop_reading": "body=stall",
    "after_dot_421": "dot=421 4.3.2 Shutting down",
    "after_dot_451": "dot=451 4.3.0 Come back later",
    "after_dot_550_5_1_1": "dot=550 5.1.1 No such user",
    "after_dot_550_5_7_1": "dot=550 5.7.1 Looks like spam",
    "after_dot_552": "dot=552 Too big",
    "accept_then_drop": "accepted=drop",
    "accept_then_stall": "accepted=stall",
    "accept_then_trickle": "accepted=trickle",
    "accept_then_garbage": "accepted=\x01\x02 what",
    "quit_drop": "quit=drop",
    "quit_stall": "quit=stall",
    "one_byte_a_second": "*=trickle",
    "slow_ok": "*=slow",
}


@dataclass(frozen=True)
class Mode:
    """What happens at a stage, or with every answer; an empty stage is no mischief at all."""

    stage: str = ""
    deed: str = ""

    def at(self, stage: str) -> str:
        """The answer or the deed at just this stage; empty for what is usual there."""
        return self.deed if self.stage == stage else ""

    def manner(self) -> str:
        """How every answer is given: empty for at once."""
        return self.deed if self.stage == EVERYWHERE else ""


def parsed(text: str) -> Mode:
    """The mode of a name or of ``stage=answer``. Raises `ValueError`."""
    stage, _, deed = NAMED.get(text, text).partition("=")
    if text not in NAMED and (not deed or stage not in (*STAGES, EVERYWHERE)):
        raise ValueError(f"no mode {text!r}; there are {', '.join(NAMED)} and stage=answer")
    return Mode(stage, deed)


class Board:
    """The file that says which mode is on; read anew whenever it was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._mode = Mode()
        self._some: tuple[tuple[str, Mode], ...] = ()

    def write(self, mode: str, some: dict[str, str]) -> None:
        """Set the mode for everyone, and those for recipients that hold a text."""
        for name in (mode, *some.values()):
            parsed(name)
        draft = self._path.with_name(f"{self._path.name}.draft")
        draft.write_text(json.dumps({"mode": mode, "some": some}), encoding="utf-8")
        draft.replace(self._path)

    def mode(self, recipient: str = "") -> Mode:
        """The mode that is on for a recipient, or before one was named."""
        self._look()
        for part, mode in self._some:
            if recipient and part in recipient:
                return mode
        return self._mode

    def _look(self) -> None:
        state = os.stat(self._path)
        seen = (state.st_mtime_ns, state.st_ino)
        if seen == self._seen:
            return
        told = json.loads(self._path.read_text(encoding="utf-8"))
        self._mode = parsed(told["mode"])
        self._some = tuple((part, parsed(name)) for part, name in told["some"].items())
        self._seen = seen
