"""Reading grade: how hard a text is to read, by the usual formulas for English and Spanish."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+(?:['’-][A-Za-záéíóúüñ]+)*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = "aeoáéó"


def english_grade(text: str) -> float:
    """The Flesch–Kincaid grade level."""
    words = _WORD.findall(text)
    sentences = max(1, len(_SENTENCE.findall(text)))
    syllables = sum(map(_english_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def spanish_ease(text: str) -> float:
    """Fernández Huerta's ease of reading: 60 and more is plain."""
    words = _WORD.findall(text)
    sentences = max(1, len(_SENTENCE.findall(text)))
    syllables = sum(map(_spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences


def _english_syllables(word: str) -> int:
    lower = word.lower()
    count = len(_ENGLISH_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith(("le", "ee")) and count > 1:
        count -= 1
    if lower.endswith(("ed", "es")) and not lower.endswith(("ted", "ded", "ses", "ches", "zes")):
        count -= count > 1
    return max(1, count)


def _spanish_syllables(word: str) -> int:
    count = 0
    for vowels in _SPANISH_VOWELS.findall(word.lower()):
        strong = sum(letter in _STRONG for letter in vowels)
        apart = sum(letter in "íú" for letter in vowels)
        count += max(1, strong + apart)
    return max(1, count)
