"""Envelope: one mail as it goes to the server, checked so that it can say nothing else to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Blanks, controls and angle brackets would let an address carry a command of its own.
MAILBOX = re.compile(r"[!-;=?-~]+@[!-;=?A-~]+")
END = b"\r\n.\r\n"


@dataclass(frozen=True)
class Envelope:
    """A mail. `sender` is the return path, `recipient` a plain ASCII address, `message` the
    headers and the body in lines that end with CRLF."""

    sender: str
    recipient: str
    message: bytes

    def check(self) -> None:
        """Raises `ValueError`, without the address, for what cannot be handed to a server."""
        for role in ("sender", "recipient"):
            if not MAILBOX.fullmatch(getattr(self, role)):
                raise ValueError(f"the {role} is not a plain address, as name@host")
        lines = self.message.count(b"\r\n")
        if not lines or b"\0" in self.message:
            raise ValueError("the message is empty or holds a zero byte")
        if not lines == self.message.count(b"\r") == self.message.count(b"\n"):
            raise ValueError("the message has a line that does not end with CRLF")

    def body(self) -> bytes:
        """What is written after DATA, up to but without `END`: its dots doubled."""
        stuffed = self.message.removesuffix(b"\r\n").replace(b"\r\n.", b"\r\n..")
        return b"." + stuffed if stuffed.startswith(b".") else stuffed
