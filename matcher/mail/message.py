"""Message: a mail as it goes over the wire, its headers and its two bodies."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.utils import format_datetime
from functools import lru_cache

from matcher.mail.addresses import plain_sender
from matcher.mail.cleaning import one_line

LONGEST_SUBJECT = 150
LONGEST_VALUE = 900


@dataclass(frozen=True)
class Head:
    """What the headers say.

    `sender` is named or plain, `recipient` a plain ASCII address; `public_id` is the mail's, 32
    hexadecimal digits; `at` is aware. `unsubscribe` is the address that one press stops these
    mails at: with it the mail says that it is one of a list, without it that it is a single one.
    """

    sender: str
    recipient: str
    subject: str
    public_id: str
    at: datetime
    language: str
    unsubscribe: str | None = None


def message_id(mail_from: str, public_id: str) -> str:
    """The Message-ID of a mail, always the same one: ``<public_id@domain>``."""
    return f"<{public_id}@{_domain(mail_from)}>"


def build(head: Head, *, text: str, html: str) -> bytes:
    """The whole message in lines that end with CRLF, ASCII throughout.

    Raises `ValueError`, without the value, for a header that cannot be written.
    """
    # What is encoded holds no "=_", so this never stands in it.
    boundary = f"=_{head.public_id}"
    lines = [
        *_headers(head),
        _line("MIME-Version", "1.0"),
        _line("Content-Language", head.language),
        b"Content-Type: multipart/alternative;",
        f' boundary="{boundary}"'.encode("ascii"),
        b"",
        *_part(boundary, "plain", text),
        *_part(boundary, "html", html),
        f"--{boundary}--".encode(),
        b"",
    ]
    return b"\r\n".join(lines)


def _headers(head: Head) -> list[bytes]:
    subject = one_line(head.subject)[:LONGEST_SUBJECT].rstrip()
    lines = [
        _folded("From", one_line(head.sender)),
        _line("To", head.recipient),
        _folded("Subject", subject),
        _line("Date", format_datetime(head.at.astimezone(UTC))),
        _line("Message-ID", message_id(head.sender, head.public_id)),
        _line("Auto-Submitted", "auto-generated"),
    ]
    if head.unsubscribe:
        lines += [
            _line("List-Id", f"<digests.{_domain(head.sender)}>"),
            _line("List-Unsubscribe", f"<{head.unsubscribe}>"),
            _line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return lines


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> bytes:
    """A header that may hold any letters, encoded and folded by the standard library.

    Kept, for it is slow and nearly always the same; so it is for nothing that is a person's.
    """
    header = policy.SMTP.header_factory(name, value)
    if header.defects:
        raise ValueError(f"the header {name} cannot be written")
    folded: str = header.fold(policy=policy.SMTP)
    return folded.removesuffix("\r\n").encode("ascii")


def _line(name: str, value: str) -> bytes:
    """A header of plain letters in one line, whatever its length: the standard library would
    encode a long link, and nobody could follow it then."""
    if not value.isascii() or not value.isprintable() or len(value) > LONGEST_VALUE:
        raise ValueError(f"the header {name} cannot be written")
    return f"{name}: {value}".encode("ascii")


def _part(boundary: str, subtype: str, body: str) -> list[bytes]:
    encoded = binascii.b2a_qp(body.encode("utf-8", "replace"), istext=True)
    return [
        f"--{boundary}".encode(),
        f'Content-Type: text/{subtype}; charset="utf-8"'.encode(),
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        encoded.replace(b"\n", b"\r\n"),
    ]


def _domain(mail_from: str) -> str:
    return plain_sender(mail_from).rpartition("@")[2]
