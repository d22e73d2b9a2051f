"""Seen: which studies a subscriber was told of, as what, and how surely the mail arrived."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from zlib import crc32

from matcher.crypto import Safe

SENT, MAYBE, COUNTED = "sent", "maybe", "counted"
SURE = {SENT: 0, MAYBE: 1, COUNTED: 2}
LEFT = len(SURE)
GONE = 9
"""Stands where a level stands, once a person was told that a study was taken back."""


class Told(NamedTuple):
    """How a study was told: the version in which what is told of it last became another, its
    level (as `core.levels.Level`, or `GONE`), and whether by name in a mail that arrived (`sent`)
    or may have (`maybe`), or only in the count of the first mail (`counted`).

    `left`: since then the person's own answers took them away from it, which nobody told them.
    """

    version: int
    level: int
    sure: str
    left: bool = False


@dataclass(frozen=True)
class Seen:
    """What was told, by the study's number in the database.

    `begun`: a digest was acknowledged. `rules` is the version of the rules, `stamp` that of the
    answers (`stamp_of`) at the last acknowledged digest: the cause of later changes is told by
    them. The same shape says what one digest adds.
    """

    told: Mapping[int, Told] = field(default_factory=dict)
    begun: bool = False
    rules: str = ""
    stamp: int = 0

    @cached_property
    def left(self) -> frozenset[int]:
        """The studies that the person's own answers took them away from."""
        return frozenset(study for study, told in self.told.items() if told.left)

    def after(self, digest: Seen) -> Seen:
        """What is told once a digest, which adds this, was acknowledged."""
        return Seen({**self.told, **digest.told}, True, digest.rules, digest.stamp)

    def maybe_after(self, studies: Iterable[int], digest: Seen) -> Seen:
        """What is told once a digest with these studies by name may or may not have arrived."""
        uncertain = {one: digest.told[one]._replace(sure=MAYBE) for one in studies}
        if self.begun:
            return Seen({**self.told, **uncertain}, True, self.rules, self.stamp)
        return Seen({**self.told, **uncertain}, False, digest.rules, digest.stamp)

    def to_json(self) -> dict[str, Any]:
        """The shortest JSON that holds it: the studies that were told alike stand together."""
        alike: dict[Told, list[int]] = {}
        for study, told in self.told.items():
            alike.setdefault(told, []).append(study)
        groups = [
            [told.version, told.level, SURE[told.sure] + LEFT * told.left, sorted(studies)]
            for told, studies in sorted(alike.items())
        ]
        return {"b": int(self.begun), "r": self.rules, "a": self.stamp, "t": groups}

    @classmethod
    def from_json(cls, shape: Mapping[str, Any]) -> Seen:
        """What `to_json` wrote."""
        told: dict[int, Told] = {}
        for version, level, sure, studies in shape["t"]:
            left, word = divmod(sure, LEFT)
            told.update(dict.fromkeys(studies, Told(version, level, _SURES[word], bool(left))))
        return cls(told, bool(shape["b"]), shape["r"], shape["a"])


NOTHING = Seen()
_SURES = {number: word for word, number in SURE.items()}


def stamp_of(answers: Mapping[str, Any]) -> int:
    """A number that changes when a person's answers do."""
    return crc32(json.dumps(answers, sort_keys=True).encode())


def seal_seen(safe: Safe, seen: Seen) -> bytes:
    """What was told as bytes that only the data key opens."""
    return safe.seal(json.dumps(seen.to_json(), separators=(",", ":")).encode())


def open_seen(safe: Safe, sealed: bytes | None) -> Seen:
    """What `seal_seen` sealed; nothing for None. Raises `SealError` without the right key."""
    return NOTHING if sealed is None else Seen.from_json(json.loads(safe.open(sealed)))
