"""Dialing: a line to the mail server, opened, encrypted and logged in as its settings say."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable

from matcher.config import SmtpServer
from matcher.mail.deadline import Deadline
from matcher.mail.line import Line
from matcher.mail.outcome import Fate, Outcome, Reply, plain, shortened
from matcher.mail.resolving import addresses


class RefusedError(Exception):
    """The server does not take anything from us; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def dial(
    server: SmtpServer,
    *,
    hello: str,
    timeout: float,
    deadline: Deadline,
    context: Callable[[], ssl.SSLContext],
) -> Line:
    """A line that is ready for mails. `hello` is the host that we say we are; `context` makes
    what checks the server's certificate. Raises `RefusedError`."""
    try:
        wire = _connected(server.host, server.port, limit=deadline.within(timeout))
    except (OSError, ValueError) as error:
        raise _refused("the mail server cannot be reached", error) from None
    line = Line(wire, hello=hello, timeout=timeout, deadline=deadline)
    try:
        _greet(line, server, context)
        _log_in(line, server)
    except BaseException:
        line.close()
        raise
    return line


def refused(what: str, reply: Reply, *, hide: tuple[str, ...] = ()) -> RefusedError:
    """The refusal that an answer is, without the addresses in `hide`."""
    return RefusedError(reply.judged(what, fate=Fate.OURS, hide=hide))


def _refused(what: str, error: Exception | None = None) -> RefusedError:
    reason = f"{what}: {plain(error)}" if error else what
    return RefusedError(Outcome(Fate.OURS, None, shortened(reason)))


def _connected(host: str, port: int, *, limit: Deadline) -> socket.socket:
    """A connected socket; each address of the host gets its share of the time."""
    found = addresses(host, port, limit=limit)
    problem: OSError = OSError("its name has no address")
    for number, (family, kind, protocol, _, where) in enumerate(found):
        wire = socket.socket(family, kind, protocol)
        try:
            wire.settimeout(limit.left() / (len(found) - number))
            wire.connect(where)
            # The last dot must not wait for the body to be acknowledged.
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            wire.close()
            problem = error
        else:
            return wire
    raise problem


def _greet(line: Line, server: SmtpServer, context: Callable[[], ssl.SSLContext]) -> None:
    try:
        if server.security == "tls":
            line.secure(context(), server.host)
        greeting = line.answer()
        if greeting.code != 220:
            raise refused("the mail server does not greet us", greeting)
        line.ehlo_or_helo_if_needed()
        if server.security in ("starttls", "if_offered"):
            _encrypt(line, server, context)
    except smtplib.SMTPResponseException as error:
        raise _refused(f"the mail server refuses our greeting: {error.smtp_code}") from None
    except (OSError, ValueError) as error:
        raise _refused("the mail server cannot be talked to", error) from None


def _encrypt(line: Line, server: SmtpServer, context: Callable[[], ssl.SSLContext]) -> None:
    if not line.has_extn("starttls"):
        if server.security == "if_offered":
            return
        raise _refused(
            "the mail server offers no encryption (STARTTLS): "
            "use smtps:// if it has it, or ?tls=none if the way to it is safe"
        )
    ready = line.ask("STARTTLS")
    if ready.code != 220:
        raise refused("the mail server refuses to encrypt", ready)
    line.secure(context(), server.host)
    line.ehlo_or_helo_if_needed()


def _log_in(line: Line, server: SmtpServer) -> None:
    # The server's own words are not repeated: some quote what they were given.
    if server.user is None:
        return
    try:
        line.login(server.user, server.password or "")
    except smtplib.SMTPResponseException as error:
        outcome = Outcome(
            Fate.OURS, error.smtp_code, "the mail server refuses the user or the password"
        )
        raise RefusedError(outcome) from None
    except smtplib.SMTPNotSupportedError:
        raise _refused("the mail server takes no user and password here") from None
    except ValueError:
        raise _refused("the user or the password holds a letter that cannot be sent") from None
    except OSError as error:
        raise _refused("the mail server does not let us log in", error) from None
