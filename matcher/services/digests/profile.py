"""Profile: what a subscriber told us and wishes, as it is sealed in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.crypto import Safe


@dataclass(frozen=True)
class Profile:
    """A subscriber's answers (a profile's public JSON, checked when they were taken).

    `about`: whose life they are about (`services.visits.LIVES`). `leave_out`: no reviews on hard
    topics. `muted`: keys of studies of which they want to hear no more.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    about: str = "self"
    leave_out: bool = False
    muted: tuple[str, ...] = ()


def seal_profile(safe: Safe, profile: Profile) -> bytes:
    """The profile as bytes that only the data key opens."""
    return safe.seal(json.dumps(vars(profile), ensure_ascii=False).encode())


def open_profile(safe: Safe, sealed: bytes) -> Profile:
    """What `seal_profile` sealed; raises `SealError` without the right key."""
    found = json.loads(safe.open(sealed))
    return Profile(**{**found, "muted": tuple(found["muted"])})
