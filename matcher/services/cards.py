"""Cards: a match as it is shown to a person, marks first, ratings apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from matcher.core.levels import Level
from matcher.core.matching import Match
from matcher.core.reasons import Reason
from matcher.core.rulebook import Attribute, Rulebook
from matcher.core.study import TIMELINES, Ratings, Study
from matcher.core.truth import Truth
from matcher.services.askable import Askable
from matcher.services.doctor import doctor_questions
from matcher.words import Speaker

MOST_ASKED = 2
MOST_ALTERNATIVES = 3
LOUD_MARKS = ("retracted", "superseded", "lab", "animal", "weak", "changed")
RATED = ("relevance", "strength_of_science", "quality_of_writing")


@dataclass(frozen=True)
class Card:
    """One match with what its card says to the person whom `speaker` speaks to.

    `passed` are the keys of questions that are not to come back (see `askable.passed_over`).
    """

    match: Match
    book: Rulebook
    speaker: Speaker
    passed: frozenset[str] = frozenset()

    @property
    def study(self) -> Study:
        """The study."""
        return self.match.study

    @property
    def level(self) -> str:
        """The level's public word."""
        return self.match.level.word

    @cached_property
    def chips(self) -> tuple[tuple[Reason, ...], ...]:
        """The criteria that carry the level, one tuple for each of the best alternatives."""
        best = self._best_groups()
        if self.match.level == Level.RELATED:
            # What holds first; then what its main label asks and we cannot say yes to.
            also = tuple(r for r in self.match.reasons if _is_also(r) and r.verdict == Truth.YES)
            lacking = [tuple(r for r in group if r.verdict != Truth.YES) for group in best]
            best = [also + lacking[0], *lacking[1:]] if lacking else [also]
        chips = best or [tuple(filter(_is_also, self.match.reasons))]
        return tuple(tuple(sorted(group, key=self._place)) for group in chips if group)

    def _best_groups(self) -> list[tuple[Reason, ...]]:
        groups = groups_of(self.match.reasons)
        most = max(map(_worth, groups), default=None)
        best = [group for group in groups if _worth(group) == most]
        return best[:1] if self.match.level == Level.FITS else best[:MOST_ALTERNATIVES]

    @cached_property
    def flat_chips(self) -> tuple[Reason, ...]:
        """All chips in one row."""
        return tuple(dict.fromkeys(reason for group in self.chips for reason in group))

    @cached_property
    def unknown(self) -> tuple[Reason, ...]:
        """The chips that are not known yet. What was declined is nothing to settle."""
        return tuple(
            open_part
            for reason in self.flat_chips
            if reason.verdict == Truth.UNKNOWN
            for open_part in without_declined(reason)
        )

    @property
    def headline(self) -> str:
        """The level in words; for "may be about you" with what it depends on."""
        if self.depends:
            return self.speaker.say("level.depends", list=self._wanted)
        return self.level_words

    @property
    def level_words(self) -> str:
        """The level in words."""
        return self.speaker.say(f"level.{self.level}")

    @property
    def depends(self) -> str:
        """What "may be about you" depends on; empty at every other level."""
        if self.match.level != Level.MAY_FIT or not self.unknown:
            return ""
        return self.speaker.say("results.depends", list=self._wanted)

    @property
    def _wanted(self) -> str:
        quoted = [f"“{label}”" for label in _labels(self.unknown)]
        return self.speaker.listed(quoted, style="or" if len(self.chips) > 1 else "standard")

    @property
    def why(self) -> str:
        """One sentence why; empty where nothing is left to settle but what was declined."""
        if self.match.level == Level.FITS:
            return self.speaker.say("results.why_fits")
        wanted = [Truth.NO, Truth.UNKNOWN, Truth.YES]
        if self.match.level in (Level.MAY_FIT, Level.OPEN):
            wanted = [Truth.UNKNOWN]
        in_order = sorted(
            (r for r in (*self.flat_chips, *self.match.reasons) if r.verdict in wanted),
            key=lambda reason: wanted.index(reason.verdict),
        )
        telling = (part for reason in in_order for part in without_declined(reason))
        return next(map(brief, telling), "")

    @property
    def marks(self) -> list[tuple[str, bool]]:
        """The marks, each with whether it is a loud one; the loud ones first."""
        marks = [(mark, mark in LOUD_MARKS) for mark in self.match.marks]
        return sorted(marks, key=lambda mark: not mark[1])

    def _place(self, reason: Reason) -> tuple[int, int]:
        """Chips stand as the form asks: what fits, what is not known, what differs."""
        order = list(self.book.attributes)
        keys = [unit.partition(".")[0] for unit in (*reason.settle, *reason.answers)]
        return -int(reason.verdict), max((order.index(key) for key in keys), default=len(order))

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask the doctor where something is unknown."""
        return self.doctor_questions(self._to_ask)[:MOST_ASKED]

    @property
    def tells(self) -> tuple[Attribute, ...]:
        """What the person can tell without a doctor where something is unknown."""
        return self_told(self._to_ask, self.book)[:MOST_ASKED]

    @property
    def _to_ask(self) -> tuple[str, ...]:
        if self.match.level not in (Level.MAY_FIT, Level.OPEN):
            return ()
        return self.to_ask(self.unknown)

    @property
    def askable(self) -> Askable:
        """What this person may be asked for."""
        return Askable(self.match.explain, self.passed)

    def to_ask(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        """The answers that would settle reasons and that this person may be asked for."""
        units = (unit for reason in reasons for unit in to_ask(reason, self.book))
        return tuple(filter(self.askable, dict.fromkeys(units)))

    def doctor_questions(self, units: Iterable[str]) -> tuple[str, ...]:
        """The questions to this person's doctor that would find these answers out."""
        can_tell = filter(self.askable.of_doctor, units)
        answers = self.askable.explain.answers
        return doctor_questions(can_tell, self.book, self.speaker, answers=answers)

    @property
    def ratings(self) -> list[tuple[str, str]]:
        """The review's own ratings: name and value as printed."""
        return rated(self.study.ratings)


