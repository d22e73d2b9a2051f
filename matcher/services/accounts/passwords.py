"""Passwords: which ones are too short, too well known, or say who they belong to.

No rules on what characters there must be: length and what others know decide (ASVS 5, 6.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from zxcvbn import zxcvbn  # type: ignore[import-untyped]

SHORTEST = 15
SHORTEST_WITH_SECOND = 12
LONGEST = 256
JUDGED = 72
"""So many characters are judged: guessing at more takes seconds and tells nothing new."""
STRONG = 3
SHORTEST_WORD = 4


def password_fault(password: str, *, words: Iterable[str], second_factor: bool) -> str | None:
    """What is wrong with a new password: "short", "long", "own_words", "guessable"; None if fine.

    `words` name the account and the site: their parts may not stand in it.
    """
    if len(password) < (SHORTEST_WITH_SECOND if second_factor else SHORTEST):
        return "short"
    if len(password) > LONGEST:
        return "long"
    own = _parts(words)
    lowered = password.lower()
    if any(part in lowered for part in own):
        return "own_words"
    if zxcvbn(password[:JUDGED], user_inputs=sorted(own), max_length=JUDGED)["score"] < STRONG:
        return "guessable"
    return None


def _parts(words: Iterable[str]) -> set[str]:
    found = {part for word in words for part in re.split(r"[\W_]+", word.lower())}
    return {part for part in found if len(part) >= SHORTEST_WORD}
