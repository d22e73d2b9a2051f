"""Drafts: a study as a source tells it, with a list of whatever was not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.core.study import Study

MAX_TITLE = 500
MAX_LABEL = 1_000
MAX_ALSO = 100
MAX_SHOWN = 200


class SourceError(Exception):
    """A source that cannot be read as a study: `what`, `where` (a line or ""), how to `mend`."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}" if where else f"{what}. {mend}")
        self.what, self.where, self.mend = what, where, mend


@dataclass(frozen=True)
class Unused:
    """Something that a source says and the draft does not hold, or not as a fact."""

    line: int | None
    text: str
    why: str


@dataclass(frozen=True)
class Draft:
    """A study as read, its key empty and its audiences not yet read into conditions.

    `stated`: the fields of `Study` (and of its ratings) that the source speaks of; a source
    that is silent on a field takes nothing away. `lines`: where each audience's text stands.
    """

    study: Study
    stated: frozenset[str]
    line: int = 1
    unused: tuple[Unused, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """One record of a source that cannot be taken."""

    line: int
    text: str
    why: str


def cut(text: str) -> str:
    """A text short enough to be shown in a report."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
