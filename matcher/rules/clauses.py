"""Clauses: reads the conditions under `when:`, `if:` and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.core.rulebook import (
    All,
    Attribute,
    Clause,
    Leaf,
    Opposite,
    Some,
    Surely,
    TagIs,
    Unsure,
)
from matcher.rules.source import Source

RESULT_WORDS = ("mutation", "none", "named")
YES_NO = ("yes", "no")


def read_clause(
    source: Source, attributes: Mapping[str, Attribute], *, number: int | None = None
) -> Clause:
    """Read one condition; whatever is wrong is noted and stands as `Unsure`."""
    if source.value == "unsure":
        return Unsure()
    if not isinstance(source.value, dict) or not source.value:
        source.fault("this is not a condition", "Write for example: {er: [positive, low]}.")
        return Unsure()
    parts = [_read_part(source[key], key, attributes, number) for key in source.value]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _read_part(
    source: Source, key: str, attributes: Mapping[str, Attribute], number: int | None
) -> Clause:
    if key in ("all", "any"):
        if not isinstance(source.value, list) or not source.value:
            source.fault(f"'{key}' needs a list", "Write the parts as a list, one a line.")
            return Unsure()
        parts = tuple(read_clause(part, attributes, number=number) for part in source.each())
        return All(parts) if key == "all" else Some(parts)
    if key in ("not", "surely"):
        inner = read_clause(source, attributes, number=number)
        return Opposite(inner) if key == "not" else Surely(inner)
    if key == "tag":
        return TagIs(str(source.value))
    attribute = attributes.get(key)
    if attribute is None:
        source.fault(f"there is no attribute '{key}'", "Use a key from rules/attributes/.")
        return Unsure()
    return _read_leaf(source, attribute, number)


def _read_leaf(source: Source, attribute: Attribute, number: int | None) -> Clause:
    value = source.value
    if isinstance(value, dict) and set(value) == {"not"}:
        return Opposite(_read_leaf(source["not"], attribute, number))
    if attribute.kind == "integer":
        return _read_bounds(source, attribute, number)
    if attribute.kind == "results":
        return _read_results(source, attribute)
    values = tuple(value) if isinstance(value, list) else (value,)
    options = (o.value for o in attribute.options if not o.exclusive)
    allowed = YES_NO if attribute.kind == "yes_no" else tuple(options)
    if not values:
        source.fault("there is no value in this list", f"Use one of: {', '.join(allowed)}.")
        return Unsure()
    for item in values:
        if item not in allowed:
            source.fault(
                f"'{attribute.key}' has no value {item!r}",
                f"Use one of: {', '.join(allowed)} (in quotes where they are yes, no or digits).",
            )
    return Leaf(attribute.key, values=tuple(str(item) for item in values))


def _read_bounds(source: Source, attribute: Attribute, number: int | None) -> Clause:
    bounds = source.value
    if not isinstance(bounds, dict) or not bounds or set(bounds) - {"min", "max"}:
        source.fault(f"'{attribute.key}' is a number", "Write {min: 18, max: 39}.")
        return Unsure()
    low, high = (_number(bounds.get(side), number) for side in ("min", "max"))
    if any(bounds.get(k) is not None and v is None for k, v in (("min", low), ("max", high))):
        source.fault("a bound must be a whole number", "Write {min: 18, max: 39}.")
    elif number is None:
        _check_bounds(source, attribute, low=low, high=high)
    return Leaf(attribute.key, low=low, high=high)


def _check_bounds(
    source: Source, attribute: Attribute, *, low: int | None, high: int | None
) -> None:
    least = attribute.min if low is None else low
    greatest = attribute.max if high is None else high
    if not attribute.min <= least <= greatest <= attribute.max:
        what = f"no answer to '{attribute.key}' lies between these bounds"
        source.fault(what, f"Stay between {attribute.min} and {attribute.max}, min first.")


def _number(value: Any, number: int | None) -> int | None:
    if value == "{n}":
        return number
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read_results(source: Source, attribute: Attribute) -> Clause:
    results = source.value
    if not isinstance(results, dict) or not results:
        source.fault(f"'{attribute.key}' holds results", "Write for example {BRCA1: mutation}.")
        return Unsure()
    leaves: list[Clause] = []
    for gene, result in results.items():
        if attribute.option(gene) is None:
            known = ", ".join(option.value for option in attribute.options)
            source.fault(f"'{attribute.key}' has no gene {gene!r}", f"Use one of: {known}.")
        if result not in RESULT_WORDS:
            source.fault(
                f"a result cannot be {result!r}",
                "Use mutation or none; named (some gene was named) goes with any.",
            )
        if result == "named" and gene not in (o.value for o in attribute.options if o.panel):
            source.fault("named goes with any only", "Write {any: named}.")
        leaves.append(Leaf(attribute.key, values=(str(result),), gene=gene))
    return leaves[0] if len(leaves) == 1 else All(tuple(leaves))
