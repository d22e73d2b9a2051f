"""HTML text: the lines that a reader sees on a saved page, however broken its markup is.

The document is cut into pieces by `html_pieces`; the standard library's parser reads each tag
by itself. (Given a whole document, that parser takes time that grows with the square of the
length for some broken markup.)
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from matcher.reading.reviews.html_pieces import pieces
from matcher.reading.reviews.lines import Line, Page, make_line, tidy

INLINE_NAMES = (
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img ins kbd label mark "
    "q s samp small span strike strong sub sup time tt u var wbr"
)
UNSEEN_NAMES = "canvas head iframe math nav noscript object script select style svg template video"
VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
INLINE, UNSEEN, VOID = (
    frozenset(names.split()) for names in (INLINE_NAMES, UNSEEN_NAMES, VOID_NAMES)
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MAX_TAG = 20_000


def html_page(document: str) -> Page:
    """The visible lines of an HTML document, with the line numbers of the document."""
    reader = _Reader(skip_unseen=True)
    reader.read(document)
    if reader.hidden_by:
        # Something unseen was opened and never closed, and took the rest of the page with it.
        reader = _Reader(skip_unseen=False)
        reader.read(document)
    return Page(tuple(reader.lines), tuple(dict.fromkeys(reader.links)), reader.name)


class _Reader(HTMLParser):
    def __init__(self, *, skip_unseen: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._skip_unseen = skip_unseen
        self._depth = 0
        self._parts: list[str] = []
        self._start = self._number = 1
        self._heading = ""
        self._item = False
        self.hidden_by = ""
        self.lines: list[Line] = []
        self.links: list[str] = []
        self.name = ""

    def read(self, document: str) -> None:
        """Read a whole document."""
        for piece in pieces(document):
            if piece.kind == "tag":
                self._read_tag(piece.text)
            elif piece.kind == "text":
                self._add(piece.text)
            elif piece.kind == "name":
                self.name = self.name or tidy(_unescape(piece.text))
            self._number += piece.text.count("\n")
        self._end_line()

    def _read_tag(self, tag: str) -> None:
        if len(tag) > MAX_TAG:
            # A picture inside the page, for example: the name is enough.
            tag = (re.match(r"</?[A-Za-z0-9:-]*", tag) or [""])[0] + ">"
        self.rawdata = ""
        self.feed(tag)
        self.clear_cdata_mode()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = {name: value or "" for name, value in attrs}
        self._note_link(tag, given)
        if self.hidden_by:
            self._depth += tag == self.hidden_by
        elif self._skip_unseen and tag not in VOID and (tag in UNSEEN or _is_hidden(given)):
            self.hidden_by, self._depth = tag, 1
        elif tag not in INLINE:
            self._end_line()
            self._heading = tag if tag in HEADINGS else ""
            self._item = tag == "li" or (self._item and tag not in ("ul", "ol", *HEADINGS))

    def handle_endtag(self, tag: str) -> None:
        """Close an element; an end without a start changes nothing but the line."""
        if self.hidden_by:
            self._depth -= tag == self.hidden_by
            self.hidden_by = self.hidden_by if self._depth else ""
        elif tag not in INLINE:
            self._end_line()
            self._heading = ""
            self._item = self._item and tag not in ("li", "ul", "ol")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat ``<br/>`` as ``<br>``, and ``<span/>`` as ``<span>``, as browsers do."""
        self.handle_starttag(tag, attrs)

    def _note_link(self, tag: str, given: dict[str, str]) -> None:
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.links.append(given.get("href", "").strip())
        if tag == "meta" and given.get("property", "").lower() == "og:url":
            self.links.append(given.get("content", "").strip())

    def _add(self, text: str) -> None:
        if self.hidden_by:
            return
        if not self._parts:
            blank = len(text) - len(text.lstrip())
            self._start = self._number + text[:blank].count("\n")
        if self._parts or text.strip():
            self._parts.append(_unescape(text))

    def _end_line(self) -> None:
        made = make_line(self._start, "".join(self._parts))
        self._parts.clear()
        if made is not None:
            is_bullet = made.bullet or self._item
            is_title = self._heading == "h1"
            self.lines.append(
                Line(made.number, made.text, is_bullet, bool(self._heading), is_title)
            )


def _is_hidden(given: dict[str, str]) -> bool:
    style = given.get("style", "").replace(" ", "").lower()
    return "hidden" in given or "display:none" in style or given.get("aria-hidden") == "true"


def _unescape(text: str) -> str:
    # html.unescape raises for a number of thousands of digits.
    return html.unescape(re.sub(r"&#[xX]?[0-9A-Fa-f]{9,};?", "\ufffd", text))
