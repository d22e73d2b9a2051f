"""Chapters: builds the parts of the form and the groups of genes from checked rules files."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.core.chapters import Chapter, Group
from matcher.rules.source import Source


def build_chapters(entries: Iterable[Source]) -> dict[str, Chapter]:
    """All chapters by key, in the order of the form. Two with one key are a fault."""
    found: dict[str, Chapter] = {}
    for entry in entries:
        key, name = entry.get("key"), entry.text("name")
        if key in found:
            entry.fault(f"the chapter '{key}' stands twice", "Keep one of the two.")
        found[key] = Chapter(key, name, entry.maybe_text("name_other") or name, entry.get("worth"))
    return found


def build_groups(entry: Source) -> tuple[Group, ...]:
    """The groups of an attribute, in order; most have none."""
    return tuple(
        Group(group.get("key"), group.text("name"), group.get("open", False))
        for group in (entry["groups"].each() if "groups" in entry else ())
    )
