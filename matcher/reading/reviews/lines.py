"""Lines: a page as numbered lines of plain text, whatever it was saved as."""

from __future__ import annotations

import re
from dataclasses import dataclass

INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e]")
BULLET = re.compile(r"[-*•·‣◦▪●–—][ \t]+|[•·‣◦▪●]")


@dataclass(frozen=True)
class Line:
    """One line of a page. `heading`: marked as one; `title`: marked as the page's own."""

    number: int
    text: str
    bullet: bool = False
    heading: bool = False
    title: bool = False


@dataclass(frozen=True)
class Page:
    """A page's lines, none of them empty, the links that it gives as its own, its window title."""

    lines: tuple[Line, ...]
    links: tuple[str, ...] = ()
    name: str = ""


def tidy(text: str) -> str:
    """One line of text: blanks and control characters as single blanks, invisible ones gone."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", INVISIBLE.sub("", text)).split())


def make_line(number: int, text: str) -> Line | None:
    """A line without its bullet sign, None if nothing is left of it."""
    plain = tidy(text)
    sign = BULLET.match(plain)
    if sign:
        plain = plain[sign.end() :].strip()
    return Line(number, plain, sign is not None) if plain else None


def text_page(text: str) -> Page:
    """The lines of a plain text."""
    numbered = enumerate(re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text), 1)
    made = (make_line(number, line) for number, line in numbered)
    return Page(tuple(line for line in made if line is not None))
