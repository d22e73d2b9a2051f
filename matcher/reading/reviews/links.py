"""Links: which addresses may become a study's link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MAX_LINK = 1_000


def check_link(link: str) -> str | None:
    """What is wrong with a link, None if nothing is: only whole http(s) addresses are taken."""
    if len(link.encode("utf-8", "surrogatepass")) > MAX_LINK:
        return f"a link longer than {MAX_LINK:,} bytes"
    if re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff<>\"\\]", link):
        return "a link with blanks or characters that no link may hold"
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    return (
        None if usable and "@" not in parts.netloc else "not a whole link such as https://host/page"
    )
