"""Sharing: what one audience of a label says that is meant for its neighbours too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from matcher.core.conditions import Condition, tags_in
from matcher.reading.lexicon import Lexicon
from matcher.reading.people import Head
from matcher.reading.shaping import join

PERSONAL_TOPICS = frozenset({"people"})
ROLE_WORDS = frozenset({"survivor", "carrier", "patient"})


@dataclass
class Audience:
    """One audience of a label while it is being read."""

    link: str
    head: Head
    start: int
    end: int
    clauses: list[Condition] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, link: str, condition: Condition) -> None:
        """Take in what a further clause says."""
        if self.clauses:
            self.links.append(link)
        self.clauses.append(condition)

    def said(self) -> Condition | None:
        """What the clauses say together."""
        return join(self.clauses, self.links, lambda _: False) if self.clauses else None


def share_before(audiences: list[Audience], lexicon: Lexicon) -> None:
    """ "Black women and men", "breast cancer patients and survivors": the first words of both."""
    first = audiences[0]
    for other in audiences[1:]:
        if first.clauses or other.head.before is not None or other.head.foreign:
            return
        if other.head.word == first.head.word:
            continue
        alike = other.head.kind == "person" if _is_personal(first, lexicon) else _is_role(other)
        if first.head.before is not None and alike:
            other.head = replace(other.head, before=first.head.before)


def take_clauses(audience: Audience, last: Audience, lexicon: Lexicon) -> None:
    """Give an audience without clauses those of the last one that are meant for both.

    "Women and men with a BRCA mutation": all; "Nigerian women or women of Nigerian descent who
    have breast cancer": all but the first, which tells the second women from the first; "breast
    cancer survivors and people at high risk": none.
    """
    if audience is last or audience.clauses or audience.head.foreign or last.head.foreign:
        return
    skipped = 0
    if not _is_personal(audience, lexicon) and not _is_role(last):
        return
    if audience.head.word == last.head.word and last.head.before is None:
        skipped = 1
    for place in range(skipped, len(last.clauses)):
        link = last.links[place - 1] if place > skipped else ""
        audience.add(link, last.clauses[place])


def _is_personal(audience: Audience, lexicon: Lexicon) -> bool:
    """Whether a head says no more than who people are (women, Black women, young people)."""
    said = (audience.head.before, audience.head.person)
    keys = [key for condition in said if condition is not None for key in tags_in(condition)]
    topics = {lexicon.book.tag(key).topic for key in keys}
    return audience.head.kind != "survivor" and topics <= PERSONAL_TOPICS


def _is_role(audience: Audience) -> bool:
    """Whether a bare word ("survivors") needs what stands before the first audience."""
    return audience.head.word in ROLE_WORDS and audience.head.kind != "person"
