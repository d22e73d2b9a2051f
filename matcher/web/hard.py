"""Hard: which matches stand on hard ground that the person did not say concerns them.

A study stands there by its label (tags that the rules mark as tender) or by its title ("death",
"survival": the words of `hard_words` in rules/texts.yaml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matcher.core.conditions import tags_in
from matcher.core.matching import Outcome
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.core.text import LANGUAGES
from matcher.core.truth import Truth
from matcher.services.matching import Matcher
from matcher.web.site import site

WORDS = "hard_words"


@dataclass(frozen=True)
class HardStudies:
    """The studies on hard ground by key, with the tender tags of their main label, and all such
    tags. A study that is hard by its title alone has no tags here."""

    tags: dict[str, frozenset[str]]
    all_tags: frozenset[str]

    def concern(self, key: str, told: frozenset[str]) -> bool:
        """Whether a person for whom the tags `told` hold is spoken to by this study.

        A hard title concerns whoever told of hard ground: for them it is no surprise.
        """
        return bool((self.tags[key] or self.all_tags) & told)


_found: WeakKeyDictionary[Matcher, HardStudies] = WeakKeyDictionary()


def hard_places(outcome: Outcome, places: range) -> list[int]:
    """The places of the studies on hard ground that the person did not say concerns them."""
    hard = _hard_studies(site().matcher(), site().rulebook)
    told = frozenset(tag for tag in hard.all_tags if outcome.verdict(tag) == Truth.YES)
    return [
        place
        for place, study in zip(places, outcome.matches.studies(places), strict=True)
        if study.key in hard.tags and not hard.concern(study.key, told)
    ]


def _hard_studies(matcher: Matcher, book: Rulebook) -> HardStudies:
    if matcher not in _found:
        tender = frozenset(key for key, tag in matcher.catalogue.tags.items() if tag.tender)
        words = _hard_words(book)
        tags: dict[str, frozenset[str]] = {}
        for study in matcher.catalogue.studies:
            of_label = _label_tags(study) & tender
            if of_label or (words and words.search(study.title)):
                tags[study.key] = of_label
        all_tags: frozenset[str] = frozenset().union(*tags.values())
        _found[matcher] = HardStudies(tags, all_tags)
    return _found[matcher]


def _label_tags(study: Study) -> frozenset[str]:
    condition = study.most.condition if study.most else None
    return frozenset(tags_in(condition)) if condition else frozenset()


def _hard_words(book: Rulebook) -> re.Pattern[str] | None:
    text = book.texts.get(WORDS)
    listed = ",".join(text.in_(language) for language in LANGUAGES) if text else ""
    words = [re.escape(word.strip()) for word in listed.split(",") if word.strip()]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
