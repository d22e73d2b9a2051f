"""Header injection: whatever stands in a name, a title or an address, no header is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from matcher.mail.addresses import AddressError, parse_address
from matcher.mail.cleaning import one_line
from matcher.mail.message import build
from tests.mail.mails import HEAD, parsed

BREAKS = (
    "\r\n", "\n", "\r", "\n\n", "\r\n\r\n", "\r\n ", "\n\t", "\x00", "\x00\r\n", "\x0b", "\x0c",
    "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "%0d%0a", "%0A", "\\r\\n", "=0D=0A",
    "=?utf-8?q?=0d=0a?=", "=?utf-8?b?DQo=?=", "\u560d\u560a", "\ud83d\r\n",
)  # fmt: skip
ADDED = (
    "Bcc: victim@example.org", "To: victim@example.org", "Subject: another", "X-Evil: 1",
    "Content-Type: text/html", "Content-Transfer-Encoding: base64", "From: bank@example.org",
    "\r\n<html>", "--=_0123456789abcdef0123456789abcdef--", "Reply-To: evil@example.org",
    "MIME-Version: 2.0",
)  # fmt: skip
SHAPES = ("{before}{crlf}{added}", "{crlf}{added}")
ODD = (
    '"', '""', "'", "\\", '\\"', "<", ">", "<>", "(", ")", "((", ",", ";", ":", "@", "[", "]", "%",
    "a@b", "<a@b>", "A <a@b>", '"A" <a@b>', "a, b", "a; b", "group: a, b;", "=?", "?=", "=??q??=",
    "=?utf-8?q?=3C?=", "=?x?y?z?=", "\u202eabc", "\u2066abc\u2069", "\u200b", "\ufeff", "\ud800",
    "\udfff\ud800", "\U0001f600" * 60, "é" * 400, "a" * 5000, " " * 300, "\t", "\x7f", "\x1b[31m",
    "\u0301" * 50, "", " ", ".", "..", "-- ", "\u00a0",
)  # fmt: skip


def strings() -> Iterator[str]:
    for crlf in BREAKS:
        for added in ADDED:
            for shape in SHAPES:
                yield shape.format(before="news", crlf=crlf, added=added)
    yield from ODD


STRINGS = tuple(dict.fromkeys(strings()))
NAMES = sorted(
    (
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id",
        "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Language",
        "Content-Type",
    )
)  # fmt: skip
FIELDS = ("subject", "name", "sender", "recipient", "unsubscribe", "language")
FREE = {"subject": "Subject", "name": "From"}
"""What holds any words; what stands in the others was parsed or made by ourselves before."""

PLAIN = {"sender": "From", "recipient": "To"}


def test_there_are_enough_of_them() -> None:
    assert len(STRINGS) >= 500


@pytest.mark.parametrize("field", FIELDS)
def test_no_header_is_added_or_changed(field: str) -> None:
    for text in filter(None, STRINGS):
        try:
            head = replace(HEAD, **{field: text})
            mail = parsed(build(head, text="Text.\n", html="<p>Text.</p>\n"))
        except ValueError:
            assert field not in FREE, repr(text)
            continue
        assert sorted(mail.keys()) == NAMES, repr(text)
        kinds = [part.get_content_type() for part in mail.iter_parts()]
        assert kinds == ["text/plain", "text/html"], repr(text)
        if header := FREE.get(field):
            assert not mail[header].defects, repr(text)
        for role, header in PLAIN.items():
            if field in (role, "name", "subject"):
                meant = text if field == role else getattr(HEAD, role)
                assert [one.addr_spec for one in mail[header].addresses] == [meant], repr(text)


def test_no_such_text_is_an_address() -> None:
    for text in STRINGS:
        for typed in (text, f"{text}@example.org", f"ana@{text}", f"ana@example.org{text}"):
            try:
                address = parse_address(typed)
            except AddressError:
                continue
            assert address.text.isascii()
            assert address.text.isprintable()
            assert address.text.count("@") == 1
            assert not set(' "(),:;<>[\\]%') & set(address.text)


def test_one_line_has_no_other() -> None:
    for text in STRINGS:
        assert len(one_line(text).splitlines()) <= 1
        assert one_line(text) == "" or one_line(text).isprintable()
