"""Identity: what a study is known by, its title's slug and its own link."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

MAX_SLUG = 400
APOSTROPHES = "'’‘ʼ‛′`´"
LISTINGS = ("results", "results.php", "portal")
FRONT_PAGES = ("", "/xray", "/xrays")


def slug(title: str) -> str:
    """A title as lower-case words with single hyphens; empty if it has no letter or digit."""
    bare = "".join(mark for mark in title if mark not in APOSTROPHES)
    spread = unicodedata.normalize("NFKD", bare).lower()
    plain = "".join(mark for mark in spread if not unicodedata.combining(mark))
    plain = "".join(mark for mark in plain if mark not in APOSTROPHES)
    words = re.findall(r"[^\W_]+", plain)
    return "-".join(words)[:MAX_SLUG].strip("-")


def own_link(url: str | None) -> str | None:
    """The path that a study's own page has on every host, None for a listing or no path."""
    try:
        path = unquote(urlsplit((url or "").strip()).path)
    except ValueError:
        return None
    path = unicodedata.normalize("NFC", re.sub(r"/+", "/", path).rstrip("/")).casefold()
    parts = path.split("/")
    if "\0" in path or path in FRONT_PAGES or parts[-1] in LISTINGS or "portal" in parts[:-1]:
        return None
    return path


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, typography (quotes, dashes, width, case, blanks) aside."""
    return _plain(one) == _plain(other)


def _plain(title: str) -> str:
    text = unicodedata.normalize("NFKC", title).casefold()
    text = re.sub(r"[‐‑‒–—―−]", "-", text)
    text = re.sub(rf"[{re.escape(APOSTROPHES)}]", "'", text)
    text = re.sub(r"[“”„«»]", '"', text)
    return " ".join(text.split())
