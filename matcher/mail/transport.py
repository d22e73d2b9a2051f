"""Transport: hands one mail after another to a server, and says what became of each."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from matcher.config import SmtpServer
from matcher.mail.deadline import Deadline
from matcher.mail.dialing import RefusedError, dial, refused
from matcher.mail.envelope import END, Envelope
from matcher.mail.line import Line
from matcher.mail.outcome import Fate, Outcome, Reply, plain, shortened

__all__ = ["Envelope", "Fate", "Outcome", "SmtpTransport", "Transport"]

MAILS_A_LINE = 100


class Transport(Protocol):
    """Whatever mails can be handed to. For one thread."""

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        """Hand one mail over. `before_dot` is asked when everything but the last dot is written;
        if it says no, or raises, the mail is not sent. Raises `ValueError` for a mail that
        cannot be sent as it is, before anything was said."""

    def close(self) -> None:
        """End the connection, if there is one. Never fails for reasons of the server's."""


class SmtpTransport:
    """A transport to an SMTP server; its connection is opened when needed and kept.

    `timeout` is for each answer and each write, in seconds; a mail, connecting included, takes at
    most `deadline` (twice the timeout), apart from what `before_dot` takes. `context` checks the
    server's certificate: against the system's authorities unless given.
    """

    def __init__(
        self,
        server: SmtpServer,
        *,
        timeout: float = 30.0,
        deadline: float | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._seconds = 2 * timeout if deadline is None else deadline
        self._context = context
        self._line: Line | None = None
        self._mails = 0
        self._unfinished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._line is not None:
            self._line.deadline = Deadline(self._timeout)
            self._line.hang_up()
        self._line = None

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        envelope.check()
        try:
            line = self._begun(envelope, Deadline(self._seconds))
            return self._offered(line, envelope) or self._written(line, envelope, before_dot)
        except RefusedError as refusal:
            self._drop()
            return refusal.outcome
        except BaseException:
            self._drop()
            raise

    def _begun(self, envelope: Envelope, deadline: Deadline) -> Line:
        """A line on which the server has taken the sender. Raises `RefusedError`."""
        if self._line is not None and self._mails >= MAILS_A_LINE:
            self._line.deadline = deadline
            self._line.hang_up()
            self._line = None
        if self._line is not None:
            try:
                return self._begun_again(self._line, envelope, deadline)
            except (OSError, RefusedError):
                # A kept line may have been closed, or be full, for reasons that a new one mends.
                self._drop()
        host = envelope.sender.rpartition("@")[2]
        self._line = line = dial(
            self._server,
            hello=host if "." in host else "[127.0.0.1]",
            timeout=self._timeout,
            deadline=deadline,
            context=self._checks,
        )
        self._mails, self._unfinished = 0, False
        try:
            self._name_sender(line, envelope)
        except OSError as error:
            reason = shortened(f"the mail server does not take our sender: {plain(error)}")
            raise RefusedError(Outcome(Fate.OURS, None, reason)) from None
        return line

    def _begun_again(self, line: Line, envelope: Envelope, deadline: Deadline) -> Line:
        line.deadline = deadline
        if self._unfinished:
            line.ask("RSET")
            self._unfinished = False
        self._name_sender(line, envelope)
        return line

    def _name_sender(self, line: Line, envelope: Envelope) -> None:
        self._mails += 1
        wide = not envelope.message.isascii() and line.has_extn("8bitmime")
        args = f"FROM:<{envelope.sender}>" + (" BODY=8BITMIME" if wide else "")
        reply = line.ask("MAIL", args)
        if reply.code != 250:
            raise refused("the mail server does not take our sender", reply, hide=_names(envelope))

    def _offered(self, line: Line, envelope: Envelope) -> Outcome | None:
        """Name the recipient and ask to write: None if the server waits for the message."""
        try:
            reply = line.ask("RCPT", f"TO:<{envelope.recipient}>")
            if reply.code not in (250, 251):
                stop = Fate.STOPPED if reply.is_dead_address() else Fate.FAILED
                return self._turned_down(reply, "the recipient was refused", envelope, stop)
            reply = line.ask("DATA")
            if reply.code != 354:
                return self._turned_down(reply, "the mail was refused", envelope, Fate.FAILED)
        except OSError as error:
            return self._cut_off(Fate.RETRY, "cut off before the message", error)
        return None

    def _written(self, line: Line, envelope: Envelope, before_dot: Callable[[], bool]) -> Outcome:
        """Write the message, look once more, then write the dot."""
        try:
            line.send(envelope.body())
        except OSError as error:
            return self._cut_off(Fate.RETRY, "cut off in the message", error)
        if not before_dot():
            self._drop()
            return Outcome(Fate.WITHHELD, None, "held back just before it was sent")
        try:
            line.deadline.left()
            if not line.is_quiet():
                raise ConnectionError("the server hung up or spoke too early")
        except OSError as error:
            return self._cut_off(Fate.RETRY, "cut off before the last dot", error)
        try:
            line.send(END)
            reply = line.answer()
        except OSError as error:
            return self._cut_off(Fate.UNCERTAIN, "cut off after the last dot", error)
        return self._answered(reply, envelope)

    def _answered(self, reply: Reply, envelope: Envelope) -> Outcome:
        """What the answer to the last dot means."""
        if reply.code == 250:
            return reply.judged("taken", fate=Fate.SENT, hide=_names(envelope))
        if reply.code < 400:
            self._drop()
            return reply.judged("an unknown answer", fate=Fate.UNCERTAIN, hide=_names(envelope))
        return self._turned_down(reply, "the message was refused", envelope, Fate.FAILED)

    def _turned_down(self, reply: Reply, what: str, envelope: Envelope, stop: Fate) -> Outcome:
        """The outcome of an answer that is not a yes; `stop` is what one for good means."""
        self._unfinished = True
        if reply.code < 400 or reply.code == 421:
            self._drop()
        fate = stop if reply.code >= 500 else Fate.RETRY
        return reply.judged(what, fate=fate, hide=_names(envelope))

    def _cut_off(self, fate: Fate, what: str, error: Exception) -> Outcome:
        self._drop()
        return Outcome(fate, None, shortened(f"{what}: {plain(error)}"))

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _checks(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context


def _names(envelope: Envelope) -> tuple[str, str]:
    return envelope.recipient, envelope.sender
