"""Wish: what somebody asked for on a page, as it waits sealed in a sign-up."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from matcher.crypto import Safe
from matcher.services.digests.profile import Profile

CONSENT_VERSION = "1"
"""Goes up with every change of what people agree to (`subscribe.consent…` in the catalogue)."""


@dataclass(frozen=True)
class Wish:
    """An address as it was typed (and was found good), and how its owner wants to be mailed.

    For the mere link to one's data only `address` and `language` say something. The time of the
    consent is when the sign-up was asked for.
    """

    address: str = field(repr=False)
    language: str
    frequency: str = "weekly"
    zone: str = "UTC"
    detail: str = "count"
    profile: Profile = field(default_factory=Profile, repr=False)
    consent_version: str = CONSENT_VERSION


def seal_wish(safe: Safe, wish: Wish) -> bytes:
    """The wish as bytes that only the data key opens."""
    return safe.seal(json.dumps(asdict(wish), ensure_ascii=False).encode())


def open_wish(safe: Safe, sealed: bytes) -> Wish:
    """What `seal_wish` sealed; raises `SealError` without the right key."""
    found = json.loads(safe.open(sealed))
    profile = {**found["profile"], "muted": tuple(found["profile"]["muted"])}
    return Wish(**{**found, "profile": Profile(**profile)})
