"""Values: what an observation says, as codes and words or as a span of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from matcher.records.fhir.coded import Coded, read_coded
from matcher.records.fhir.nodes import Node, node, short, word

LONGEST_PERCENT = 120
"""Signs of a text in which a percent is looked for: what is longer is a report, not a value."""
_NUMBER = r"\d{1,3}(?:\.\d{1,3}|,\d{1,2})?"
_PERCENT = re.compile(rf"([<>]=?|[≤≥])?\s*({_NUMBER})(?:\s*-\s*({_NUMBER}))?\s*%")
# No number stands before the number: "12, 5 %" is two of them.
_WITH_PERCENT = re.compile(rf"([^\W\d](?:[\w ]*[^\W\d])?)[\s,;:(]+({_PERCENT.pattern})\)?")
_SIGNS = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class Span:
    """From `low` to `high`; an end that is `open` does not belong to it. `unit` as told."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False
    unit: str = ""

    def within(
        self, low: float, high: float, *, low_open: bool = False, high_open: bool = False
    ) -> bool:
        """Whether all of it lies between two limits."""
        over = self.low > low or (self.low == low and (self.low_open or not low_open))
        under = self.high < high or (self.high == high and (self.high_open or not high_open))
        return over and under


@dataclass(frozen=True)
class Said:
    """A value: coded (with texts), a span of numbers, or both ("positive (95 %)")."""

    coded: Coded = field(default_factory=Coded)
    span: Span | None = None
    shown: str = ""

    def __bool__(self) -> bool:
        return bool(self.coded) or self.span is not None or bool(self.shown)


def read_value(parent: Node) -> Said:
    """The value of an observation or a component, in whichever form."""
    for key in ("valueCodeableConcept", "valueCoding", "valueCode"):
        coded = read_coded(parent, key)
        if coded:
            return Said(coded, shown=coded.shown)
    text = word(parent, "valueString")
    if text:
        return _from_text(text)
    if isinstance(parent.get("valueBoolean"), bool):
        told = "present" if parent["valueBoolean"] else "absent"
        return Said(Coded(texts=(told,)), shown=told)
    span = _span(parent)
    if span is not None:
        return Said(span=span, shown=_span_shown(span))
    kind = next((key for key in parent if key.startswith("value")), "")
    return Said(shown=kind)


def _from_text(text: str) -> Said:
    if len(text) > LONGEST_PERCENT:
        return Said(Coded(texts=(text.strip(),)), shown=short(text))
    told = " ".join(text.split())
    whole = _PERCENT.fullmatch(told)
    if whole:
        return Said(span=_percent(*whole.groups()), shown=short(told))
    both = _WITH_PERCENT.fullmatch(told)
    if both:
        span = _percent(*both.groups()[2:])
        return Said(Coded(texts=(both[1].strip(),)), span, short(told))
    return Said(Coded(texts=(told,)), shown=short(told))


def _percent(sign: str | None, first: str, second: str | None) -> Span | None:
    low = float(first.replace(",", "."))
    if second is not None:
        return Span(low, float(second.replace(",", ".")), unit="%")
    return _compared(low, _SIGNS.get(sign or "", sign or ""), "%")


def _span(parent: Node) -> Span | None:
    if "valueQuantity" in parent:
        return _quantity(node(parent, "valueQuantity"))
    for key in ("valueInteger", "valueDecimal"):
        number = _number(parent.get(key))
        if number is not None:
            return Span(number, number)
    if "valueRange" in parent:
        low, high = (_quantity(node(node(parent, "valueRange"), end)) for end in ("low", "high"))
        if low and high and low.unit == high.unit and low.low <= high.high:
            return Span(low.low, high.high, unit=low.unit)
    if "valueRatio" in parent:
        return _ratio(node(parent, "valueRatio"))
    return None


def _ratio(ratio: Node) -> Span | None:
    upper, lower = _quantity(node(ratio, "numerator")), _quantity(node(ratio, "denominator"))
    if upper is None or lower is None or lower.low != lower.high or lower.low <= 0:
        return None
    if upper.unit == "%" and lower.low == 1 and lower.unit in ("", "1"):
        return upper
    if (upper.unit or "1") != (lower.unit or "1") or (upper.unit == "%" and lower.low != 100):
        return None
    by = 100 / lower.low
    return Span(upper.low * by, upper.high * by, upper.low_open, upper.high_open, "%")


def _quantity(quantity: Node) -> Span | None:
    number = _number(quantity.get("value"))
    if number is None:
        return None
    unit = word(quantity, "code") or word(quantity, "unit")
    return _compared(number, word(quantity, "comparator"), unit)


def _compared(number: float, sign: str, unit: str) -> Span | Any | None:
    unit = "%" if unit.casefold() in ("%", "percent") else unit
    ends = {
        "": Span(number, number, unit=unit),
        "<": Span(0, number, high_open=True, unit=unit),
        "<=": Span(0, number, unit=unit),
        ">": Span(number, 100, low_open=True, unit=unit),
        ">=": Span(number, 100, unit=unit),
    }
    return ends.get(sign)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 10**9 and isfinite(value) else None


def _span_shown(span: Span) -> str:
    if span.low == span.high:
        return f"{span.low:g} {span.unit}".strip()
    return f"{span.low:g}–{span.high:g} {span.unit}".strip()
