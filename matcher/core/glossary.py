"""Glossary: hard words, what they mean, and where a text uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.core.text import Text

PLURAL = "(?:s|es)?"


@dataclass(frozen=True)
class Term:
    """A hard word: its name as a heading, what it means, and how texts write it by language."""

    key: str
    name: Text
    meaning: Text
    words: Mapping[str, tuple[str, ...]]


class Finder:
    """Finds the terms of a glossary in texts of one language; the longest word wins."""

    def __init__(self, terms: Iterable[Term], *, language: str) -> None:
        self._by_word: dict[str, Term] = {}
        self._by_small_word: dict[str, Term] = {}
        for term in terms:
            for word in term.words[language]:
                where = self._by_small_word if word == word.lower() else self._by_word
                where.setdefault(word, term)
        exact = _one_of(self._by_word)
        loose = _one_of(self._by_small_word)
        self.pattern = re.compile(
            rf"(?<![\w-])(?:(?P<exact>{exact}){PLURAL}|(?i:(?P<loose>{loose}){PLURAL}))(?![\w+]|-\w)"
        )

    def term(self, found: re.Match[str]) -> Term:
        """The term of a match of `pattern`."""
        exact = found["exact"]
        return self._by_word[exact] if exact else self._by_small_word[found["loose"].lower()]


def _one_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    # With no word at all nothing is to be found, not the empty word.
    return "|".join(map(re.escape, longest_first)) or "(?!)"
