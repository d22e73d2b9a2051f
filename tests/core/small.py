"""Small: a rulebook with one question of every kind, and short ways to say people and studies."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread
from matcher.core.engine import decide
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.matching import Match, Outcome, match
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Ratings, Study
from matcher.core.truth import Truth
from matcher.rules import load_rules
from matcher.schemas.profiles import read_profile

TODAY = date(2026, 11, 22)
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


@cache
def book() -> Rulebook:
    """The small rules of tests/rules/small."""
    return load_rules(Path(__file__).parents[1] / "rules" / "small")


@cache
def finder() -> FactFinder:
    """The finder of facts under the small rules."""
    return FactFinder(book())


def person(**answers: Any) -> Answers:
    """Somebody's answers, in the shape of the public JSON."""
    return read_profile({"answers": answers}, book())


def facts(today: date = TODAY, **answers: Any) -> Facts:
    """What is known of somebody who answers so."""
    return finder().find(person(**answers), today=today)


def atom(name: str) -> int:
    """The number of an atom by its name: ``er=positive``, ``age>=51``."""
    return finder().vocabulary.index[name]


def value(known: Facts, name: str) -> Truth:
    """The truth of an atom by its name."""
    return known.value(atom(name))


def values(known: Facts, key: str) -> dict[str, Truth]:
    """The truths of all atoms of a question, by value."""
    return {
        name.partition("=")[2]: known.value(number)
        for name, number in finder().vocabulary.index.items()
        if name.startswith(f"{key}=")
    }


def cond(shape: Any) -> Condition:
    """A condition: a tag's key, ``"? words"`` for unread ones, a tuple for "and", a list for "or",
    ``{"not": …}``."""
    match shape:
        case str():
            return Unread(shape[2:]) if shape.startswith("? ") else Tag(shape)
        case tuple():
            return AllOf(tuple(map(cond, shape)))
        case list():
            return AnyOf(tuple(map(cond, shape)))
        case {"not": part}:
            return Not(cond(part))
    raise TypeError(shape)


def study(key: str = "a", most: Any = None, also: Any = (), **more: Any) -> Study:
    """A study for `most` and each of `also` (shapes of `cond`), posted today unless told."""
    more.setdefault("posted", TODAY)
    ratings = {k: more.pop(k) for k in ("relevance", "strength_of_science") if k in more}
    return Study(
        key=key,
        title=key.upper(),
        most=None if most is None else Audience("most", cond(most)),
        also=tuple(Audience("also", cond(one)) for one in also),
        ratings=Ratings(**ratings),
        **more,
    )


def catalogue(*studies: Study) -> Catalogue:
    """Studies compiled under the small rules."""
    return Catalogue.compile(book(), studies, finder=finder())


def outcome(*studies: Study, language: str = "en", today: date = TODAY, **answers: Any) -> Outcome:
    """What somebody who answers so finds in these studies."""
    return match(catalogue(*studies), person(**answers), today=today, language=language)


def found(one: Study, language: str = "en", today: date = TODAY, **answers: Any) -> Match:
    """How one study stands to somebody who answers so."""
    return outcome(one, language=language, today=today, **answers).matches[0]


def verdict(shape: Any, **answers: Any) -> Truth:
    """What a condition comes to for somebody who answers so."""
    compiled = catalogue(study("a", shape))
    return Truth(int(decide(compiled, [facts(**answers)]).most[0, 0]))
