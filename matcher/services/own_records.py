"""Own records: what a file says beside what a person answered, and what of it is taken.

No answer is replaced unless the person says so: a declined, a finer or simply another answer of
theirs stays until they take the file's. What they have not answered is filled in, and a list grows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Rulebook
from matcher.core.vocabulary import MAIN
from matcher.services.answering import main_of, named_in
from matcher.services.panels.facts import units_of


@dataclass(frozen=True)
class Other:
    """One fact (a key, for results ``key.gene``) that the file has otherwise: the person's answer
    and what would stand in its place, both as public JSON."""

    unit: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)


def others(here: Mapping[str, Any], found: Mapping[str, Any], book: Rulebook) -> list[Other]:
    """What the file has otherwise, by unit; it is taken only if the person says so."""
    known = units_of(here)
    told = []
    for unit, value in units_of(_about_the_same(here, found, book)).items():
        before = _before(known, unit)
        after = _grown(before, value, book, unit)
        if before is not None and _word(before) != _word(after) and not _grows(before, after):
            told.append(Other(unit, before, after))
    return told


def joined(
    here: Mapping[str, Any],
    found: Mapping[str, Any],
    book: Rulebook,
    *,
    taken: Collection[str] = (),
) -> dict[str, Any]:
    """The person's answers with the file's, which take the place of theirs in the units `taken`."""
    kept = {one.unit for one in others(here, found, book)} - set(taken)
    known, both = units_of(here), dict(here)
    for unit, value in units_of(_about_the_same(here, found, book)).items():
        if unit in kept:
            continue
        key, _, gene = unit.partition(".")
        after = _grown(_before(known, unit), value, book, unit)
        if gene:
            earlier = both.get(key)
            both[key] = {**(earlier if isinstance(earlier, Mapping) else {}), gene: after}
        else:
            both[key] = after
    mine = main_of(here)
    if mine is None or main_of(both) == mine:
        return both
    if mine not in named_in(both):
        return _about_theirs(both, found, book)
    if is_about_another(here, found, book) or any(book.attributes[k].about == MAIN for k in here):
        # What they answered was about their one cancer: with a second one it still is.
        both[MAIN] = mine
    return both


def _about_theirs(
    both: Mapping[str, Any], found: Mapping[str, Any], book: Rulebook
) -> dict[str, Any]:
    """Where the person's cancer is not named any more: of the main one only what the file says."""
    kept = {k: one for k, one in both.items() if MAIN not in (k, book.attributes[k].about)}
    return {**kept, **{k: one for k, one in found.items() if book.attributes[k].about == MAIN}}


def is_about_another(here: Mapping[str, Any], found: Mapping[str, Any], book: Rulebook) -> bool:
    """Whether the file tells things about a cancer that is not the person's main one."""
    return len(_about_the_same(here, found, book)) < len(found)


def _about_the_same(
    here: Mapping[str, Any], found: Mapping[str, Any], book: Rulebook
) -> Mapping[str, Any]:
    """The file's answers without those about a main cancer that is another than the person's."""
    mine, theirs = main_of(here), main_of(found)
    if mine is None or theirs is None or mine == theirs:
        return found
    attributes = book.attributes
    return {k: one for k, one in found.items() if MAIN not in (k, attributes[k].about)}


def _before(known: Mapping[str, Any], unit: str) -> Any:
    key = unit.partition(".")[0]
    return known.get(unit, DECLINED if known.get(key) == DECLINED else None)


def _grown(before: Any, value: Any, book: Rulebook, unit: str) -> Any:
    """What would stand there: of a list that is not known to be whole, both lists together."""
    if not isinstance(value, list) or not isinstance(before, list) or UNKNOWN not in value:
        return value
    if set(value) - {UNKNOWN} <= set(before):
        return before
    alone = {one.value for one in book.attributes[unit].options if one.exclusive}
    order = {one.value: place for place, one in enumerate(book.attributes[unit].options)}
    # What the person's list left out was a no; it was not whole, and that is open again.
    return sorted({*before, *value} - alone, key=lambda one: order.get(one, len(order)))


def _grows(before: Any, after: Any) -> bool:
    return isinstance(before, list) and isinstance(after, list) and set(before) <= set(after)


def _word(value: Any) -> Any:
    """A value without the date that it may carry, and a list without its order."""
    if isinstance(value, Mapping):
        return value.get("result")
    return sorted(value) if isinstance(value, list) else value
