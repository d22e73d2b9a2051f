"""Text: the same words in every language that the product speaks."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Text:
    """One sentence or phrase in English and Spanish."""

    en: str
    es: str

    def in_(self, language: str) -> str:
        """The words in `language` (``en`` or ``es``)."""
        return self.es if language == "es" else self.en
