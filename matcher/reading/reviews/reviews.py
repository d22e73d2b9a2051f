"""Reviews: a plain-language review page, read into a draft that reports what was not used.

Only the RELEVANCE block says whom a review is for: the words that a page explains in its
glossary are often lost from the rest of its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from matcher.core.study import Audience, Ratings, Section, Study
from matcher.reading.reviews.dates import ANY_DATE, DateError, read_date
from matcher.reading.reviews.drafts import MAX_ALSO, MAX_LABEL, Draft, SourceError, Unused, cut
from matcher.reading.reviews.lines import Line, Page
from matcher.reading.reviews.links import check_link
from matcher.reading.reviews.review_signs import (
    RATINGS,
    Sign,
    is_known_heading,
    rating_value,
    sign_of,
)
from matcher.reading.reviews.review_title import Title, find_title

POSTED = re.compile(rf"\(?\bposted(?: on)?[ :]*({ANY_DATE})?[ ]?\)?", re.I)
UPDATE = re.compile(rf"\bupdated?\b[^.]{{0,40}}?{ANY_DATE}|^update\b", re.I)
LONGEST_BULLET_WITHOUT_SIGN = 150
SUMMARY, DISCLOSURE = "Summary", "Disclosure"
ALWAYS_STATED = ("title", "most", "also", "sections", "references", *RATINGS.values())


def read_review(page: Page, *, url: str | None = None) -> Draft:
    """The draft of a review page; `url` overrules the page's own link.

    Raises `SourceError` for a page that is not one review.
    """
    title = find_title(page)
    reading = _Reading(title, place="before" if title.at else "top")
    for at, line in enumerate(page.lines):
        if at in title.at:
            reading.place = "top"
        else:
            reading.take(line, sign_of(line))
    reading.check()
    reading.choose_link((url,) if url else page.links)
    return reading.draft()


@dataclass
class _Part:
    """A headed part of the page, while it is being read."""

    heading: str
    number: int
    lines: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    """What was read so far. `place`: where in the review the next line stands."""

    title: Title
    place: str
    label: Line | None = None
    bullets: list[Line] = field(default_factory=list)
    ratings: dict[str, str] = field(default_factory=dict)
    awaited: str = ""
    posted: date | None = None
    url: str | None = None
    sections: list[_Part] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    has_block: bool = False

    def take(self, line: Line, sign: Sign) -> None:
        """Read one line."""
        awaited, self.awaited = self.awaited, ""
        if awaited and sign.kind == "plain" and rating_value(awaited, line.text):
            self._take_rating(line, Sign("rating", awaited, line.text))
        elif sign.kind == "most" and not self._is_sentence(sign):
            self._take_most(line, sign)
        elif sign.kind == "also" and not self._is_sentence(sign):
            self._take_also(line, sign)
        elif sign.kind == "rating":
            self._take_rating(line, sign)
        elif sign.kind == "block":
            self.place, self.has_block, self.awaited = "block", True, "relevance"
        elif sign.kind == "heading" and self.place != "before":
            self._take_heading(line, sign)
        else:
            self._take_plain(line)

    def _is_sentence(self, sign: Sign) -> bool:
        """Whether "most relevant for" stands in the running text of a section."""
        return self.place == "section" and self.has_block and not sign.name.endswith(":")

    def _take_most(self, line: Line, sign: Sign) -> None:
        self.has_block = True
        if self.label is None:
            self.place = "block" if sign.value else "label"
            self.label = Line(line.number, sign.value)
        elif sign.value != self.label.text and not self._has_sections():
            raise SourceError(
                "the page lists several reviews",
                f"line {line.number}",
                "Open the review's own page and save that.",
            )
        else:
            self._leave(line, "a second label: a page holds one review")

    def _take_also(self, line: Line, sign: Sign) -> None:
        self.place = "also"
        for part in filter(None, map(str.strip, sign.value.split(";"))):
            self._add_bullet(Line(line.number, part))

    def _take_rating(self, line: Line, sign: Sign) -> None:
        self.has_block, self.place = True, "block" if self.place == "also" else self.place
        value = rating_value(sign.name, sign.value)
        if not sign.value:
            self.awaited = sign.name
        elif value is None:
            self._leave(line, "not one of the words that this rating is given in")
        elif self.ratings.setdefault(sign.name, value) != value:
            self._leave(line, "another value of this rating was read first")

    def _take_heading(self, line: Line, sign: Sign) -> None:
        name = sign.name.lower().rstrip(":")
        if self.place == "after" and not is_known_heading(sign.name):
            self._leave(line, "it stands after the end of the review")
        elif name.startswith("reference"):
            self.place = "references"
            self.references += [sign.value] if sign.value else []
        else:
            is_end = name.startswith("disclosure")
            self.sections.append(_Part(DISCLOSURE if is_end else line.text, line.number))
            self.place = "disclosure" if is_end else "section"
            if sign.value:
                self._take_plain(Line(line.number, sign.value))

    def _take_plain(self, line: Line) -> None:
        if self.place != "top" and POSTED.fullmatch(line.text):
            self._take_posted(line)
        elif self.place in ("label", "also", "block"):
            self._take_in_block(line)
        elif self.place == "top":
            self._take_summary(line)
        elif self.place in ("section", "disclosure"):
            self.sections[-1].lines.append(f"- {line.text}" if line.bullet else line.text)
            self.place = "after" if self.place == "disclosure" else self.place
        elif self.place == "references":
            self.references.append(line.text)
        else:
            side = "before the title" if self.place == "before" else "after the end of the review"
            self._leave(line, f"it stands {side}")

    def _take_in_block(self, line: Line) -> None:
        marked = any(bullet.bullet for bullet in self.bullets)
        short = not marked and len(line.text) <= LONGEST_BULLET_WITHOUT_SIGN
        if self.place == "label":
            self.label, self.place = line, "block"
        elif self.place == "also" and (line.bullet or short):
            self._add_bullet(line)
        elif line.bullet or self._has_summary():
            self._leave(line, "not a known line of the RELEVANCE block")
        else:
            self.place = "top"
            self._take_summary(line)

    def _take_summary(self, line: Line) -> None:
        if UPDATE.search(line.text):
            self._leave(line, "an update inside the summary: an editor may add it as an event")
        self._take_posted(line)
        text = POSTED.sub(lambda found: "" if _is_posted(found) else found.group(), line.text)
        if not self._has_summary():
            self.sections.insert(0, _Part(SUMMARY, line.number))
        if text.strip():
            self.sections[0].lines.append(text.strip())

    def _take_posted(self, line: Line) -> None:
        for found in filter(_is_posted, POSTED.finditer(line.text)):
            try:
                day = read_date(found[1] or "")
            except DateError as error:
                self.unused.append(Unused(line.number, cut(found.group()), str(error)))
                continue
            self.posted = self.posted or day
            if self.posted != day:
                self._leave(line, f"the date {self.posted} was read first")

    def _add_bullet(self, line: Line) -> None:
        if len(self.bullets) == MAX_ALSO:
            raise SourceError(
                f"more than {MAX_ALSO} audiences", f"line {line.number}", "Check the page's text."
            )
        if line.text not in (bullet.text for bullet in self.bullets):
            self.bullets.append(line)

    def _has_sections(self) -> bool:
        return any(part.heading != SUMMARY for part in self.sections)

    def _has_summary(self) -> bool:
        return bool(self.sections) and self.sections[0].heading == SUMMARY

    def _leave(self, line: Line, why: str) -> None:
        self.unused.append(Unused(line.number, cut(line.text), why))

    def check(self) -> None:
        """Refuse what is no review; report what is missing from one."""
        if not self.has_block and not self.bullets:
            raise SourceError(
                'this is not a review page: it has no RELEVANCE block with "Most relevant for"',
                "",
                "Save the review's own page, or name the format with --format.",
            )
        for line in filter(None, (self.label, *self.bullets)):
            if len(line.text) > MAX_LABEL:
                raise SourceError(
                    f"an audience of {len(line.text):,} characters; at most {MAX_LABEL:,}",
                    f"line {line.number}",
                    "Check that each paragraph of the page stands on a line of its own.",
                )
        if self.label is None or not self.label.text:
            number = self.label.number if self.label else None
            self.unused.append(Unused(number, "Most relevant for:", "the label is empty"))
        for part in self.sections:
            if not part.lines and part.heading != SUMMARY:
                self.unused.append(Unused(part.number, part.heading, "a heading without text"))
        if self.title.kind is None:
            why = "the page does not say of what kind it is; taken as a study"
            self.unused.append(Unused(self.title.line, cut(self.title.text), why))

    def choose_link(self, links: tuple[str, ...]) -> None:
        """Take the first link that can be used."""
        for link in links:
            if fault := check_link(link):
                self.unused.append(Unused(None, cut(link), fault))
            elif self.url is None:
                self.url = link
            elif link != self.url:
                self.unused.append(Unused(None, cut(link), "another link was read first"))

    def draft(self) -> Draft:
        """All that was read."""
        known = {"kind": self.title.kind, "posted": self.posted, "url": self.url}
        has_label = self.label is not None and self.label.text != ""
        audiences = [line for line in (self.label, *self.bullets) if line and line.text]
        study = Study(
            key="",
            title=self.title.text,
            url=self.url,
            kind=self.title.kind or "Study",
            posted=self.posted,
            most=Audience(audiences[0].text, None) if has_label else None,
            also=tuple(Audience(line.text, None) for line in self.bullets),
            ratings=Ratings(**self.ratings),
            sections=tuple(
                Section(part.heading, "\n".join(part.lines)) for part in self.sections if part.lines
            ),
            references=tuple(self.references),
        )
        return Draft(
            study=study,
            stated=frozenset((*ALWAYS_STATED, *(name for name, value in known.items() if value))),
            line=self.title.line,
            unused=tuple(sorted(self.unused, key=lambda part: part.line or 0)),
            lines={line.text: line.number for line in reversed(audiences)},
        )


def _is_posted(found: re.Match[str]) -> bool:
    return found[1] is not None or found.group().startswith("(")
