"""Text: the same words in every language that the product speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LANGUAGES = ("en", "es")
_CHANGED = {
    " y ": (re.compile(r"h?[ií](?![aeo])", re.IGNORECASE), " e "),
    " o ": (re.compile(r"h?[oó]", re.IGNORECASE), " u "),
}


@dataclass(frozen=True)
class Text:
    """One sentence or phrase in English and Spanish."""

    en: str
    es: str

    def in_(self, language: str) -> str:
        """The words in `language` (``en`` or ``es``)."""
        return self.es if language == "es" else self.en


QUOTE = "“"


def joined(parts: Sequence[str], joiner: str, *, language: str) -> str:
    """Parts with `joiner` between them; Spanish "y" and "o" change before their own sound.

    "pecho e intestino", "uno u otro"; but "agua y hielo".
    """
    if language != "es" or joiner not in _CHANGED:
        return joiner.join(parts)
    sound, changed = _CHANGED[joiner]
    text = "".join(
        f"{changed if sound.match(part.lstrip(QUOTE)) else joiner}{part}" for part in parts[1:]
    )
    return "".join(parts[:1]) + text
