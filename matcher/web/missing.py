"""Missing: the answers that are not known yet and would make a study's label fit, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.core.change import Step
from matcher.core.rulebook import Attribute, Rulebook
from matcher.web.language import listed, say, shown
from matcher.web.spoken import said


@dataclass(frozen=True)
class Missing:
    """One question that waits for its answer, and the answer that would do."""

    key: str
    name: str
    answer: str


def missing_answers(steps: Iterable[Step], book: Rulebook) -> list[Missing]:
    """The steps in words, those of one list together, in form order."""
    by_unit: dict[str, list[Step]] = {}
    for step in steps:
        by_unit.setdefault(step.unit, []).append(step)
    return [_missing(unit, told, book) for unit, told in by_unit.items()]


def _missing(unit: str, steps: list[Step], book: Rulebook) -> Missing:
    key, _, gene = unit.partition(".")
    attribute = book.attributes[key]
    if gene:
        words = said(attribute, {gene: steps[0].to}, book).words[0]
    elif steps[0].span is not None:
        words = _numbers(attribute, *steps[0].span)
    else:
        words = listed([word for one in steps for word in said(attribute, one.to, book).words])
    if steps[0].whole:
        words = say("change.and_no_other", list=words).unescape()
    return Missing(key, shown(attribute.name), words)


def _numbers(attribute: Attribute, low: int, high: int) -> str:
    unit = shown(attribute.unit)
    if low == high:
        return f"{low} {unit}".strip()
    form = "between"
    if high == attribute.max:
        form = "at_least"
    elif low == attribute.min:
        form = "at_most"
    return " ".join(say(f"change.{form}", low=low, high=high, unit=unit).unescape().split())
