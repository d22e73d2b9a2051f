"""Hard: which matches stand on hard ground that the person did not say concerns them.

A study stands there by its label (tags that the rules mark as tender, unless it asks that they do
not hold) or by its title ("death", "survival": the words of `hard_words` in rules/texts.yaml).
After a loss a title that tells of dying (`words_of_loss`) is hard whatever the label says, unless
the person told of spread or return of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakKeyDictionary

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag
from matcher.core.matching import Outcome
from matcher.core.rulebook import Rulebook, TagRule
from matcher.core.study import Study
from matcher.core.text import LANGUAGES
from matcher.core.truth import Truth
from matcher.services.matching import Matcher

WORDS = "hard_words"
WORDS_OF_LOSS = "words_of_loss"
SPREAD = "stage"
MOST_WAYS = 64

Ways: TypeAlias = frozenset[frozenset[str]]
"""The ways to be spoken to by a label: for each the tender tags that all must hold."""


@dataclass(frozen=True)
class HardStudies:
    """The studies on hard ground by key, with the ways to be spoken to by their main label, and
    all tags of these. A study that is hard by its title alone has no ways here.

    `spread` are the tags about spread and return: to whom the first of a label (`leading`) is
    known, the others of that label are no surprise. The titles of `of_loss` tell of dying.
    """

    ways: Mapping[str, Ways]
    all_tags: frozenset[str]
    leading: frozenset[str]
    spread: frozenset[str]
    of_loss: frozenset[str]

    def concern(self, key: str, told: frozenset[str], *, after_loss: bool = False) -> bool:
        """Whether a person for whom the tags `told` hold is spoken to by this study.

        A hard title concerns whoever told of hard ground: for them it is no surprise.
        """
        if after_loss and key in self.of_loss and not told & self.spread:
            return False
        ways = self.ways[key]
        if not ways:
            return bool(self.all_tags & told)
        return any(way and not self._surprising(way, told) for way in ways)

    def _surprising(self, way: frozenset[str], told: frozenset[str]) -> frozenset[str]:
        knows_of_spread = bool(way & told & self.leading)
        return way - told - (self.spread if knows_of_spread else frozenset())


_found: WeakKeyDictionary[Matcher, HardStudies] = WeakKeyDictionary()


def hard_places(
    matcher: Matcher, outcome: Outcome, places: range, *, after_loss: bool = False
) -> list[int]:
    """The places of the studies on hard ground that the person did not say concerns them.

    `outcome` is of the catalogue of `matcher`. `after_loss`: somebody they love died of cancer.
    """
    hard = hard_studies(matcher)
    told = _told(hard, outcome)
    return [
        place
        for place, study in zip(places, outcome.matches.studies(places), strict=True)
        if study.key in hard.ways and not hard.concern(study.key, told, after_loss=after_loss)
    ]


def is_hard(
    matcher: Matcher, outcome: Outcome, *, key: str, title: str, after_loss: bool = False
) -> bool:
    """Whether a study, listed or not, is on hard ground that the person did not say concerns
    them. Of one that the catalogue has no more, its title alone can tell."""
    hard = hard_studies(matcher)
    if key in hard.ways:
        return not hard.concern(key, _told(hard, outcome), after_loss=after_loss)
    words = _words(matcher.book, WORDS)
    return matcher.study(key) is None and bool(words and words.search(title))


def hard_studies(matcher: Matcher) -> HardStudies:
    """The studies on hard ground of a matcher's catalogue; found once."""
    if matcher not in _found:
        tender = {key: tag for key, tag in matcher.catalogue.tags.items() if tag.tender}
        words, of_loss = (_words(matcher.book, key) for key in (WORDS, WORDS_OF_LOSS))
        told_of = frozenset(
            study.key
            for study in matcher.catalogue.studies
            if of_loss and of_loss.search(study.title)
        )
        ways: dict[str, Ways] = {}
        for study in matcher.catalogue.studies:
            of_label = _ways_of(study, frozenset(tender))
            if any(of_label):
                ways[study.key] = of_label
            elif study.key in told_of or (words and words.search(study.title)):
                ways[study.key] = frozenset()
        all_tags: frozenset[str] = frozenset().union(*(way for one in ways.values() for way in one))
        spread = {key: tag for key, tag in tender.items() if _is_about_spread(tag)}
        leading = frozenset(key for key, tag in spread.items() if tag.scoped)
        _found[matcher] = HardStudies(ways, all_tags, leading, frozenset(spread), told_of)
    return _found[matcher]


def _told(hard: HardStudies, outcome: Outcome) -> frozenset[str]:
    """The tender tags that hold for the person."""
    return frozenset(tag for tag in hard.all_tags if outcome.verdict(tag) == Truth.YES)


def _is_about_spread(tag: TagRule) -> bool:
    """Whether a tag says of a cancer that it spread, came back or was treated after that."""
    return tag.supports and (tag.scoped or tag.topic == SPREAD)


def _ways_of(study: Study, tender: frozenset[str]) -> Ways:
    condition = study.most.condition if study.most else None
    return _ways(condition, tender, holds=True) if condition else frozenset()


def _ways(condition: Condition, tender: frozenset[str], *, holds: bool) -> Ways:
    """The ways in which a condition comes to hold (or not to); a "not" needs no tender tag."""
    match condition:
        case Tag(key) if holds and key in tender:
            return frozenset({frozenset({key})})
        case Not(part):
            return _ways(part, tender, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            each = [_ways(part, tender, holds=holds) for part in parts]
            if isinstance(condition, AllOf) != holds:
                return frozenset().union(*each)
            return _together(each)
    return frozenset({frozenset()})


def _together(each: list[Ways]) -> Ways:
    """The ways in which all of several conditions hold; where there are too many, a single one
    that asks for every tag: then rather too much is folded."""
    joined: Ways = frozenset({frozenset()})
    for ways in each:
        joined = frozenset(one | other for one in joined for other in ways)
        if len(joined) > MOST_WAYS:
            return frozenset({frozenset().union(*(way for ways in each for way in ways))})
    return joined


def _words(book: Rulebook, key: str) -> re.Pattern[str] | None:
    text = book.texts.get(key)
    listed = ",".join(text.in_(language) for language in LANGUAGES) if text else ""
    words = [re.escape(word.strip()) for word in listed.split(",") if word.strip()]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