def rated(ratings: Ratings) -> list[tuple[str, str]]:
    """The ratings that were printed, as (name, value)."""
    values = [(name, getattr(ratings, name)) for name in RATED]
    return [(name, value) for name, value in values if value]


def stages(ratings: Ratings) -> list[tuple[str, bool]]:
    """The research stages in order, each with whether it is this study's; empty if unknown."""
    if ratings.research_timeline not in TIMELINES:
        return []
    return [(stage, stage == ratings.research_timeline) for stage in TIMELINES]


def groups_of(reasons: Iterable[Reason]) -> list[tuple[Reason, ...]]:
    """The reasons of "most", one tuple for each alternative."""
    groups: dict[int, list[Reason]] = {}
    for reason in reasons:
        if not _is_also(reason):
            groups.setdefault(reason.group, []).append(reason)
    return [tuple(group) for group in groups.values()]


def flat(reason: Reason) -> Iterator[Reason]:
    """A reason and all its parts."""
    yield reason
    for part in reason.parts:
        yield from flat(part)


def without_declined(reason: Reason) -> tuple[Reason, ...]:
    """A reason; of an unknown one that rests on declined answers, its other unknown parts."""
    if reason.verdict != Truth.UNKNOWN or not any(part.declined for part in flat(reason)):
        return (reason,)
    unknown = [part for part in reason.parts if part.verdict == Truth.UNKNOWN]
    return tuple(found for part in unknown for found in without_declined(part))


def to_ask(reason: Reason, book: Rulebook) -> tuple[str, ...]:
    """The answers that would settle a reason, coarse ones that could be told finer included."""
    if reason.verdict != Truth.UNKNOWN or reason.declined:
        return ()
    if reason.parts:
        return tuple(unit for part in reason.parts for unit in to_ask(part, book))
    if reason.settle:
        return reason.settle
    attributes = {unit: book.attributes[unit] for unit in reason.answers if unit in book.attributes}
    return tuple(
        unit
        for unit, attribute in attributes.items()
        if any(option.wider for option in attribute.options)
    )


def self_told(units: Iterable[str], book: Rulebook) -> tuple[Attribute, ...]:
    """The questions that the person can answer alone, each once."""
    keys = dict.fromkeys(unit.partition(".")[0] for unit in units)
    return tuple(book.attributes[key] for key in keys if book.attributes[key].self_told)


def web_link(url: str | None) -> str | None:
    """A link that a browser may follow to another site, or None."""
    parts = urlsplit(url or "")
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host_of(link: str | None) -> str:
    """The site that a link leads to, as people know it; empty for None."""
    host = (urlsplit(link).hostname or "") if link else ""
    known = host.removeprefix("www.").removeprefix("mail.")
    return known if "." in known else host


def brief(reason: Reason) -> str:
    """A reason in one sentence or two; of a compound, that of the part that decides it.

    A "not" has a single part, and says itself what is asked.
    """
    while len(reason.parts) > 1 and reason.text != reason.parts[0].text:
        alike = [part for part in reason.parts if part.verdict == reason.verdict]
        reason = (alike or list(reason.parts))[0]
    return reason.text


def _is_also(reason: Reason) -> bool:
    return reason.strength == "also"


def _worth(group: tuple[Reason, ...]) -> tuple[int, int]:
    least = min(int(reason.verdict) for reason in group)
    return least, sum(reason.verdict == Truth.YES for reason in group)


def _labels(reasons: Iterable[Reason]) -> list[str]:
    return list(dict.fromkeys(reason.label for reason in reasons))
