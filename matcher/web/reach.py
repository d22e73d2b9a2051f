"""Reach: which answers bear on a fact by the rules, though nobody asks for the fact itself."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.core.rulebook import (
    All,
    Clause,
    Leaf,
    Opposite,
    Rulebook,
    Some,
    Surely,
    TagIs,
)


def tested_in(clause: Clause | None, book: Rulebook) -> Iterator[str]:
    """The keys of the attributes that a condition tests."""
    match clause:
        case Leaf():
            yield clause.attribute
        case All(parts) | Some(parts):
            for part in parts:
                yield from tested_in(part, book)
        case Opposite(part) | Surely(part):
            yield from tested_in(part, book)
        case TagIs(key):
            yield from tested_by(key, book)


def tested_by(tag: str, book: Rulebook) -> frozenset[str]:
    """The keys of the attributes that a tag rests on."""
    rule = book.tag(tag)
    return frozenset((*tested_in(rule.when, book), *tested_in(rule.maybe, book)))


def leading_to(key: str, book: Rulebook) -> frozenset[str]:
    """The attributes from which an answer to `key` may follow by one rule."""
    found: set[str] = set()
    for rule in book.implications:
        premise = set(tested_in(rule.premise, book))
        conclusion = set(tested_in(rule.conclusion, book))
        backwards = key in premise and not rule.one_way
        if key in conclusion:
            found |= premise
        if backwards:
            found |= premise | conclusion
    for default in book.defaults:
        if key in tested_in(default.conclusion, book):
            found.update(tested_in(default.premise, book))
    return frozenset(found - {key})
