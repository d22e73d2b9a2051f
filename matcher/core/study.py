"""Study: one review or trial record, whom it is for and how its editors rated it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from matcher.core.conditions import Condition, tags_in
from matcher.core.text import Text

KINDS = ("Study", "Article", "Update", "Guideline", "Topic", "Personal Story", "Trial")
RATING_WORDS = ("High", "Medium-High", "Medium", "Medium-Low", "Low")
TIMELINES = ("Laboratory", "Animal Studies", "Human Research", "Post Approval")
SET_MARKS = ("lab", "animal", "weak", "not_research", "wider_label")
"""Marks that a study keeps whatever the day; `aged` is computed from the day, `changed`,
`superseded` and `retracted` come from its events and standing."""
STANDINGS = ("current", "superseded", "retracted")


@dataclass(frozen=True)
class Audience:
    """Whom a study is for, as printed and as read. `condition` is None if nothing was read.

    `confirmed` says that an editor settled the condition: it is never read again by machine.
    """

    text: str
    condition: Condition | None
    confirmed: bool = False

    @property
    def counts(self) -> bool:
        """Whether any tag was read: only then the audience takes part in the level."""
        return self.condition is not None and next(tags_in(self.condition), None) is not None


@dataclass(frozen=True)
class Ratings:
    """The review's own ratings, as printed (`RATING_WORDS`, `TIMELINES`) or None."""

    relevance: str | None = None
    strength_of_science: str | None = None
    quality_of_writing: str | None = None
    research_timeline: str | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened in the world after a study was posted."""

    on: date
    text: Text
    url: str | None = None


@dataclass(frozen=True)
class Section:
    """A headed part of a review's own page (for the curator; never shown as our words)."""

    heading: str
    text: str


@dataclass(frozen=True)
class Study:
    """A catalogue entry. `most` is the "most relevant for" audience, `also` the others.

    `summary` is the catalogue's own words, true `as_of` that day. `standing` is one of
    `STANDINGS`; superseded and retracted studies are in no list.
    """

    key: str
    title: str
    url: str | None = None
    kind: str = "Study"
    posted: date | None = None
    most: Audience | None = None
    also: tuple[Audience, ...] = ()
    ratings: Ratings = field(default_factory=Ratings)
    marks: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    standing: str = "current"
    summary: Text | None = None
    as_of: date | None = None
    topics: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    references: tuple[str, ...] = ()
