"""Doctor: whether the mail server would take our mails, and what the sender's domain needs.

Goes as far as naming a sender; it never names a recipient, so that nothing is sent.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from matcher.config import SmtpServer
from matcher.mail.deadline import Deadline
from matcher.mail.dialing import RefusedError, dial
from matcher.mail.line import Line
from matcher.mail.outcome import Fate, plain

TIMEOUT = 15.0
EXAMPLE = "0" * 42


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    MISSING = "missing"
    TO_DO = "to do"
    """It cannot be seen from here: somebody has to look."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it stands, what was found, how to mend or check it."""

    what: str
    state: State
    found: str
    mend: str = ""


def ask_server(server: SmtpServer, mail_from: str, *, timeout: float = TIMEOUT) -> list[Finding]:
    """Talk to the mail server as before a mail: encryption, user, sender. Sends nothing."""
    host = f"{server.host}:{server.port}"
    address = parseaddr(mail_from)[1]
    domain = address.rpartition("@")[2]
    try:
        line = dial(
            server,
            hello=domain if "." in domain else "[127.0.0.1]",
            timeout=timeout,
            deadline=Deadline(2 * timeout),
            context=ssl.create_default_context,
        )
    except RefusedError as error:
        mend = "Mend MATCHER_SMTP_URL, or ask whoever runs the mail server."
        return [Finding("mail server", State.MISSING, f"{host}: {error.outcome.reason}", mend)]
    try:
        return [_greeted(server, host), _encrypted(server, line), _sender(line, address)]
    finally:
        line.hang_up()


def _greeted(server: SmtpServer, host: str) -> Finding:
    who = "with user and password" if server.user else "without a user"
    return Finding("mail server", State.OK, f"{host} answers and takes us {who}")


def _encrypted(server: SmtpServer, line: Line) -> Finding:
    if isinstance(line.sock, ssl.SSLSocket):
        return Finding("encryption", State.OK, f"{line.sock.version()}, its certificate is trusted")
    found = "the way to the mail server is not encrypted"
    if server.security == "none":
        return Finding("encryption", State.TO_DO, f"{found} (?tls=none)", "Use it only at home.")
    return Finding("encryption", State.OK, f"{found}; it does not leave this machine")


def _sender(line: Line, address: str) -> Finding:
    local, _, domain = address.rpartition("@")
    return_path = f"{local}+b{EXAMPLE}@{domain}"
    if len(local) + len(EXAMPLE) + 2 > 64:
        mend = "Use a shorter address in MATCHER_MAIL_FROM."
        found = "the sender is too long for a return path of each mail's own"
        return Finding("sender", State.MISSING, found, mend)
    try:
        reply = line.ask("MAIL", f"FROM:<{return_path}>")
        if reply.code == 250:
            line.ask("RSET")
    except OSError as error:
        return Finding("sender", State.MISSING, plain(error), "Ask who runs the mail server.")
    if reply.code == 250:
        return Finding("sender", State.OK, f"the server takes mails from …@{domain}")
    mend = f"Let this user send as {local}@{domain} and as {local}+anything@{domain}."
    outcome = reply.judged("refused", fate=Fate.OURS, hide=(return_path,))
    return Finding("sender", State.MISSING, outcome.reason, mend)


def domain_records(mail_from: str, smtp_host: str) -> list[Finding]:
    """What has to stand in the domain's DNS, with the commands that show it.

    This program asks no name server for such records: each is to be looked at.
    """
    local, _, domain = parseaddr(mail_from)[1].rpartition("@")
    return [
        Finding(
            "SPF",
            State.TO_DO,
            f"{domain} says which servers may send for it: "
            f'TXT "v=spf1 … -all" that includes {smtp_host}',
            f"Check: dig +short TXT {domain}",
        ),
        Finding(
            "DKIM",
            State.TO_DO,
            f"the mail server signs with a key of {domain}, and with List-Unsubscribe and "
            "List-Unsubscribe-Post among the signed headers (one-click needs it)",
            f"Check: dig +short TXT SELECTOR._domainkey.{domain} (your mail server names SELECTOR)",
        ),
        Finding(
            "DMARC",
            State.TO_DO,
            f'_dmarc.{domain} TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}"',
            f"Check: dig +short TXT _dmarc.{domain}",
        ),
        Finding(
            "MX and reports",
            State.TO_DO,
            f"{domain} takes mail, and what comes to {local}+anything@{domain} is given to: "
            "matcher mail bounce -",
            f"Check: dig +short MX {domain}. Postfix: recipient_delimiter = + and in the aliases "
            f'{local}: "|matcher mail bounce -"',
        ),
        Finding(
            "complaints",
            State.TO_DO,
            "the feedback loops of the large mailbox providers send complaints to an address that "
            "is given to: matcher mail bounce -",
            "Sign the domain up with each provider's postmaster service.",
        ),
    ]
