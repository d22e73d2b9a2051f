"""Cleaning: takes out of a text what a header or a reader's eyes could be tricked by."""

from __future__ import annotations

import re

_BREAKS = re.compile("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Soft hyphens, what turns the direction of writing or is not seen at all, lone surrogates, and
# what is no character or nobody's but a font's.
_UNSEEN = re.compile(
    "[\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U0010ffff]"
)


def one_line(text: str) -> str:
    """The text in one line of letters that can be seen, blanks between words made one."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).strip()
