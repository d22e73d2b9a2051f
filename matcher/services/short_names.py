"""Short: the short name of a study, for an address that somebody types from paper."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from hashlib import blake2b

from matcher.core.study import Study

LENGTH = 7


def short_name(key: str) -> str:
    """Seven letters and digits that stand for a study's key, always the same ones.

    Base 32 has no 0, 1, 8 or 9, which are hard to tell from letters.
    """
    digest = blake2b(key.encode(), digest_size=5).digest()
    return b32encode(digest).decode().lower()[:LENGTH]


def find_by_short_name(name: str, studies: Iterable[Study]) -> Study | None:
    """The study of that short name, None if there is none."""
    wanted = name.lower()
    return next((study for study in studies if short_name(study.key) == wanted), None)
