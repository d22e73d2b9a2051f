"""Units: one fact of a person in words: a question's, or that of one gene or signature under it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_skeleton

from matcher.core.answers import DECLINED
from matcher.web.language import language, say, shown
from matcher.web.site import site
from matcher.web.spoken import answer_words


def unit_name(unit: str) -> str:
    """A fact's short name: the question's, or the gene's under it."""
    key, _, gene = unit.partition(".")
    attribute = site().rulebook.attributes.get(key)
    if attribute is None:
        return unit
    option = attribute.option(gene) if gene else None
    name = shown(attribute.name)
    return f"{shown(option.label)} – {name}" if option and option.is_single else name


def unit_words(unit: str, value: Any) -> str:
    """A fact in words; what was declined says so."""
    key, _, gene = unit.partition(".")
    words = answer_words(site().rulebook)
    plain = value["result"] if isinstance(value, Mapping) else value
    if plain in (DECLINED, [DECLINED]):
        return str(say("desk_person.declined"))
    if not gene:
        return ", ".join(words.words(key, value))
    by_result = words.by_result(key, {gene: value})
    return ", ".join(by_result) if by_result else str(say("frame.unknown"))


def when(on: str | None) -> str:
    """A date that may be a month or a year alone, in words; empty for none."""
    year, _, rest = (on or "").partition("-")
    month, _, day = rest.partition("-")
    if not month:
        return year
    # Months are shortened: the table has little room.
    first = date(int(year), int(month), int(day or 1))
    return format_skeleton("yMMMd" if day else "yMMM", first, locale=language())
