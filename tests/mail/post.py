"""Post: mails for the tests of the transport, and the double that they are handed to."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from matcher.config import SmtpServer
from matcher.mail.transport import Envelope, Outcome, SmtpTransport
from tests.lab.smtp_double import SmtpDouble

SENDER = "digest+k7f3@charity.test"
MESSAGE = b"Subject: News\r\n\r\nHello.\r\n"
# Long enough never to pass by chance, and short enough to wait for.
PATIENT, SHORT = 30.0, 0.4
numbers = itertools.count(1)


def yes() -> bool:
    return True


def envelope(name: str = "reader", *, message: bytes = MESSAGE) -> Envelope:
    """A mail to an address that no other mail went to."""
    return Envelope(SENDER, f"{name}{next(numbers)}@example.test", message)


def clear(double: SmtpDouble, *, security: str = "none", host: str = "127.0.0.1") -> SmtpServer:
    return SmtpServer(host, double.port, security)


def send(
    double: SmtpDouble,
    mail: Envelope,
    *,
    timeout: float = PATIENT,
    before_dot: Callable[[], bool] = yes,
) -> Outcome:
    """Hand one mail over on a line of its own."""
    with SmtpTransport(clear(double), timeout=timeout) as transport:
        return transport.send(mail, before_dot=before_dot)


def accepted(double: SmtpDouble, mail: Envelope) -> list[bytes]:
    """The messages that the double accepted for the recipient of this mail."""
    return [one.message for one in double.accepted() if mail.recipient in one.recipients]
