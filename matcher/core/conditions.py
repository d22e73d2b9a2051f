"""Conditions: what an audience asks of a person, as a tree over tags.

The tree is what the public JSON shows (docs/interface.md: ``{"tag": key}``, ``{"all": [..]}``,
``{"any": [..]}``, ``{"not": ..}``, ``{"unread": words}``); `None` stands for "nothing was read".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

MAX_DEPTH = 60


@dataclass(frozen=True)
class Tag:
    """A named condition of the rules, by key (``er_positive``, ``metastatic:breast``)."""

    key: str


@dataclass(frozen=True)
class AllOf:
    """Every part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Condition


@dataclass(frozen=True)
class Unread:
    """Words of a label that nobody could read: always unknown."""

    words: str


Condition: TypeAlias = Tag | AllOf | AnyOf | Not | Unread


def canonical(condition: Condition) -> Condition:
    """The same condition with nested lists flattened, repeats dropped and parts in one order."""
    if isinstance(condition, Not):
        inner = canonical(condition.part)
        return inner.part if isinstance(inner, Not) else Not(inner)
    if not isinstance(condition, AllOf | AnyOf):
        return condition
    kind = type(condition)
    flat: list[Condition] = []
    for part in map(canonical, condition.parts):
        flat.extend(part.parts if isinstance(part, kind) else [part])
    parts = tuple(sorted(dict.fromkeys(flat), key=sort_key))
    return parts[0] if len(parts) == 1 else kind(parts)


def sort_key(condition: Condition) -> str:
    """A text that orders conditions the same way on every machine."""
    return repr(condition)


def groups_of(condition: Condition) -> tuple[tuple[Condition, ...], ...]:
    """The alternatives of a top-level "or", each as its flattened "and" of criteria."""
    flat = canonical(condition)
    alternatives = flat.parts if isinstance(flat, AnyOf) else (flat,)
    return tuple(alt.parts if isinstance(alt, AllOf) else (alt,) for alt in alternatives)


def tags_in(condition: Condition) -> Iterator[str]:
    """The keys of all tags in a condition, repeats included."""
    if isinstance(condition, Tag):
        yield condition.key
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from tags_in(part)
    elif isinstance(condition, Not):
        yield from tags_in(condition.part)


def unread_in(condition: Condition) -> Iterator[str]:
    """All unread words in a condition, in order."""
    if isinstance(condition, Unread):
        yield condition.words
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from unread_in(part)
    elif isinstance(condition, Not):
        yield from unread_in(condition.part)


def to_json(condition: Condition | None) -> dict[str, Any] | None:
    """The public JSON shape of a condition."""
    match condition:
        case None:
            return None
        case Tag(key):
            return {"tag": key}
        case AllOf(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case Unread(words):
            return {"unread": words}


def from_json(value: Any) -> Condition | None:
    """Read the contract's JSON shape; raises `ValueError` for any other shape."""
    return None if value is None else _read(value, depth=0)


def _read(value: Any, *, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise ValueError(f"a condition may be nested {MAX_DEPTH} deep at most")
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError("a condition is an object with one of: tag, all, any, not, unread")
    (name, inner), *_ = value.items()
    if name in ("tag", "unread") and isinstance(inner, str):
        return Tag(inner) if name == "tag" else Unread(inner)
    if name == "not":
        return Not(_read(inner, depth=depth + 1))
    if name in ("all", "any") and isinstance(inner, list) and inner:
        parts = tuple(_read(part, depth=depth + 1) for part in inner)
        return AllOf(parts) if name == "all" else AnyOf(parts)
    raise ValueError(f"a condition cannot hold {name!r} with this value")
