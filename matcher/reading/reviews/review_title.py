"""Review title: which line of a page is its title, and of what kind it says the review is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.reading.reviews.drafts import MAX_TITLE, SourceError
from matcher.reading.reviews.lines import Line, Page
from matcher.reading.reviews.review_signs import sign_of, split_kind

SITE = re.compile(r" [|»·–—-] (?:(?! [|»·–—-] ).){1,60}$")


@dataclass(frozen=True)
class Title:
    """A title without its kind. `at`: the indexes of the page's lines that it stands on."""

    text: str
    kind: str | None
    line: int
    at: frozenset[int]


def find_title(page: Page) -> Title:
    """The page's title; raises `SourceError` if it has none or one that is too long."""
    end = next((at for at, line in enumerate(page.lines) if sign_of(line).kind == "most"), None)
    title = _choose(page, page.lines[:end])
    if len(title.text) > MAX_TITLE:
        raise SourceError(
            f"the title has {len(title.text):,} characters, at most {MAX_TITLE} are taken",
            f"line {title.line}",
            "Check that each paragraph of the page stands on a line of its own.",
        )
    return title


def _choose(page: Page, top: Sequence[Line]) -> Title:
    """With its kind before without; marked as a title before unmarked."""
    titles = [at for at, line in enumerate(top) if line.title]
    headings = [at for at, line in enumerate(top) if line.heading]
    for group in (titles, headings):
        if at := _with_kind(top, group):
            return at
    if named := [at for at in titles if len(top[at].text.split()) > 2]:
        return _plain(top, named[0])
    if found := _with_kind(top, range(len(top))):
        return found
    if page.name:
        kind, text = split_kind(SITE.sub("", page.name))
        return Title(text, kind, 1, frozenset())
    if not top or sign_of(top[0]).kind not in ("plain", "heading"):
        raise SourceError("no title was found", "", "Save the page with its title at the top.")
    return _plain(top, 0)


def _with_kind(top: Sequence[Line], indexes: Iterable[int]) -> Title | None:
    for at in indexes:
        kind, rest = split_kind(top[at].text)
        if kind and rest:
            return Title(rest, kind, top[at].number, frozenset((at,)))
        if kind and at + 1 < len(top) and sign_of(top[at + 1]).kind in ("plain", "heading"):
            following = top[at + 1]
            return Title(following.text, kind, following.number, frozenset((at, at + 1)))
    return None


def _plain(top: Sequence[Line], at: int) -> Title:
    before = split_kind(top[at - 1].text) if at else (None, "")
    kind = before[0] if before[1] == "" else None
    return Title(top[at].text, kind, top[at].number, frozenset((at - 1, at) if kind else (at,)))
