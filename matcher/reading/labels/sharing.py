"""Sharing: what one audience of a label says that is meant for its neighbours too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from matcher.core.conditions import AnyOf, Condition, Tag, Unread, tags_in
from matcher.reading.labels.lexicon import Lexicon
from matcher.reading.labels.people import Head
from matcher.reading.labels.shaping import diagnosed_sites, join

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
    words: list[str] = field(default_factory=list)
    silent: int = 0

    def add(self, link: str, condition: Condition | None, words: str) -> None:
        """Take in what a further clause says; `silent` counts those before that say nothing."""
        if condition is None:
            self.silent += not self.clauses
            return
        if self.clauses:
            self.links.append(link)
        self.clauses.append(condition)
        self.words.append(words)

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
    _doubt_diagnoses(audiences, lexicon)
    for first, other in reversed(list(pairwise(audiences))):
        if first.head.foreign or other.head.foreign:
            continue
        if first.clauses:
            _doubt_trailing(first, other, lexicon)
            continue
        if not _is_personal(first, lexicon) and not _are_one_noun(first, other, lexicon):
            continue
        repeats = first.head.word == other.head.word and other.head.before is None
        for place in range(int(repeats), len(other.clauses)):
            link = other.links[place - 1] if place > int(repeats) else ""
            first.add(link, other.clauses[place], other.words[place])


def _doubt_trailing(first: Audience, other: Audience, lexicon: Lexicon) -> None:
    """What only the later audience says at its end may be meant for the earlier one too.

    "Women over 50 and men over 40 with BRCA mutations". Whoever fulfils it belongs to it in both
    ways; for others nobody can tell.
    """
    own = _topics([first.head.before, first.head.person, *first.clauses], lexicon)
    if own <= PERSONAL_TOPICS and _are_one_noun(first, other, lexicon):
        begun = 0
    else:
        known = int(_says_more(other)) + other.silent
        begun = max(0, len(first.clauses) + int(_says_more(first)) - known)
    for clause, words in zip(other.clauses[begun:], other.words[begun:], strict=True):
        topics = _topics([clause], lexicon)
        if not topics or not topics <= own:
            first.add("and", AnyOf((clause, Unread(words))), words)


def _says_more(audience: Audience) -> bool:
    before = audience.head.before
    return before is not None and next(tags_in(before), None) is not None


def _doubt_diagnoses(audiences: list[Audience], lexicon: Lexicon) -> None:
    """ "Men diagnosed with breast cancer and women diagnosed before age 50": of which cancer?"""
    is_named = False
    for audience in audiences:
        said = audience.said()
        sites = diagnosed_sites(said, lexicon)
        if not sites and said is not None and is_named and _is_of_diagnosis(said, lexicon):
            audience.add("and", Unread("diagnosed"), "diagnosed")
        is_named = is_named or bool(sites)


def _is_of_diagnosis(condition: Condition, lexicon: Lexicon) -> bool:
    leaves = {leaf for key in tags_in(condition) for leaf in lexicon.leaves(key)}
    return "age_at_diagnosis" in leaves


def _topics(parts: Iterable[Condition | None], lexicon: Lexicon) -> set[str]:
    keys = [key for part in parts if part is not None for key in tags_in(part)]
    return {lexicon.book.tag(key).topic for key in keys}


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
    topics = _topics([audience.head.before, audience.head.person], lexicon)
    return audience.head.kind != "survivor" and topics <= PERSONAL_TOPICS
