"""Rules report: what the rules reach over the canary profiles, and which words stay unread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag, unread_in
from matcher.core.engine import decide, levels_of
from matcher.core.finder import FactFinder
from matcher.core.levels import Level
from matcher.core.machine.people import People
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.core.truth import Truth


@dataclass(frozen=True)
class RulesReport:
    """`never_yes`: tags that no canary satisfies; `unreached`: studies that no canary reaches at
    ``may_fit`` or above; `unread`: words of labels that were not read, most frequent first."""

    canaries: int
    tags: int
    studies: int
    never_yes: tuple[str, ...]
    unreached: tuple[str, ...]
    unread: tuple[tuple[str, int], ...]


def report_on(
    book: Rulebook, studies: Sequence[Study], canaries: Sequence[Answers], *, today: date
) -> RulesReport:
    """Match every canary with every tag and every study."""
    finder = FactFinder(book)
    people = [finder.find(answers, today=today) for answers in canaries]
    tags = sorted(book.tags)
    each_tag = [Study(key=key, title=key, most=Audience(key, Tag(key))) for key in tags]
    reached = decide(Catalogue.compile(book, each_tag, finder=finder), people).most
    never = tuple(
        key for key, row in zip(tags, reached, strict=True) if not (row == Truth.YES).any()
    )
    catalogue = Catalogue.compile(book, studies, finder=finder)
    many = People.of(people, size=finder.vocabulary.size)
    levels = levels_of(catalogue, many)
    best = levels.min(axis=1) if people else np.full(len(studies), int(Level.DIFFERENT))
    unreached = tuple(
        study.key
        for study, level in zip(studies, best, strict=True)
        if level > Level.MAY_FIT and level != Level.UNLABELLED
    )
    return RulesReport(
        canaries=len(canaries),
        tags=len(tags),
        studies=len(studies),
        never_yes=never,
        unreached=unreached,
        unread=tuple(_unread_words(studies)),
    )


def _unread_words(studies: Sequence[Study]) -> list[tuple[str, int]]:
    words: Counter[str] = Counter()
    for study in studies:
        for audience in (study.most, *study.also):
            if audience is None:
                continue
            if audience.condition is None:
                words.update([audience.text] if audience.text else [])
            else:
                words.update(unread_in(audience.condition))
    return sorted(words.items(), key=lambda item: (-item[1], item[0]))
