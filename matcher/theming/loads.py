"""Theme loads: what could fetch or run something, in a theme's style sheet or in its signs."""

from __future__ import annotations

import re
from collections.abc import Collection

FUNCTIONS = ("url", "src", "image", "image-set", "cross-fade", "element", "paint", "attr")
"""The functions of CSS that bring something from elsewhere, with or without a maker's prefix."""

_LOADS = re.compile(rf"(?i)@import|@(?!media\b)|\\|<|(?:{'|'.join(FUNCTIONS)})\s*\(")
_OWN = re.compile(r"""(?i)url\(\s*(?:"#([\w.-]+)"|'#([\w.-]+)'|#([\w.-]+))\s*\)""")


def what_loads(text: str, *, own: Collection[str] = ()) -> str | None:
    """The first piece of `text` that could load something, or None.

    ``url(#name)`` loads nothing where `own`, the names given within the same file, has that name.
    """
    found = _LOADS.search(_OWN.sub(lambda url: " " if _name(url) in own else url[0], text))
    return found[0] if found else None


def _name(url: re.Match[str]) -> str:
    return url[1] or url[2] or url[3]
