"""Message: a mail that every parser takes, with the headers that mails of a list need."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from matcher.mail.envelope import Envelope
from matcher.mail.message import Head, build, message_id
from tests.mail.mails import HEAD, NAME, NOON, STOP, body_of, defects_of, parsed

TEXT = "Reseñas – “comillas” ✓\n\n.a dot\n..two\nFrom here\n" + "long " * 300 + "\n" + "x" * 3000
HTML = "<p lang='es'>" + "áéíóú <b>=3D</b> " * 2000 + "</p>\n.\n" + "y" * 5000 + "\n"


def built(head: Head = HEAD, *, text: str = TEXT, html: str = HTML) -> bytes:
    return build(head, text=text, html=html)


def test_both_bodies_come_out_as_they_went_in() -> None:
    message = built()
    assert defects_of(parsed(message)) == []
    assert body_of(message, "plain").rstrip("\n") == TEXT.rstrip("\n")
    assert body_of(message, "html").rstrip("\n") == HTML.rstrip("\n")
    kinds = [part.get_content_type() for part in parsed(message).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    for part in parsed(message).iter_parts():
        assert part.get_content_charset() == "utf-8"


def test_it_can_be_handed_to_any_server() -> None:
    message = built()
    assert message.isascii()
    Envelope("news@charity.example", "ana@example.org", message).check()
    assert max(map(len, message.split(b"\r\n"))) <= 998
    head = message.partition(b"\r\n\r\n")[0].split(b"\r\n")
    long = [line for line in head if len(line) > 78]
    assert [line.partition(b":")[0] for line in long] == [b"List-Unsubscribe"]


def test_the_headers_of_a_mail_of_a_list() -> None:
    mail = parsed(built())
    assert [str(one) for one in mail["From"].addresses] == ["The site <news@charity.example>"]
    assert mail["To"] == "ana@example.org"
    assert mail["Subject"] == HEAD.subject
    assert mail["Date"].datetime == NOON
    assert mail["Message-ID"] == f"<{NAME}@charity.example>" == message_id(HEAD.sender, NAME)
    assert mail["List-Unsubscribe"] == f"<{STOP}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<digests.charity.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Precedence"] is None
    assert len(mail.keys()) == len(set(mail.keys()))


def test_a_link_in_a_header_is_never_encoded() -> None:
    assert f"List-Unsubscribe: <{STOP}>\r\n".encode() in built()


def test_a_single_letter_is_of_no_list() -> None:
    message = built(replace(HEAD, unsubscribe=None))
    assert not [name for name in parsed(message) if name.startswith("List-")]
    assert parsed(message)["Auto-Submitted"] == "auto-generated"
    assert defects_of(parsed(message)) == []


def test_the_same_row_is_the_same_mail() -> None:
    assert built() == built()
    later = replace(HEAD, at=NOON.replace(hour=20))
    assert parsed(built(later))["Message-ID"] == parsed(built())["Message-ID"]


@pytest.mark.parametrize(
    "subject",
    ["2 reseñas nuevas para usted", "新しいお知らせ", "a" * 140, "é" * 140, "x, y; z: (w)"],
)
def test_any_language_stands_in_a_subject(subject: str) -> None:
    message = built(replace(HEAD, subject=subject))
    assert parsed(message)["Subject"] == subject
    assert defects_of(parsed(message)) == []
    head = message.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 or b"Unsub" in line for line in head.split(b"\r\n"))


def test_a_subject_without_end_is_cut() -> None:
    assert len(parsed(built(replace(HEAD, subject="word " * 500)))["Subject"]) <= 150


@pytest.mark.parametrize("body", ["", "\n", "-" * 200, f"--=_{NAME}\n\nno\n--=_{NAME}--\n", "=_="])
def test_no_body_can_end_its_own_part(body: str) -> None:
    message = built(text=body, html=body)
    assert defects_of(parsed(message)) == []
    assert body_of(message, "plain").rstrip("\n") == body.rstrip("\n")
    assert len(list(parsed(message).iter_parts())) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"unsubscribe": "https://matcher.example/\r\nX: y"},
        {"unsubscribe": "https://matcher.example/" + "x" * 1000},
        {"language": "es\nX: y"},
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_and_not_repeated(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^the header [\w-]+ cannot be written$"):
        built(replace(HEAD, **wrong))


@pytest.mark.parametrize(
    "wrong", ["", "ana", "ana@exämple.org", "ana@example.org\r\nBcc: x@y.z", "=?utf-8?q?=0a?=@a.b"]
)
@pytest.mark.parametrize("role", ["sender", "recipient"])
def test_only_plain_addresses_stand_in_headers(role: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^an address cannot be written$"):
        built(replace(HEAD, **{role: wrong}))


@pytest.mark.parametrize(
    "name", ['A "B" \\ C', "Ñandú, the site", "", "A, B; C <d@e>", "=?x?q?y?="]
)
def test_a_sender_has_any_name(name: str) -> None:
    mail = parsed(built(replace(HEAD, name=name)))
    assert [one.display_name for one in mail["From"].addresses] == [name]
    assert [one.addr_spec for one in mail["From"].addresses] == [HEAD.sender]
    assert defects_of(mail) == []


def test_a_mail_of_the_usual_size_is_far_below_the_limit() -> None:
    text, html = "word " * 3000, "<p>" + "word " * 8000
    assert len(built(text=text, html=html)) < 1.1 * (len(text) + len(html)) + 2000
    assert not re.search(rb"=\r\n=\r\n", built())
