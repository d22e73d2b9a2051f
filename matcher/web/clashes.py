"""Clashes: parts of a file that cannot both be true, each side in words with its newest dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matcher.records.draft import Clash
from matcher.web.language import listed, say
from matcher.web.units import unit_words, when

MOST_DATES = 3
MOST_SIDES = 6


@dataclass(frozen=True)
class Side:
    """One of the values that disagree: its newest dates, of `count` places that say it."""

    value: Any
    dates: tuple[str, ...]
    count: int


def sides_of(clash: Clash) -> tuple[list[Side], int]:
    """The first sides of a clash in its own order; and how many more there are."""
    told: dict[str, tuple[Any, list[str | None]]] = {}
    for value, on in zip(clash.values, clash.dates, strict=True):
        told.setdefault(repr(value), (value, []))[1].append(on)
    sides = []
    for value, dates in list(told.values())[:MOST_SIDES]:
        newest = sorted({on for on in dates if on}, reverse=True)
        sides.append(Side(value, tuple(newest[:MOST_DATES]), len(dates)))
    return sides, max(0, len(told) - MOST_SIDES)


def clash_words(unit: str, sides: list[Side], more: int) -> str:
    """All sides in one phrase: "ER-positive (Mar 2026 and 4 more) and ER-negative"."""
    told = [_side(unit, side) for side in sides]
    return listed([*told, *_more(more)])


def _side(unit: str, side: Side) -> str:
    words = _words(unit, side.value)
    if not side.dates:
        return words
    dates = [*map(when, side.dates), *_more(side.count - len(side.dates))]
    return f"{words} ({listed(dates)})"


def _more(count: int) -> list[str]:
    return [str(say("records.more", n=count).unescape())] if count > 0 else []


def _words(unit: str, value: object) -> str:
    try:
        return unit_words(unit, value)
    except (KeyError, AttributeError, TypeError):
        return str(value)
