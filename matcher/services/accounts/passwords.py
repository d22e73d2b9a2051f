"""Passwords: which ones are too short, too well known, or say who they belong to.

No rules on what characters there must be: length and what others know decide (ASVS 5, 6.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn import zxcvbn  # type: ignore[import-untyped]

SHORTEST = 15
SHORTEST_WITH_SECOND = 12
LONGEST = 256
JUDGED = 72
"""So many characters are judged: guessing at more takes seconds and tells nothing new."""
STRONG = 3
SHORTEST_WORD = 4
WELL_KNOWN = (
    "correct horse battery staple",
    "the quick brown fox jumps over the lazy dog",
    "lorem ipsum dolor sit amet",
    "twinkle twinkle little star",
    "to be or not to be that is the question",
    "may the force be with you",
    "it was the best of times it was the worst of times",
    "call me ishmael some years ago",
    "mary had a little lamb",
    "once upon a time in a land far away",
    "open sesame open sesame",
    "in the beginning was the word",
    "four score and seven years ago",
    "i have a dream that one day",
    "never gonna give you up",
    "let me in please let me in",
    "en un lugar de la mancha",
    "de cuyo nombre no quiero acordarme",
    "erase una vez en un lugar lejano",
    "padre nuestro que estas en el cielo",
    "los pollitos dicen pio pio pio",
    "el pueblo unido jamas sera vencido",
    "camaron que se duerme se lo lleva la corriente",
)
"""Phrases that everybody knows: each of their words is rare enough to pass for a good one."""
MOST_BESIDE = 8
"""Fewer characters beside such a phrase do not save it."""


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
    if _is_well_known(lowered):
        return "guessable"
    if zxcvbn(password[:JUDGED], user_inputs=sorted(own), max_length=JUDGED)["score"] < STRONG:
        return "guessable"
    return None


def _is_well_known(password: str) -> bool:
    """Whether a password is a phrase that everybody knows, or part of one, with little beside."""
    letters = _letters(password)
    known = tuple(map(_letters, WELL_KNOWN))
    return any(
        letters in phrase or (phrase in letters and len(letters) - len(phrase) < MOST_BESIDE)
        for phrase in known
        if len(letters) >= SHORTEST_WITH_SECOND
    )


def _letters(text: str) -> str:
    """The letters alone, without accents: how words are parted makes them no harder to guess."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if letter.isalpha())


def _parts(words: Iterable[str]) -> set[str]:
    found = {part for word in words for part in re.split(r"[\W_]+", word.lower())}
    return {part for part in found if len(part) >= SHORTEST_WORD}
