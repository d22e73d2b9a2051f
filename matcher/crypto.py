"""Crypto: random tokens, their hashes, and bytes sealed so that only a token opens them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 32
PURPOSE = b"matcher sealed answers, version 1"


class SealError(Exception):
    """The sealed bytes do not belong to this token and secret, or were changed."""


def new_token() -> str:
    """A new random token of 256 bits, safe in a URL or cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored in a token's place: 64 hexadecimal digits that do not give it away."""
    return hashlib.sha256(b"matcher token\0" + _bytes(token)).hexdigest()


def token_matches(token: str, expected_hash: str) -> bool:
    """Whether the token has this hash, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(token_hash(token), expected_hash)


def seal(token: str, secret: str, plaintext: bytes) -> bytes:
    """Seal bytes under a key that exists only where both token and server secret are known."""
    return _box(token, secret).encrypt(plaintext)


def unseal(token: str, secret: str, sealed: bytes) -> bytes:
    """The bytes that `seal` was given; raises `SealError` for another token, secret or text."""
    try:
        return _box(token, secret).decrypt(sealed)
    except InvalidToken:
        raise SealError("these bytes were not sealed with this token and secret") from None


def _box(token: str, secret: str) -> Fernet:
    salt = hashlib.sha256(_bytes(secret)).digest()
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE).derive(_bytes(token))
    return Fernet(base64.urlsafe_b64encode(key))


def _bytes(text: str) -> bytes:
    # A cookie is a visitor's text: lone surrogates must give "not found", never a crash.
    return text.encode("utf-8", "surrogatepass")
