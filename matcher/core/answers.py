"""Answers: what a person said, validated and normalised. What is not here is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

UNKNOWN = "unknown"
DECLINED = "declined"
FOUND = ("mutation", "positive")
NOT_FOUND = ("none", "negative")


@dataclass(frozen=True)
class Result:
    """A test's result for one gene or signature, with its date as year and month if known.

    Month 0 says that only the year is known.
    """

    result: str
    on: tuple[int, int] | None = None

    @property
    def found(self) -> bool:
        """Whether something was found."""
        return self.result in FOUND

    @property
    def clear(self) -> bool:
        """Whether it was tested and nothing was found."""
        return self.result in NOT_FOUND

    @property
    def when(self) -> str | None:
        """The date as a profile has it: ``2026-03``, or ``2026`` when only the year is known."""
        if self.on is None:
            return None
        year, month = self.on
        return f"{year:04}-{month:02}" if month else f"{year:04}"

    def is_older_than(self, months: int, *, today: date) -> bool:
        """Whether the result's date lies more than `months` months before `today`.

        Of a year alone the earliest month counts: an old "nothing found" must not pass for recent.
        """
        if self.on is None:
            return False
        year, month = self.on
        return (today.year - year) * 12 + today.month - max(month, 1) > months


Value: TypeAlias = str | int | tuple[str, ...] | Mapping[str, Result]
"""A value by kind: one and yes_no: str; integer: int; many: sorted values; results: by gene."""


@dataclass(frozen=True)
class Answers:
    """Known answers by attribute key. `declined` holds keys and ``key.gene`` never to ask again."""

    given: Mapping[str, Value] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()

    def results(self, key: str) -> Mapping[str, Result]:
        """The results given under `key`, empty if none."""
        value = self.given.get(key)
        return value if isinstance(value, Mapping) else {}

    def listed(self, key: str) -> tuple[str, ...]:
        """The values listed under `key`, empty if none."""
        value = self.given.get(key)
        return value if isinstance(value, tuple) else ()

    def units(self) -> tuple[str, ...]:
        """The single answers: each key, and for results each ``key.gene``."""
        return tuple(
            unit
            for key, value in self.given.items()
            for unit in (
                [f"{key}.{gene}" for gene in value] if isinstance(value, Mapping) else [key]
            )
        )

    def only(self, units: frozenset[str]) -> Answers:
        """The same answers with nothing but `units`."""
        kept: dict[str, Value] = {}
        for key, value in self.given.items():
            if isinstance(value, Mapping):
                results = {gene: r for gene, r in value.items() if f"{key}.{gene}" in units}
                if results:
                    kept[key] = results
            elif key in units:
                kept[key] = value
        return Answers(kept, self.declined)

    def without(self, units: frozenset[str]) -> Answers:
        """The same answers without `units`."""
        return self.only(frozenset(self.units()) - units)
