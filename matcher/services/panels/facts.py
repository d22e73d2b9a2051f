"""Facts: the single answers of a person, what changes between two sets of them, what is old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from matcher.core.answers import UNKNOWN
from matcher.core.rulebook import Rulebook
from matcher.services.panels.profile import EARLIER, Change, Fact, PersonProfile


def units_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The single answers of a public JSON profile: by key, for results by ``key.gene``.

    What says nothing is left out; lists are put into one order.
    """
    units: dict[str, Any] = {}
    for key, value in answers.items():
        if isinstance(value, Mapping):
            units |= {f"{key}.{gene}": one for gene, one in value.items() if not _is_blank(one)}
        elif not _is_blank(value):
            units[key] = sorted(value) if isinstance(value, list) else value
    return units


def answers_of(units: Mapping[str, Any]) -> dict[str, Any]:
    """The answers whose single ones these are."""
    answers: dict[str, Any] = {}
    for unit, value in units.items():
        key, _, gene = unit.partition(".")
        if gene:
            answers.setdefault(key, {})[gene] = value
        else:
            answers[key] = value
    return answers


def changed_units(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The units that are other in two sets of answers, came or went, by name."""
    old, new = units_of(before), units_of(after)
    return tuple(sorted(u for u in {*old, *new} if old.get(u) != new.get(u)))


def with_answers(
    profile: PersonProfile,
    answers: Mapping[str, Any],
    *,
    facts: Mapping[str, Fact],
    source: str,
    by: int,
    now: datetime,
) -> PersonProfile:
    """The profile with other answers. A unit that changed was found as `facts` says, else it was
    noted now from `source`; what did not change keeps its fact unless `facts` has a newer one.
    The value that a unit had before goes to the earlier ones.
    """
    units = units_of(answers)
    changed = changed_units(profile.answers, answers)
    noted_at = now.isoformat()
    kept: dict[str, Fact] = {}
    for unit, value in units.items():
        before = profile.facts.get(unit)
        if unit in facts:
            kept[unit] = facts[unit]
        elif before is None or unit in changed:
            kept[unit] = Fact(source, result_date(value), noted_at)
        else:
            kept[unit] = before
    touched = sorted({*changed, *(unit for unit in kept if kept[unit] != profile.facts.get(unit))})
    changes = profile.changes
    if touched:
        changes = (*changes, Change(noted_at, by, tuple(touched)))
    return replace(
        profile,
        answers=dict(answers),
        facts=kept,
        dates=with_earlier(profile.dates, _lost(profile, units, changed)),
        changes=changes,
    )


def with_earlier(
    dates: Mapping[str, Any], values: Iterable[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The dates of a profile with more earlier values, each once."""
    earlier = [*dates.get(EARLIER, ()), *map(dict, values)]
    unique = [one for at, one in enumerate(earlier) if one not in earlier[:at]]
    return {**dates, EARLIER: unique} if unique else dates


def _lost(
    profile: PersonProfile, units: Mapping[str, Any], changed: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The values that are true no more; a list that only grew lost none."""
    before = units_of(profile.answers)
    for unit in changed:
        old, new = before.get(unit), units.get(unit)
        if old is None or _grew(old, new) or _is_not_known(old):
            continue
        fact = profile.facts.get(unit)
        told = {"source": fact.source, "noted_at": fact.noted_at} if fact else {}
        yield {"key": unit, "value": old, "on": fact.on if fact else result_date(old), **told}


def _grew(old: Any, new: Any) -> bool:
    return isinstance(old, list) and isinstance(new, list) and set(old) - {UNKNOWN} <= set(new)


def _is_not_known(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("result") == UNKNOWN


def result_date(value: Any) -> str | None:
    """The date that a test's result carries by itself."""
    on = value.get("on") if isinstance(value, Mapping) else None
    return on if isinstance(on, str) and on else None


def check_again(profile: PersonProfile, book: Rulebook, *, today: date) -> tuple[str, ...]:
    """The units that the rules want checked again by now, in the order of the form.

    How long a fact is good for stands in the rules (`check_again`, in months); what they say
    nothing about is good for ever.
    """
    units = units_of(profile.answers)
    old = [unit for unit in units if unit in profile.facts and _is_old(profile, book, unit, today)]
    order = {key: attribute.order for key, attribute in book.attributes.items()}
    return tuple(sorted(old, key=lambda unit: (order[unit.partition(".")[0]], unit)))


def _is_old(profile: PersonProfile, book: Rulebook, unit: str, today: date) -> bool:
    months = good_for(book, unit)
    if months is None:
        return False
    found = profile.facts[unit].found_on
    return (today.year - found.year) * 12 + today.month - found.month > months


def good_for(book: Rulebook, unit: str) -> int | None:
    """So many months a fact is good for; None says for ever."""
    key, _, gene = unit.partition(".")
    attribute = book.attributes.get(key)
    option = attribute.option(gene) if attribute and gene else None
    if option is not None and option.check_again is not None:
        return option.check_again
    return attribute.check_again if attribute else None


def _is_blank(value: Any) -> bool:
    return value is None or value == UNKNOWN or value in ("", [], {}, [UNKNOWN])
