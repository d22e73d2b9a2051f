"""Cleaning: takes out of a text what a header or a reader's eyes could be tricked by."""

from __future__ import annotations

import re
from functools import lru_cache

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://+")
_DOT_OF_NAME = re.compile(r"(?<=[^\W_])[.\u3002\uff0e\uff61](?=[^\W\d_]{2})")
"""A dot in the middle of a host's name, of ASCII or of those that browsers take for one."""


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


@lru_cache(maxsize=4096)
def without_addresses(text: str) -> str:
    """The text in one line, with its words, but nothing that a mail program makes a link of.

    For what others wrote: a title "see https://example.org" becomes "see example . org".
    """
    text = _SCHEME.sub("", one_line(text)).replace("://", ": ")
    return _DOT_OF_NAME.sub(" . ", text)
