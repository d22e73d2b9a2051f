"""Reading grade: how hard a text is to read, by the usual formulas for English and Spanish.

English syllables are counted by rules; `tests/web/test_reading_grade.py` holds the count against
words that were counted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+(?:['’-][A-Za-záéíóúüñ]+)*")
_SENTENCE = re.compile(r"[.!?:]+[”\"')]*(?:\s|$)")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = "aeoáéó"
# Two vowels that are said apart ("di-et", "cre-ate", "sci-ence", "ra-di-a-tion").
_APART = re.compile(
    r"(?<![cgst])i[aou]|(?<![ct])(?<!fr)ie(?=[nt](?!s$))|(?<=sc)ie(?=n)"
    r"|[^q]u[aeo](?=[lnt])|eo|crea(?=t[eio])|rea(?=li)|[eo](?=ing$)|yi|oe(?=m)"
)
# A last e that is not said also stands before an ending ("care-ful", "some-one", "large-ly").
_SILENT = re.compile(r"[^aeiouy]e(?=(?:ly|ful|less|ment|one|thing|times?|where)$)")
_SAID_E = re.compile(r"(?:[^aeiouy]le|ee|[aiou]e)$")
_SILENT_ED = re.compile(r"[^aeioutd]ed$")
_SILENT_ES = re.compile(r"(?<![sxzcg])(?<!sh)(?<!ch)es$")
_COUNTED = {"people": 2, "area": 3, "idea": 3, "ideas": 3, "every": 2, "different": 3, "ratio": 3}


def english_grade(text: str) -> float:
    """The Flesch–Kincaid grade level."""
    words = _WORD.findall(text)
    syllables = sum(map(english_syllables, words))
    return 0.39 * len(words) / _sentences(text) + 11.8 * syllables / len(words) - 15.59


def spanish_ease(text: str) -> float:
    """Fernández Huerta's ease of reading: 60 and more is plain."""
    words = _WORD.findall(text)
    syllables = sum(map(spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / _sentences(text)


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(_WORD.findall(text))


def english_syllables(word: str) -> int:
    """The syllables of an English word; parts joined by a hyphen count by themselves."""
    parts = re.split(r"-", word.lower().replace("’", "'").replace("'", ""))
    return sum(_syllables_of_part(part) for part in parts)


def spanish_syllables(word: str) -> int:
    """The syllables of a Spanish word: strong vowels apart, and í, ú beside them."""
    count = 0
    for vowels in _SPANISH_VOWELS.findall(re.sub(r"([qg])u(?=[eiéí])", r"\1", word.lower())):
        strong = sum(letter in _STRONG for letter in vowels)
        apart = sum(letter in "íú" for letter in vowels)
        count += max(1, strong + apart)
    return max(1, count)


def _syllables_of_part(part: str) -> int:
    if part in _COUNTED:
        return _COUNTED[part]
    count = len(_ENGLISH_VOWELS.findall(part)) + len(_APART.findall(part))
    count -= len(_SILENT.findall(part))
    if part.endswith("e") and not _SAID_E.search(part):
        count -= 1
    if _SILENT_ED.search(part) or (_SILENT_ES.search(part) and not part.endswith("ies")):
        count -= 1
    if part.endswith(("sm", "thm")):
        count += 1
    return max(1, count)


def _sentences(text: str) -> int:
    ends = len(_SENTENCE.findall(text))
    # What stands after the last mark is a sentence too.
    return max(1, ends + bool(_WORD.search(_SENTENCE.split(text)[-1])))


def joined(texts: Iterable[str]) -> str:
    """Short texts as one, each a sentence of its own."""
    ends = (".", "?", "!", ":")
    return " ".join(text if text.rstrip().endswith(ends) else f"{text}." for text in texts)
