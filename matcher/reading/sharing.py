"""Sharing: what one audience of a label says that is meant for its neighbours too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from matcher.core.conditions import Condition, Tag, tags_in
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
    for first, other in pairwise(audiences):
        if first.clauses or other.head.before is not None or first.head.before is None:
            continue
        if _are_one_noun(first, other, lexicon):
            other.head = replace(other.head, before=first.head.before)


def share_clauses(audiences: list[Audience], lexicon: Lexicon) -> None:
    """Give audiences without clauses those of the next one, where they are meant for both.

    "Women and men with a BRCA mutation": all; "Nigerian women or women of Nigerian descent who
    have breast cancer": all but the first, which tells the second women from the first; "breast
    cancer survivors and people at high risk": none.
    """
    for first, other in reversed(list(pairwise(audiences))):
        if first.clauses or first.head.foreign or other.head.foreign:
            continue
        if not _is_personal(first, lexicon) and not _are_one_noun(first, other, lexicon):
            continue
        repeats = first.head.word == other.head.word and other.head.before is None
        for place in range(int(repeats), len(other.clauses)):
            link = other.links[place - 1] if place > int(repeats) else ""
            first.add(link, other.clauses[place])


def _are_one_noun(first: Audience, other: Audience, lexicon: Lexicon) -> bool:
    """Whether two words for people go together: "women and men", "patients and survivors"."""
    if first.head.word == other.head.word or first.head.foreign or other.head.foreign:
        return False
    if first.head.kind == "person" and other.head.kind == "person":
        return not _is_state(first, lexicon) and not _is_state(other, lexicon)
    return other.head.word in ROLE_WORDS and other.head.kind != "person"


def _is_state(audience: Audience, lexicon: Lexicon) -> bool:
    """Whether the word for people says more than their sex ("previvors")."""
    person = audience.head.person
    return isinstance(person, Tag) and lexicon.book.tag(person.key).supports


def _is_personal(audience: Audience, lexicon: Lexicon) -> bool:
    """Whether a head says no more than who people are (women, Black women, young people)."""
    said = (audience.head.before, audience.head.person)
    keys = [key for condition in said if condition is not None for key in tags_in(condition)]
    topics = {lexicon.book.tag(key).topic for key in keys}
    return audience.head.kind != "survivor" and topics <= PERSONAL_TOPICS
