"""Left out: the topics that can be left out for a person of a panel, and the studies they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matcher.services.hard_topics import hard_studies
from matcher.services.matching import Matcher

HARD = "hard"
"""All hard topics that the person did not say concern them, as patients leave them out."""

MUCH = 0.15


def topics_of(matcher: Matcher) -> tuple[str, ...]:
    """What can be left out: hard topics as a whole, and each topic much of which is tender."""
    tags = matcher.book.tags.values()
    tender = Counter(tag.topic for tag in tags if tag.tender)
    every = Counter(tag.topic for tag in tags)
    return (HARD, *sorted(topic for topic in tender if tender[topic] >= MUCH * every[topic]))


def left_out(matcher: Matcher, topics: Iterable[str]) -> frozenset[str]:
    """The keys of the studies whose main label has a tender tag of one of these topics.

    `HARD` is none of them: whether that concerns a person depends on what they told.
    """
    wanted, tags = frozenset(topics), matcher.catalogue.tags
    return frozenset(
        key
        for key, ways in hard_studies(matcher).ways.items()
        if any(tags[tag].topic in wanted for way in ways for tag in way)
    )
