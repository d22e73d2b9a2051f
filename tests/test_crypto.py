"""Crypto: tokens are long and different, and sealed bytes open for their token and secret only."""

from __future__ import annotations

import re

import pytest

from matcher import crypto
from matcher.crypto import SealError, new_token, seal, token_hash, token_matches, unseal


def test_tokens_are_long_safe_in_links_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_hash_is_stable_and_hides_the_token() -> None:
    token = new_token()
    assert token_hash(token) == token_hash(token)
    assert re.fullmatch(r"[0-9a-f]{64}", token_hash(token))
    assert token_hash(token) != token_hash(token[:-1])
    assert token_matches(token, token_hash(token))
    assert not token_matches(token, token_hash(new_token()))


@pytest.mark.parametrize("plain", [b"", b"x", bytes(range(256)) * 1000])
def test_what_is_sealed_is_unsealed(plain: bytes) -> None:
    token = new_token()
    sealed = seal(token, "secret", plain)
    assert unseal(token, "secret", sealed) == plain
    assert plain == b"" or plain not in sealed or len(plain) < 2


def test_the_same_bytes_are_sealed_differently_each_time() -> None:
    assert seal("token", "secret", b"x") != seal("token", "secret", b"x")


@pytest.mark.parametrize(
    ("token", "secret"), [("tokem", "secret"), ("token", "secreT"), ("", ""), ("secret", "token")]
)
def test_nobody_else_unseals(token: str, secret: str) -> None:
    with pytest.raises(SealError):
        unseal(token, secret, seal("token", "secret", b"answers"))


def test_every_changed_byte_is_noticed() -> None:
    sealed = seal("token", "secret", b"answers")
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        if changed.rstrip(b"=") != sealed.rstrip(b"="):
            with pytest.raises(SealError):
                unseal("token", "secret", changed)
    for broken in (b"", sealed[:-1], sealed[: len(sealed) // 2], b"\xff" * 100):
        with pytest.raises(SealError):
            unseal("token", "secret", broken)


@pytest.mark.parametrize("token", ["", "\ud800", "é", "a\0b", "x" * 100_000])
def test_any_text_may_come_as_a_token(token: str) -> None:
    assert len(token_hash(token)) == 64
    with pytest.raises(SealError):
        unseal(token, "secret", seal("token", "secret", b"x"))


def test_the_safe_opens_with_every_key_and_seals_with_the_first() -> None:
    old, new = crypto.Safe("a" * 20), crypto.Safe(f"{'b' * 20}, {'a' * 20}")
    sealed = old.seal(b"answers")
    assert new.open(sealed) == b"answers"
    renewed = new.renew(sealed)
    assert crypto.Safe("b" * 20).open(renewed) == b"answers"
    with pytest.raises(crypto.SealError):
        old.open(renewed)
    with pytest.raises(crypto.SealError):
        new.renew(b"nothing that was sealed")


def test_keyed_hashes_differ_by_key_and_purpose_and_old_keys_are_kept() -> None:
    old, both = crypto.KeyedHashes("a" * 20), crypto.KeyedHashes(f"{'b' * 20},{'a' * 20}")
    (hashed,) = old.of("address", "ann@example.org")
    assert both.of("address", "ann@example.org")[1] == hashed
    assert (
        len({*both.of("address", "ann@example.org"), *both.of("mailbox", "ann@example.org")}) == 4
    )


def test_a_signed_token_is_good_for_its_purpose_alone() -> None:
    old, both = crypto.KeyedHashes("a" * 20), crypto.KeyedHashes(f"{'b' * 20},{'a' * 20}")
    token = old.sign("unsubscribe", b"subject")
    assert both.signed("unsubscribe", token) == b"subject"
    assert both.signed("manage", token) is None
    assert crypto.KeyedHashes("c" * 20).signed("unsubscribe", token) is None
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        assert both.signed("unsubscribe", changed) is None
        assert both.signed("unsubscribe", token[:place]) is None
    for strange in ("", "é", "\ud800", token + "=", token + "A", " " + token, "a" * 5000):
        assert both.signed("unsubscribe", strange) is None
