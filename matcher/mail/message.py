"""Message: a mail as it goes over the wire, its headers and its two bodies."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from matcher.mail.addresses import plain_sender
from matcher.mail.cleaning import one_line
from matcher.mail.envelope import MAILBOX

LONGEST_SUBJECT = 150
LONGEST_NAME, LONGEST_WORD = 80, 60
# Printable ASCII, in one line or folded before a blank.
_VALUE = re.compile(r"(?:[!-~][ -~]{0,899}\r\n )*(?:[!-~][ -~]{0,899})?")


@dataclass(frozen=True)
class Head:
    """What the headers say.

    `name` is the sender's, `sender` and `recipient` are plain ASCII addresses; `public_id` is the
    mail's, 32 hexadecimal digits; `at` is aware. `unsubscribe` is the link by which one press
    stops these mails: with it the mail says that it is of a list, without it that it is a single
    one.
    """

    name: str
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
    for role in (head.sender, head.recipient):
        if not MAILBOX.fullmatch(role) or "=?" in role:
            raise ValueError("an address cannot be written")
    lines = [
        _line("From", _named(one_line(head.name)[:LONGEST_NAME], head.sender)),
        _line("To", head.recipient),
        _line("Subject", _encoded(one_line(head.subject)[:LONGEST_SUBJECT].rstrip(), "Subject")),
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


def _named(name: str, address: str) -> str:
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded(name, 'From')}\r\n <{address}>"


@lru_cache(maxsize=256)
def _encoded(text: str, header: str) -> str:
    """A text of any letters as it stands in a header, in lines of at most 76 letters.

    What looks like an encoded word is encoded once more: a reader would decode it, line breaks
    and all. Kept, for it is nearly always the same; so it is for nothing that is a person's.
    """
    plain = text.isascii() and "=?" not in text and max(map(len, text.split(" "))) <= LONGEST_WORD
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=header).encode(linesep="\r\n")


def _line(name: str, value: str) -> bytes:
    """A header; a long link stays in one line and is never encoded, or nobody could follow it."""
    if not _VALUE.fullmatch(value):
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
