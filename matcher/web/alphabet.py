"""Alphabet: in which order names stand, and under which letter."""

from __future__ import annotations

import unicodedata


def collation(name: str) -> str:
    """What to sort a name by: accents and case do not count; Ñ stands after N."""
    apart = unicodedata.normalize("NFD", name.casefold().replace("ñ", "n\uffff"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def first_letter(name: str) -> str:
    """The letter that a name stands under."""
    return "Ñ" if name[:1].upper() == "Ñ" else collation(name)[:1].upper()
