"""Told: the facts of a person in words, each with where it comes from and how old it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.core.answers import UNKNOWN
from matcher.services.panels.facts import check_again, units_of
from matcher.services.panels.left_out import HARD
from matcher.services.panels.profile import EARLIER, SOURCES, PersonProfile
from matcher.web.filters import topic_name
from matcher.web.language import say
from matcher.web.site import site
from matcher.web.units import unit_name, unit_words, when


@dataclass(frozen=True)
class Earlier:
    """An older value of a fact in words: when it was found out, else noted, and its source."""

    words: str
    on: str
    source: str | None = None


@dataclass(frozen=True)
class ToldFact:
    """One fact: `unit` is its key, `name` and `words` what it says. `source` is a word of
    `panels.profile.SOURCES`, `on` when it was found out there, `noted` when it was noted here,
    both in words. `old`: it is time to check it again. `earlier` are its older values."""

    unit: str
    name: str
    words: str
    source: str | None
    on: str
    noted: str
    old: bool
    earlier: tuple[Earlier, ...] = ()

    @property
    def key(self) -> str:
        """The question's key."""
        return self.unit.partition(".")[0]


def told_facts(profile: PersonProfile) -> list[ToldFact]:
    """What is known of a person, in the order of the form."""
    here = site()
    units = units_of(profile.answers)
    old = set(check_again(profile, here.rulebook, today=here.today))
    earlier = _earlier(profile.dates)
    known = [unit for unit in units if _is_known(units[unit])]
    return [
        ToldFact(
            unit=unit,
            name=unit_name(unit),
            words=unit_words(unit, units[unit]),
            source=fact.source if fact else None,
            on=when(fact.on) if fact else "",
            noted=when(fact.noted_at[:10]) if fact else "",
            old=unit in old,
            earlier=tuple(earlier.get(unit, ())),
        )
        for unit in sorted(known, key=place_of)
        for fact in [profile.facts.get(unit)]
    ]


def place_of(unit: str) -> tuple[int, str]:
    """Where a fact stands in the order of the form."""
    attribute = site().rulebook.attributes.get(unit.partition(".")[0])
    return (attribute.order if attribute else 0), unit


def names_of(units: Iterable[str]) -> list[str]:
    """The names of facts, each once."""
    return list(dict.fromkeys(map(unit_name, units)))


def topic_names(topics: Iterable[str]) -> list[str]:
    """The names of topics that are left out, or can be."""
    book = site().rulebook
    return [
        str(say("desk_details.hard")) if topic == HARD else topic_name(topic, book)
        for topic in topics
    ]


def _is_known(value: Any) -> bool:
    plain = value["result"] if isinstance(value, Mapping) else value
    return bool(plain != UNKNOWN)


def _earlier(dates: Mapping[str, Any]) -> dict[str, list[Earlier]]:
    found: dict[str, list[Earlier]] = {}
    for one in dates.get(EARLIER, ()):
        try:
            words = unit_words(one["key"], one["value"])
        except (KeyError, TypeError, AttributeError):
            continue
        source = one.get("source")
        found.setdefault(one["key"], []).append(
            Earlier(
                words,
                when(one.get("on") or str(one.get("noted_at") or "")[:10]),
                source if source in SOURCES else None,
            )
        )
    return found


def short_day(day: date) -> str:
    """A day as tables of the desk have it."""
    return when(day.isoformat())
