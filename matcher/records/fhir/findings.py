"""Findings: what was made of one person's record, and why the rest was not used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Clash, Draft, Unused, Used
from matcher.records.fhir.nodes import short


@dataclass(frozen=True)
class Place:
    """A part of the record: the number of its resource, and how the source calls it."""

    number: int
    what: str


@dataclass(frozen=True)
class Seen:
    """One statement of the record about one answer; `on` is its date, None if it has none.

    What the name of a diagnosis says is not dated: it is true since `on` or later, and was written
    down on `noted` at the latest ("" if that is not told). Of a result `noted` is None.
    """

    value: Any
    on: str | None
    place: Place
    noted: str | None = None


class Findings:
    """Collects answers, dates, and what was used and what was not, as the readers go on."""

    def __init__(self, book: Rulebook, *, language: str) -> None:
        self.book = book
        self.language = language
        self.answers: dict[str, Any] = {}
        self.dates: dict[str, Any] = {}
        self.used: list[Used] = []
        self.unused: list[Unused] = []
        self.clashes: list[Clash] = []
        self.touched: set[int] = set()

    def use(self, place: Place, key: str, value: Any) -> None:
        """Note that a part became (part of) an answer."""
        self.touched.add(place.number)
        self.used.append(Used(place.what, key, value))

    def skip(self, place: Place, reason: str, **fills: str) -> None:
        """Note that a part was not used, by the key of a reason of the rules."""
        self.touched.add(place.number)
        self.unused.append(Unused(place.what, self.say(reason, **fills), reason, fills))

    def say(self, reason: str, **fills: str) -> str:
        """A reason in words; its key where rules of one's own have no words for it."""
        text = self.book.records.reasons.get(reason)
        return reason if text is None else text.in_(self.language).format(**fills)

    def add(self, key: str, value: str) -> None:
        """Add a value to an answer that is a list; records are never whole, so "unknown" too."""
        listed = self.answers.setdefault(key, ["unknown"])
        if value not in listed:
            listed.insert(len(listed) - 1, value)

    def result(self, key: str, gene: str, value: str, on: str | None) -> None:
        """Put the result of a gene or signature, with the month where it is known."""
        given: Any = {"result": value, "on": on[:7]} if on else value
        self.answers.setdefault(key, {})[gene] = given
        if on:
            self.dates[f"{key}.{gene}"] = on

    def put(self, key: str, value: Any, on: str | None = None) -> None:
        """Put an answer, and when it was found out."""
        self.answers[key] = value
        if on:
            self.dates[key] = on

    def choose(self, key: str, seen: Iterable[Seen]) -> Seen | None:
        """Which of several statements counts: all alike, or the one newest; else None, and a clash.

        The ones not chosen are noted, older ones under the date ``earlier``.
        """
        told = sorted(seen, key=lambda one: one.on or "")
        if not told:
            return None
        if len({one.value for one in told}) == 1:
            for one in told:
                self.use(one.place, key, one.value)
            return told[-1]
        newest = self._newest(told)
        if newest is None:
            self.clash(key, told)
            return None
        for one in told:
            if one.value == newest.value:
                self.use(one.place, key, one.value)
            else:
                self.skip(one.place, "older")
                earlier = {"key": key, "value": one.value, "on": one.on}
                self.dates.setdefault("earlier", []).append(earlier)
        return newest

    def draft(self, source: str) -> Draft:
        """All of it as a draft."""
        return Draft(
            source=source,
            answers=self.answers,
            dates=self.dates,
            used=tuple(self.used),
            unused=tuple(self.unused),
            clashes=tuple(self.clashes),
        )

    def _newest(self, told: list[Seen]) -> Seen | None:
        if any(one.on is None and not one.noted for one in told):
            return None
        for last in reversed(told):
            others = [one for one in told if one.value != last.value]
            if all(
                _is_before(one.on if one.noted is None else one.noted, last.on) for one in others
            ):
                return last
        return None

    def clash(self, key: str, told: Iterable[Seen]) -> None:
        """Note that statements disagree, with their dates; the answer stays open."""
        listed = list(told)
        self.clashes.append(
            Clash(key, tuple(one.value for one in listed), tuple(one.on for one in listed))
        )
        values = ", ".join(short(f"{one.value} ({one.on or '–'})") for one in listed[:6])
        for one in listed:
            self.skip(one.place, "clash", values=values)


def _is_before(first: str | None, second: str | None) -> bool:
    """Whether a date, maybe only a month or a year, is surely before another."""
    if not first or not second:
        return False
    shared = min(len(first), len(second))
    return first[:shared] < second[:shared]
