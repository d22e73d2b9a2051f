"""Crypto: random and signed tokens, keyed hashes, and bytes sealed with a token or the data key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 32
MAC_BYTES = 16
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


class Safe:
    """Seals bytes with the data key, so that who has the database alone cannot read them.

    `keys` may hold several with commas between them: the first seals, all open.
    """

    def __init__(self, keys: str) -> None:
        self._boxes = [Fernet(_derived(key, b"matcher safe, version 1")) for key in _split(keys)]
        self._all = MultiFernet(self._boxes)

    def seal(self, plain: bytes) -> bytes:
        """The bytes, sealed with the first key."""
        return self._boxes[0].encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed; raises `SealError` if no key fits or it was changed."""
        try:
            return self._all.decrypt(sealed)
        except InvalidToken:
            raise SealError("none of the data keys opens these bytes") from None

    def renew(self, sealed: bytes) -> bytes:
        """The same, sealed with the first key; raises `SealError`."""
        try:
            return self._all.rotate(sealed)
        except InvalidToken:
            raise SealError("none of the data keys opens these bytes") from None


class KeyedHashes:
    """Hashes that only the holder of the key can make: to find what is stored sealed.

    `keys` may hold several with commas between them. The first makes what is stored from now on;
    all are looked for. A key is never dropped: what was hashed with it could not be found again.
    """

    def __init__(self, keys: str) -> None:
        self._keys = _split(keys)

    def of(self, purpose: str, text: str) -> tuple[str, ...]:
        """The hashes of a text for one purpose, 64 hexadecimal digits each, the newest first."""
        return tuple(self._mac(key, purpose, _bytes(text)).hex() for key in self._keys)

    def sign(self, purpose: str, payload: bytes) -> str:
        """A token that carries `payload` (at most 64 bytes) and is good for one purpose only."""
        mac = self._mac(self._keys[0], f"token {purpose}", payload)[:MAC_BYTES]
        return base64.urlsafe_b64encode(payload + mac).decode().rstrip("=")

    def signed(self, purpose: str, token: str) -> bytes | None:
        """The payload of a token that was signed here for this purpose, else None."""
        try:
            raw = base64.b64decode(_padded(token), altchars=b"-_", validate=True)
        except ValueError:
            return None
        payload, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        # The last digit of base 64 may hold spare bits: only the form that was given counts.
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
            return None
        macs = [self._mac(key, f"token {purpose}", payload)[:MAC_BYTES] for key in self._keys]
        return payload if any(hmac.compare_digest(mac, one) for one in macs) else None

    @staticmethod
    def _mac(key: str, purpose: str, message: bytes) -> bytes:
        head = b"matcher hash\0" + _bytes(purpose) + b"\0"
        return hmac.digest(_bytes(key), head + message, "sha256")


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _padded(token: str) -> bytes:
    return _bytes(token) + b"=" * (-len(token) % 4)


def _derived(key: str, info: bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(_bytes(key))
    return base64.urlsafe_b64encode(derived)


def _box(token: str, secret: str) -> Fernet:
    salt = hashlib.sha256(_bytes(secret)).digest()
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE).derive(_bytes(token))
    return Fernet(base64.urlsafe_b64encode(key))


def _bytes(text: str) -> bytes:
    # A cookie is a visitor's text: lone surrogates must give "not found", never a crash.
    return text.encode("utf-8", "surrogatepass")
