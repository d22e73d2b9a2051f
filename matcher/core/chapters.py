"""Chapters: the parts of the form, and the headings under which genes stand on their page."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.core.text import Text


@dataclass(frozen=True)
class Chapter:
    """A part of the form. `name_other` is its name when it is about the person cared for.

    `worth` is the share of the heaviest page that a page of it must weigh to be asked now, None
    for the usual one.
    """

    key: str
    name: Text
    name_other: Text
    worth: float | None = None


@dataclass(frozen=True)
class Group:
    """A heading under which results stand on their page; what is not `open` is folded."""

    key: str
    name: Text
    open: bool = False
