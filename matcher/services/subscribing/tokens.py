"""Tokens: what the links in mails carry; each is signed for one purpose and one subject.

A token is no secret of the database: it can be made again, and says nothing to whoever lacks the
lookup key. Every `read_…` gives None for a token that was not made here for this purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from matcher.crypto import KeyedHashes

UNSUBSCRIBE, MANAGE, MUTE = "unsubscribe", "manage", "mute"
MANAGE_DAYS = 60
"""So many days the link to one's own data works."""

LONGEST = 128
_EPOCH = date(1970, 1, 1)
_NAME, _DAY, _STUDY, _HASH = 16, 3, 4, 32


@dataclass(frozen=True)
class Mute:
    """Whose mails are to leave out which study: a subscriber's public id, a study's number."""

    public_id: str
    study: int


def unsubscribe_token(hashes: KeyedHashes, address_hash: str) -> str:
    """Stops the mails to the address with this hash (64 hexadecimal digits); valid for ever."""
    return hashes.sign(UNSUBSCRIBE, bytes.fromhex(address_hash))


def read_unsubscribe(hashes: KeyedHashes, token: str) -> str | None:
    """The address's hash, as it was when the mail was written."""
    payload = _payload(hashes, UNSUBSCRIBE, token, length=_HASH)
    return payload.hex() if payload else None


def manage_token(hashes: KeyedHashes, public_id: str, *, now: datetime) -> str:
    """Opens the data of the subscriber with this public id (32 hexadecimal digits), for
    `MANAGE_DAYS` from the day of `now`."""
    day = (now.astimezone(UTC).date() - _EPOCH).days
    return hashes.sign(MANAGE, bytes.fromhex(public_id) + day.to_bytes(_DAY))


def read_manage(hashes: KeyedHashes, token: str, *, now: datetime) -> str | None:
    """The subscriber's public id; None also for a token that is too old or of a day to come."""
    payload = _payload(hashes, MANAGE, token, length=_NAME + _DAY)
    if payload is None:
        return None
    made = _EPOCH + timedelta(days=int.from_bytes(payload[_NAME:]))
    # A machine whose clock is a little ahead of ours may have made it.
    age = (now.astimezone(UTC).date() - made).days
    return payload[:_NAME].hex() if -1 <= age <= MANAGE_DAYS else None


def mute_token(hashes: KeyedHashes, mute: Mute) -> str:
    """Leaves one study out of a subscriber's mails; valid for ever."""
    return hashes.sign(MUTE, bytes.fromhex(mute.public_id) + mute.study.to_bytes(_STUDY))


def read_mute(hashes: KeyedHashes, token: str) -> Mute | None:
    """Whose mails are to leave out which study."""
    payload = _payload(hashes, MUTE, token, length=_NAME + _STUDY)
    if payload is None:
        return None
    return Mute(payload[:_NAME].hex(), int.from_bytes(payload[_NAME:]))


def _payload(hashes: KeyedHashes, purpose: str, token: str, *, length: int) -> bytes | None:
    if not 0 < len(token) <= LONGEST or not token.isascii():
        return None
    payload = hashes.signed(purpose, token)
    return payload if payload is not None and len(payload) == length else None
