"""Scanner: a label's words with what the lexicon knows of them, and the count of steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matcher.reading.labels.lexicon import LONGEST, Lexicon, Sense
from matcher.reading.labels.words import Word, clean, key_set, words_of

MOST_LINKS = 4
WINDOW = 8
"""Function words are skipped over this far only, so that a long run of them stays linear."""
LINKS = key_set("and or , / ; .")


class Scanner:
    """Words by position. Positions past the end have the key ``""``. `steps` counts the work."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.text = clean(text)
        self.steps = len(self.text)
        found = words_of(self.text, signed=lexicon.signed, plus=lexicon.plus)
        words = [word for word in found if word.key not in _IGNORED]
        self.words = list(self._without_aliases(words))
        self._drop_repeats()
        while self.words and self.words[-1].key in (".", ",", ";", ":", "!"):
            self.words.pop()
        self._known: dict[int, list[tuple[int, tuple[Sense, ...]]]] = {}

    @property
    def end(self) -> int:
        """The position after the last word."""
        return len(self.words)

    def key(self, at: int) -> str:
        """The key of the word at a position."""
        self.steps += 1
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def keys(self, at: int, *expected: str) -> bool:
        """Whether exactly these keys stand here."""
        return all(self.key(at + offset) == key for offset, key in enumerate(expected))

    def is_sign(self, at: int) -> bool:
        """Whether the word was written as a plus or minus sign."""
        return 0 <= at < len(self.words) and self.words[at].sign

    def source(self, start: int, end: int) -> str:
        """The text of the words from `start` up to `end`, as it was written."""
        if start >= end:
            return ""
        return " ".join(self.text[self.words[start].start : self.words[end - 1].end].split())

    def find(self, at: int, *kinds: str) -> tuple[int, Sense] | None:
        """The longest phrase here that has a sense of one of these kinds: (length, sense)."""
        for length, senses in reversed(self._senses(at)):
            for kind in kinds:
                for sense in senses:
                    if sense.kind == kind:
                        return length, sense
        return None

    def is_known(self, at: int) -> bool:
        """Whether a phrase of the rules or of grammar begins here."""
        return bool(self._senses(at)) or self.key(at) in LINKS

    def all_senses(self, at: int, length: int, kind: str) -> tuple[Sense, ...]:
        """All senses of one kind of the phrase of this length here."""
        found = dict(self._senses(at)).get(length, ())
        return tuple(sense for sense in found if sense.kind == kind)

    def link(self, at: int) -> tuple[str, int]:
        """The connector here and the position after it; ``("", at)`` if there is none.

        Of several marks in a row ("," then "or") the word counts.
        """
        found, position = "", at
        while self.key(position) in LINKS and position < at + MOST_LINKS:
            key = self.key(position)
            found = key if found in ("", ",", ";") or key == "or" else found
            position += 1
        return found, position

    def _drop_repeats(self) -> None:
        """Leave out brackets that say the words before them again ("… breast cancer (TNBC)")."""
        kept: list[Word] = []
        opened: int | None = None
        for word in self.words:
            kept.append(word)
            if word.key == "(":
                opened = len(kept) - 1
            elif word.key == ")" and opened is not None:
                inner = [w.key for w in kept[opened + 1 : -1]]
                before = [w.key for w in kept[max(0, opened - len(inner)) : opened]]
                if inner and len(inner) <= LONGEST and inner == before:
                    del kept[opened:]
                opened = None
            self.steps += 1
        self.words = kept

    def _senses(self, at: int) -> list[tuple[int, tuple[Sense, ...]]]:
        if at not in self._known:
            window = (word.key for word in self.words[at : at + LONGEST])
            self._known[at] = list(self.lexicon.walk(window))
            self.steps += 1 + len(self._known[at])
        return self._known[at]

    def _without_aliases(self, words: list[Word]) -> Iterator[Word]:
        at = 0
        while at < len(words):
            window = (word.key for word in words[at : at + LONGEST])
            found = [
                (length, sense.value)
                for length, senses in self.lexicon.walk(window)
                for sense in senses
                if sense.kind == "alias"
            ]
            self.steps += 1 + len(found)
            if not found:
                yield words[at]
                at += 1
                continue
            length, meaning = found[-1]
            whole = replace(words[at], end=words[at + length - 1].end, sign=False)
            yield from (
                replace(whole, key=word.key, kind=word.kind) for word in words_of(clean(meaning))
            )
            at += length


_IGNORED = frozenset({'"', "'", "*", "\u2022", "\u00b7", "\u2026"})
