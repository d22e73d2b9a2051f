"""Content: what a mail says, as plain texts and links, before it has any form.

Whatever stands here is shown; nothing is looked up later. Empty texts and tuples are left out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `url` is one of our own addresses."""

    words: str
    url: str


@dataclass(frozen=True)
class Row:
    """One criterion of a label: what it asks, how it stands (``yes``, ``unknown``, ``no``; and in
    words) and why."""

    label: str
    verdict: str
    words: str
    why: str


@dataclass(frozen=True)
class ItemContent:
    """One review of a digest.

    `news` says what is new about it. `group` is the heading of the reviews from this one on,
    `group_note` a line under it; then all reviews of the mail are grouped. `kind` and what
    follows are for full detail only: `kind` is the level's public word, `level` its words, `asks`
    what to ask the doctor, `tells` what only the reader can tell us, each as one line.
    """

    news: str
    title: str
    title_language: str
    in_english: str
    link: Link
    group: str = ""
    group_note: str = ""
    marks: tuple[str, ...] = ()
    kind: str = ""
    level: str = ""
    note: str = ""
    about: str = ""
    why: str = ""
    rows: tuple[Row, ...] = ()
    asks_title: str = ""
    asks: tuple[str, ...] = ()
    tells: str = ""
    science: str = ""
    mute: Link | None = None


@dataclass(frozen=True)
class Section:
    """A headed part beside the reviews: lines, and perhaps a button."""

    heading: str
    lines: tuple[str, ...]
    button: Link | None = None


@dataclass(frozen=True)
class Foot:
    """The end of a mail: why it came, what it is not, the ways out, and who sent it."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class MailContent:
    """A whole mail. `site` is the sender's name, `lead` stands before anything personal.

    A letter has no items: only its lead, a button, and lines after it.
    """

    language: str
    subject: str
    site: str
    heading: str
    lead: tuple[str, ...]
    foot: Foot
    button: Link | None = None
    after: tuple[str, ...] = ()
    items: tuple[ItemContent, ...] = ()
    beside: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
