"""Comparing: what a file says of a person beside what is known of them, fact by fact.

Nothing is overwritten in silence. What is known to be newer counts; of two values without an order
in time somebody must choose; a list that is not known to be whole only ever adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft
from matcher.services.panels.facts import result_date, units_of
from matcher.services.panels.profile import FILE, SOURCES, Fact, PersonProfile

ADDED, NEWER, OLDER, UNCLEAR = "added", "newer", "older", "unclear"


@dataclass(frozen=True)
class Difference:
    """One fact that a file has and a person has not, or has otherwise (values as public JSON).

    `kind`: ``added`` (or more of a list), ``newer`` (the file's is), ``older`` (it is kept beside
    the answer only), ``unclear``: the dates do not tell, and it is taken only if somebody says so.
    """

    unit: str
    kind: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)
    before_on: str | None
    after_on: str | None


def differences(
    profile: PersonProfile, answers: Mapping[str, Any], draft: Draft, book: Rulebook
) -> list[Difference]:
    """What a draft, with its `answers` as they were checked, would add or change, by unit."""
    known = units_of(profile.answers)
    found = [
        _difference(unit, value, known, profile, draft, book)
        for unit, value in sorted(units_of(answers).items())
    ]
    return [one for one in found if one is not None]


def found_on(draft: Draft, unit: str, value: Any) -> str | None:
    """When a fact of a draft was found out, as far as the source says."""
    told = draft.dates.get(unit, draft.dates.get(unit.partition(".")[0]))
    return result_date(value) or (told if isinstance(told, str) and told else None)


def facts_of(draft: Draft, answers: Mapping[str, Any], *, now: datetime) -> dict[str, Fact]:
    """Where each fact of a draft comes from: a file, unless the file itself says more."""
    return {
        unit: Fact(_source(draft, unit), found_on(draft, unit, value), now.isoformat())
        for unit, value in units_of(answers).items()
    }


def _source(draft: Draft, unit: str) -> str:
    told = draft.sources.get(unit.partition(".")[0])
    return told if told in SOURCES else FILE


def _difference(
    unit: str,
    value: Any,
    known: Mapping[str, Any],
    profile: PersonProfile,
    draft: Draft,
    book: Rulebook,
) -> Difference | None:
    key = unit.partition(".")[0]
    declined = DECLINED if known.get(key) == DECLINED else None
    before = known.get(unit, declined)
    fact = profile.facts.get(unit)
    before_on, after_on = (fact.on if fact else None), found_on(draft, unit, value)
    after, only_adds = _merged(before, value, book, key)
    if before is None:
        return Difference(unit, ADDED, None, after, None, after_on)
    order = _order(before_on, after_on)
    if fact and before_on is None and after_on and after_on > fact.noted_at[:10]:
        order = NEWER
    if _word(before) == _word(after):
        # The same again: worth noting only where it was found out later.
        again = order == NEWER
        return Difference(unit, NEWER, before, after, before_on, after_on) if again else None
    kind = ADDED if only_adds else (UNCLEAR if DECLINED in (before, after) else order)
    return Difference(unit, kind, before, after, before_on, after_on)


def _merged(before: Any, value: Any, book: Rulebook, key: str) -> tuple[Any, bool]:
    """What would stand there, and whether nothing that stood there is denied by it."""
    if not isinstance(value, list) or UNKNOWN not in value or not isinstance(before, list):
        return value, False
    attribute = book.attributes[key]
    alone = {option.value for option in attribute.options if option.exclusive}
    if set(value) - {UNKNOWN} <= set(before):
        return before, True
    # A list that was whole and lacked something is not known to be whole any more.
    return sorted({*value, *before} - alone), UNKNOWN in before


def _order(before: str | None, after: str | None) -> str:
    """Which of two values is newer, by dates that may be months or years alone."""
    if before is None or after is None:
        return UNCLEAR
    shared = min(len(before), len(after))
    if before[:shared] == after[:shared]:
        return UNCLEAR
    return NEWER if after > before else OLDER


def _word(value: Any) -> Any:
    """A value without the date that it may carry."""
    return value.get("result") if isinstance(value, Mapping) else value
