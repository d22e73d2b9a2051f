"""Speaker: texts, dates and lists as they are said to one person, in their language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from markupsafe import Markup

from matcher.core.text import Text, joined
from matcher.words.catalogue import Words


@dataclass(frozen=True)
class Speaker:
    """Says things in one language ("en" or "es").

    `cared_for`: the person told is not the one that the answers are about, but cares for them;
    `at_desk`: as their work, for many.
    """

    words: Words
    language: str
    cared_for: bool = False
    at_desk: bool = False

    def say(self, key: str, /, **values: Any) -> Markup:
        """A text of the catalogues, about the person the answers are about.

        Raises `KeyError` for an unknown key.
        """
        return self.words.speak(key, **self._voice, **values)

    def say_count(self, key: str, n: int, /, **values: Any) -> Markup:
        """A text of the catalogues for one or for `n` things."""
        return self.words.count(key, n, **self._voice, **values)

    @property
    def _voice(self) -> dict[str, Any]:
        voice = {"language": self.language, "cared_for": self.cared_for}
        return {**voice, "at_desk": True} if self.at_desk else voice

    def shown(self, text: Text | None) -> str:
        """A text of the rules or of a study, empty for None."""
        words = text.in_(self.language) if text else ""
        return self.words.of_this_person(words, language=self.language) if self.at_desk else words

    def month(self, day: date) -> str:
        """Month and year, as "February 2026"."""
        return format_skeleton("yMMMM", day, locale=self.language)

    def long_date(self, day: date) -> str:
        """A whole date in words."""
        return format_date(day, format="long", locale=self.language)

    def listed(self, parts: list[str], *, style: str = "standard") -> str:
        """A list in words: "a, b and c"; style "or" for "a, b or c"."""
        text: str = format_list(parts, style=style, locale=self.language)  # type: ignore[arg-type]
        for joiner in (" y ", " o "):
            if len(parts) > 1 and text.endswith(end := f"{joiner}{parts[-1]}"):
                last = joined(["", parts[-1]], joiner, language=self.language)
                return text.removesuffix(end) + last
        return text
