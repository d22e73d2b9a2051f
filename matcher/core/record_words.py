"""Record words: how hospital records name what is asked about (rules/records.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.core.text import Text


@dataclass(frozen=True)
class Concept:
    """One meaning: its codes by system, whole texts, and parts of a text that all stand in it."""

    key: str
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordWords:
    """Addresses of code systems, groups of meanings, lists of words, and reasons to be told."""

    systems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Concept, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, Text] = field(default_factory=dict)
