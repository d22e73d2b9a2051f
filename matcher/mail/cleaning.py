"""Cleaning: takes out of a text what a header or a reader's eyes could be tricked by."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def one_line(text: str) -> str:
    """The text in one line of letters that can be printed, blanks between words made one.

    What turns the direction of writing, lone surrogates and the like are gone.
    """
    if not text.isprintable():
        spaced = _BREAKS.sub(" ", text)
        text = "".join(letter for letter in spaced if letter.isprintable())
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip()
