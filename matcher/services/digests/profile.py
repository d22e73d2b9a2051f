"""Profile: what a subscriber told us and wishes, as it is sealed in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matcher.crypto import Safe, SealError

OF = "of"


@dataclass(frozen=True)
class Profile:
    """A subscriber's answers (a profile's public JSON, checked when they were taken).

    `about`: whose life they are about (`core.lives.LIVES`). `leave_out`: no reviews on hard
    topics. `muted`: keys of studies of which they want to hear no more. `changed_at`: when they
    last changed on their page what a mail is made from (ISO 8601, with its zone).
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    about: str = "self"
    leave_out: bool = False
    muted: tuple[str, ...] = ()
    changed_at: str | None = None

    @property
    def changed(self) -> datetime | None:
        """`changed_at` as an aware time."""
        return datetime.fromisoformat(self.changed_at) if self.changed_at else None


def seal_profile(safe: Safe, profile: Profile, *, of: str | None = None) -> bytes:
    """The profile as bytes that only the data key opens. `of` is the public id of the subscriber
    whose it is: it opens for nobody else then."""
    return safe.seal(json.dumps({**vars(profile), OF: of}, ensure_ascii=False).encode())


def open_profile(safe: Safe, sealed: bytes, *, of: str | None = None) -> Profile:
    """What `seal_profile` sealed. Raises `SealError` without the right key, and, with `of`, for a
    profile that was sealed for somebody else."""
    found = json.loads(safe.open(sealed))
    owner = found.pop(OF, None)
    if of is not None and owner is not None and owner != of:
        raise SealError("this profile is another subscriber's")
    return Profile(**{**found, "muted": tuple(found["muted"])})
