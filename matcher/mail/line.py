"""Line: one connection to a mail server, on which no wait outlasts its deadline."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from matcher.mail.deadline import Deadline
from matcher.mail.outcome import Reply

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])([^\r]*))?\r?")
LONGEST_REPLY = 65_536
GOODBYE_SECONDS = 2.0


class Line(smtplib.SMTP):
    """A conversation over a connected socket. Each answer and each write has `timeout` seconds,
    and together they end at `deadline`, which its user renews for every mail.

    The standard library's own waits are per read, so that an answer of one byte a second never
    ends, and it takes half an answer for a whole one; hence reading and writing are done here.
    What goes wrong is an `OSError`.
    """

    def __init__(
        self, wire: socket.socket, *, hello: str, timeout: float, deadline: Deadline
    ) -> None:
        super().__init__(local_hostname=hello, timeout=timeout)
        self.sock = wire
        self.deadline = deadline
        self._wait = timeout
        self._unread = b""

    def ask(self, command: str, args: str = "") -> Reply:
        """Say a command; the answer to it."""
        self.putcmd(command, args)
        return self.answer()

    def answer(self) -> Reply:
        """The next answer of the server."""
        code, text = self.getreply()
        return Reply(code, text.decode("utf-8", errors="replace"))

    def putcmd(self, cmd: str, args: str = "") -> None:
        if self._unread:
            raise smtplib.SMTPException("the server answers what nobody asked")
        super().putcmd(cmd, args)

    def send(self, s: ReadableBuffer | str) -> None:
        limit, wire = self.deadline.within(self._wait), self._wire()
        rest = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        while rest:
            wire.settimeout(limit.left())
            rest = rest[wire.send(rest) :]

    def getreply(self) -> tuple[int, bytes]:
        limit = self.deadline.within(self._wait)
        code, texts, size = b"", list[bytes](), 0
        while True:
            line = self._next_line(limit)
            size += len(line)
            found = REPLY_LINE.fullmatch(line)
            if not found or (texts and found[1] != code) or size > LONGEST_REPLY:
                raise smtplib.SMTPException("an answer that is not SMTP")
            code = found[1]
            texts.append((found[3] or b"").strip())
            if found[2] != b"-":
                return int(code), b"\n".join(texts)

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Encrypt from here on; what was learnt in clear text is forgotten. (What was added to
        it in clear text is unread, so that the next command is not said.)"""
        wire = self._wire()
        wire.settimeout(self.deadline.within(self._wait).left())
        self.sock = context.wrap_socket(wire, server_hostname=host)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def is_quiet(self) -> bool:
        """Whether the server is still there and has said nothing yet."""
        if self._unread:
            return False
        wire = self._wire()
        wire.settimeout(0)
        try:
            self._unread = wire.recv(8192)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        return False

    def hang_up(self) -> None:
        """Take leave, without waiting long for the answer, and close. Never raises `OSError`."""
        self.deadline = self.deadline.within(GOODBYE_SECONDS)
        with suppress(OSError):
            self.ask("QUIT")
        self.close()

    def _next_line(self, limit: Deadline) -> bytes:
        """The next line of the server, without its line feed."""
        wire = self._wire()
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_REPLY:
                raise smtplib.SMTPException("an answer that is not SMTP")
            wire.settimeout(limit.left())
            more = wire.recv(8192)
            if not more:
                raise ConnectionError("the server hung up")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _wire(self) -> socket.socket:
        if self.sock is None:
            raise ConnectionError("the line is closed")
        return self.sock
