"""Addresses: one plain address or a reason why not; and what bounces come back to."""

from __future__ import annotations

import pytest

from matcher.crypto import KeyedHashes
from matcher.mail.addresses import (
    AddressError,
    parse_address,
    plain_sender,
    read_return_path,
    return_path,
    sender_name,
)
from matcher.mail.envelope import MAILBOX

HASHES = KeyedHashes("a lookup key of tests")
NAME = "0123456789abcdef" * 2

TAKEN = {
    "ana@example.org": "ana@example.org",
    "  Ana.B+news@Example.ORG\t": "Ana.B+news@example.org",
    "o'neil@a-b.co.uk": "o'neil@a-b.co.uk",
    "x" * 64 + "@example.org": "x" * 64 + "@example.org",
    "ana@bücher.example": "ana@xn--bcher-kva.example",
    "ana@例え.jp": "ana@xn--r8jz45g.jp",
    "1@1.example": "1@1.example",
}
REFUSED = {
    "": "empty",
    " \t ": "empty",
    "ana": "form",
    "@example.org": "form",
    "ana@": "form",
    "a@b@example.org": "form",
    "a b@example.org": "form",
    "a..b@example.org": "form",
    ".a@example.org": "form",
    "a.@example.org": "form",
    '"a b"@example.org': "form",
    '"a"@example.org': "form",
    "Ana <ana@example.org>": "form",
    "<ana@example.org>": "form",
    "ana@example.org>": "domain",
    "ana(note)@example.org": "form",
    "ana@example.org(note)": "domain",
    "ana@example.org, bo@example.org": "form",
    "ana@example.org,bo": "domain",
    "ana;bo@example.org": "form",
    "group:ana@example.org": "form",
    "ana\\@example.org": "form",
    "ana\r\nBcc: bo@example.org": "form",
    "ana@example.org\r\nBcc: x": "domain",
    "ana@example.org\n": "domain",
    "ana\0@example.org": "form",
    "ana\x7f@example.org": "form",
    "ana\u2028@example.org": "form",
    "ana\u202e@example.org": "form",
    "ana@exam\u202eple.org": "domain",
    "ana\ud800@example.org": "form",
    "ana@example\ud800.org": "domain",
    "josé@example.org": "letters",
    "ana%example.com@example.org": "route",
    "host!ana@example.org": "route",
    "=?utf-8?q?a?=@example.org": "form",
    "ana@localhost": "domain",
    "ana@[127.0.0.1]": "domain",
    "ana@127.0.0.1": "domain",
    "ana@example..org": "domain",
    "ana@.example.org": "domain",
    "ana@example.org.": "domain",
    "ana@-example.org": "domain",
    "ana@example-.org": "domain",
    "ana@exa_mple.org": "domain",
    "ana@" + "x" * 64 + ".org": "domain",
    "ana@" + "ü" * 80 + ".org": "domain",
    "ana@straße.example": "domain",
    "ana@a\u200db.example": "domain",
    "x" * 65 + "@example.org": "too_long",
    "ana@" + "x." * 130 + "org": "too_long",
    "a" * 100_000: "too_long",
}


@pytest.mark.parametrize("text", TAKEN)
def test_a_plain_address_is_taken(text: str) -> None:
    address = parse_address(text)
    assert address.text == TAKEN[text]
    assert MAILBOX.fullmatch(address.text)
    assert parse_address(address.text) == address
    assert parse_address(address.normal).normal == address.normal


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_refused_with_a_reason_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert caught.value.reason == REFUSED[text]
    assert "ana" not in str(caught.value)


def test_all_spellings_of_a_mailbox_are_one() -> None:
    spellings = ("Ana.Be@gmail.com", "anabe+x@googlemail.com", "A.N.A.B.E+y+z@GMAIL.com")
    assert {parse_address(one).mailbox for one in spellings} == {"anabe@gmail.com"}
    assert len({parse_address(one).normal for one in spellings}) == 3
    assert parse_address("+x@example.org").mailbox == "+x@example.org"
    assert parse_address("bo@gmail.com").mailbox != parse_address("bo@example.org").mailbox


def test_an_address_is_not_printed() -> None:
    assert "ana" not in repr(parse_address("ana@example.org"))


@pytest.mark.parametrize("sender", ["news@charity.example", "The News <news@charity.example>"])
def test_a_bounce_says_which_mail_came_back(sender: str) -> None:
    path = return_path(sender, NAME, HASHES)
    assert MAILBOX.fullmatch(path)
    assert path.startswith("news+b")
    assert path.endswith("@charity.example")
    assert len(path.partition("@")[0]) <= 64
    assert read_return_path(path, HASHES) == NAME
    assert read_return_path(f" {path.upper()} ", HASHES) == NAME
    newer = KeyedHashes("a newer key of the tests, a lookup key of tests")
    assert read_return_path(path, newer) == NAME


def test_a_return_path_that_we_did_not_make_says_nothing() -> None:
    path = return_path("news@charity.example", NAME, HASHES)
    at, end = path.index("+b") + 2, path.index("@")
    for place in range(at, end):
        other = "q" if path[place] != "q" else "w"
        assert read_return_path(path[:place] + other + path[place + 1 :], HASHES) is None
    assert read_return_path(path, KeyedHashes("another key of the tests")) is None
    for odd in ("", "news@charity.example", path[:at] + path[at + 1 :], "+b" * 40, path * 50):
        assert read_return_path(odd, HASHES) is None


def test_a_long_sender_gets_no_return_path_of_its_own() -> None:
    sender = "x" * 30 + "@charity.example"
    assert return_path(sender, NAME, HASHES) == sender


def test_a_setting_may_name_the_sender() -> None:
    assert sender_name("news@a.example") == ""
    assert sender_name('"A, B" <news@a.example>') == "A, B"
    assert plain_sender("Us <news@a.example>") == "news@a.example"
