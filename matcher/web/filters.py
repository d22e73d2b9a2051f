"""Filters: what a person narrows the results to: a topic of the labels, a kind of review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from flask import request

from matcher.core.conditions import tags_in
from matcher.core.machine.day import HIDDEN
from matcher.core.matching import Ranking
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.matching import Matcher
from matcher.web.alphabet import collation
from matcher.web.language import language, say
from matcher.web.site import site


class Choice(NamedTuple):
    """One entry of a list that one can narrow by; how many reviews stand behind it, if counted."""

    value: str
    name: str
    chosen: bool
    reviews: int | None = None


@dataclass(frozen=True)
class Offers:
    """The topics and kinds of the listed studies, and the topics of each by its key.

    `counts` says how many studies are of a topic and a kind; an empty word is "all".
    """

    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    by_study: Mapping[str, frozenset[str]]
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Filter:
    """What was chosen; an empty word is "all". It says nothing about the person."""

    topic: str
    kind: str
    offers: Offers

    @property
    def is_on(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.topic or self.kind)

    @property
    def kept(self) -> dict[str, str]:
        """What an address carries so that the next page is narrowed alike."""
        chosen = {"topic": self.topic, "kind": self.kind}
        return {name: value for name, value in chosen.items() if value}

    @cached_property
    def topics(self) -> list[Choice]:
        """The topics of some review of the chosen kind, in the order of their names."""
        book = site().rulebook
        names = {topic: topic_name(topic, book) for topic in self.offers.topics}
        counts = {topic: self.offers.counts.get((topic, self.kind), 0) for topic in names}
        return _choices(names, counts, chosen=self.topic)

    @cached_property
    def kinds(self) -> list[Choice]:
        """The kinds of the reviews of the chosen topic, in the order of their names."""
        names = {kind: str(say(f"kind.{kind}")) for kind in self.offers.kinds}
        counts = {kind: self.offers.counts.get((self.topic, kind), 0) for kind in names}
        return _choices(names, counts, chosen=self.kind)

    @property
    def names(self) -> list[str]:
        """The names of what was chosen."""
        return [choice.name for choice in (*self.topics, *self.kinds) if choice.chosen]

    def lets_through(self, study: Study) -> bool:
        """Whether a study is shown."""
        if self.kind and study.kind != self.kind:
            return False
        return not self.topic or self.topic in self.offers.by_study[study.key]

    def of(self, matches: Ranking, places: range) -> Sequence[int]:
        """The places whose studies are shown."""
        if not self.is_on:
            return places
        studies = matches.studies(places)
        return [
            place for place, study in zip(places, studies, strict=True) if self.lets_through(study)
        ]


def _choices(names: Mapping[str, str], counts: Mapping[str, int], *, chosen: str) -> list[Choice]:
    return [
        Choice(value, names[value], value == chosen, counts[value])
        for value in sorted(names, key=lambda value: collation(names[value]))
        if counts[value] or value == chosen
    ]


def chosen_filter() -> Filter:
    """What the address of this page asks for; words that nothing goes by change nothing."""
    offers = offers_of(site().matcher())
    topic, kind = request.args.get("topic", ""), request.args.get("kind", "")
    return Filter(
        topic=topic if topic in offers.topics else "",
        kind=kind if kind in offers.kinds else "",
        offers=offers,
    )


def topic_name(topic: str, book: Rulebook) -> str:
    """A topic's name of the rules; one without a name there is shown by its own word."""
    text = book.texts.get(f"topic_{topic}")
    if text is not None:
        return text.in_(language())
    words = topic.replace("_", " ")
    return words[:1].upper() + words[1:]


_offers: WeakKeyDictionary[Matcher, Offers] = WeakKeyDictionary()


def offers_of(matcher: Matcher) -> Offers:
    """What a catalogue can be narrowed by; found once for a catalogue."""
    if matcher not in _offers:
        studies = [one for one in matcher.catalogue.studies if one.standing not in HIDDEN]
        tags = matcher.catalogue.tags
        by_study = {
            study.key: frozenset(tags[key].topic for key in _tags_of(study)) for study in studies
        }
        _offers[matcher] = Offers(
            topics=tuple(sorted(frozenset().union(*by_study.values()))),
            kinds=tuple(sorted({study.kind for study in studies})),
            by_study=by_study,
            counts=Counter(
                (topic, kind)
                for study in studies
                for topic in ("", *by_study[study.key])
                for kind in ("", study.kind)
            ),
        )
    return _offers[matcher]


def _tags_of(study: Study) -> Iterable[str]:
    for audience in (study.most, *study.also):
        if audience is not None and audience.condition is not None:
            yield from tags_in(audience.condition)
