"""Matrix tags: what the labels of the listed studies ask for, to narrow the matrix by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matcher.core.conditions import tags_in
from matcher.core.machine.day import HIDDEN
from matcher.core.study import Study
from matcher.services.matching import Matcher
from matcher.web.filters import Choice, topic_name
from matcher.web.language import shown
from matcher.web.site import site


@dataclass(frozen=True)
class Tags:
    """The tags of each listed study by its key, and of all of them by topic, in the rules' order.

    A tag that is on no label of a listed study is not there.
    """

    by_study: Mapping[str, frozenset[str]]
    by_topic: Mapping[str, tuple[str, ...]]

    @property
    def all(self) -> frozenset[str]:
        """Every tag that is on a label."""
        return frozenset().union(*self.by_topic.values())


_found: WeakKeyDictionary[Matcher, Tags] = WeakKeyDictionary()


def tags_of(matcher: Matcher) -> Tags:
    """The tags of a catalogue; found once for it."""
    if matcher not in _found:
        by_study = {
            study.key: frozenset(_named(matcher, study))
            for study in matcher.catalogue.studies
            if study.standing not in HIDDEN
        }
        used: frozenset[str] = frozenset().union(*by_study.values())
        by_topic: dict[str, tuple[str, ...]] = {}
        for key, tag in matcher.catalogue.tags.items():
            if key in used:
                by_topic[tag.topic] = (*by_topic.get(tag.topic, ()), key)
        _found[matcher] = Tags(by_study, by_topic)
    return _found[matcher]


def tag_choices(matcher: Matcher, *, chosen: str) -> list[tuple[str, list[Choice]]]:
    """The tags as a list to choose from, those of a topic together, in the order of their names."""
    book, tags = site().rulebook, matcher.catalogue.tags
    named = [
        (
            topic_name(topic, book),
            sorted(
                (Choice(key, shown(tags[key].label), key == chosen) for key in keys),
                key=lambda choice: choice.name.casefold(),
            ),
        )
        for topic, keys in tags_of(matcher).by_topic.items()
    ]
    return sorted(named, key=lambda one: one[0].casefold())


def _named(matcher: Matcher, study: Study) -> Iterator[str]:
    for audience in (study.most, *study.also):
        if audience is not None and audience.condition is not None:
            yield from (key for key in tags_in(audience.condition) if key in matcher.catalogue.tags)
