"""Profile: what is known of one person of a panel, and of each fact where and when it was found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.crypto import Safe, SealError

REPORT, TOLD, FILE = "report", "told", "file"
SOURCES = (REPORT, TOLD, FILE)
MOST_CHANGES = 200
EARLIER = "earlier"
OF = "of"


@dataclass(frozen=True)
class Fact:
    """Where one fact comes from (one of `SOURCES`), when it was found out there (``2026-03-17`` or
    shorter, None if nobody knows), and when it was noted here (ISO 8601, with its zone)."""

    source: str
    on: str | None
    noted_at: str

    @property
    def found_on(self) -> date:
        """The day that its age counts from: of a month or a year the first one, so that an old
        fact never passes for a recent one; without a date the day on which it was noted."""
        year, month, day = (*map(int, (self.on or self.noted_at[:10]).split("-")), 1, 1)[:3]
        return date(year, month, day)


@dataclass(frozen=True)
class Change:
    """That answers were changed: when (ISO 8601), by which account, which units. No values."""

    at: str
    by: int
    units: tuple[str, ...]


@dataclass(frozen=True)
class PersonProfile:
    """What is known of a person.

    `answers` are a profile's, as its public JSON, checked. `facts` are by unit: an answer's key,
    or ``tumor.ESR1`` for one result; `dates` hold under ``earlier`` the values that were theirs
    before: {"key": unit, "value": …, "on": date or None}, with "source" and "noted_at" where known.
    `leave_out` are topics that are not to be brought up. `changes` are the latest ones, the oldest
    first.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    dates: Mapping[str, Any] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def seal_person(safe: Safe, profile: PersonProfile, *, of: str) -> bytes:
    """The profile as bytes that only the data key opens, and for the person `of` (public id)."""
    shape = {
        "answers": profile.answers,
        "facts": {unit: vars(fact) for unit, fact in profile.facts.items()},
        "dates": profile.dates,
        "leave_out": profile.leave_out,
        "changes": [vars(change) for change in profile.changes[-MOST_CHANGES:]],
        OF: of,
    }
    return safe.seal(json.dumps(shape, ensure_ascii=False).encode())


def open_person(safe: Safe, sealed: bytes, *, of: str) -> PersonProfile:
    """What `seal_person` sealed. Raises `SealError` without the right key, and for what was sealed
    for somebody else."""
    found = json.loads(safe.open(sealed))
    if found[OF] != of:
        raise SealError("this profile is another person's")
    return PersonProfile(
        answers=found["answers"],
        facts={unit: Fact(**fact) for unit, fact in found["facts"].items()},
        dates=found["dates"],
        leave_out=tuple(found["leave_out"]),
        changes=tuple(
            Change(change["at"], change["by"], tuple(change["units"]))
            for change in found["changes"]
        ),
    )


def seal_text(safe: Safe, text: str, *, of: str) -> bytes:
    """A note or a reason, as bytes that only the data key opens, and for one person only."""
    return safe.seal(json.dumps({"text": text, OF: of}, ensure_ascii=False).encode())


def open_text(safe: Safe, sealed: bytes, *, of: str) -> str:
    """What `seal_text` sealed; raises `SealError` as `open_person` does."""
    found = json.loads(safe.open(sealed))
    if found[OF] != of:
        raise SealError("this text is about another person")
    return str(found["text"])
