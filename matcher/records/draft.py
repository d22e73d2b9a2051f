"""Draft: what was read about one person, what was used, what was not and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BROKEN, OTHER, LARGE, CROWD, NOBODY = "broken", "other", "large", "crowd", "nobody"
NO_TABLE = "no_table"
FILE_FAULTS = (BROKEN, OTHER, LARGE, CROWD, NOBODY, NO_TABLE)
"""Why nothing of a file is taken, each the end of a text's key: it cannot be read to its end; it is
something else than a record; it is too large; it is about too many people, or about nobody; it is
no table."""


@dataclass(frozen=True)
class Used:
    """A part of the source that became an answer: `what` in the source's words, and which answer.

    `key` is an answer's key, or ``tumor.ESR1`` for one result.
    """

    what: str
    key: str
    value: Any


@dataclass(frozen=True)
class Unused:
    """A part of the source that became no answer, and why, in words for the reader.

    `reason` and `fills` say why in any language: the key of a text and the words in its braces.
    """

    what: str
    why: str
    reason: str = field(default="", compare=False)
    fills: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Clash:
    """Two parts of the source that cannot both be true; `dates` as the source has them, or None.

    The answer that they are about is left open.
    """

    key: str
    values: tuple[Any, ...]
    dates: tuple[str | None, ...]


@dataclass(frozen=True)
class Refusal:
    """A source, or a row of it, of which nothing can be taken: where, what was there, why.

    `reason` is one of `FILE_FAULTS` where it is about the whole file.
    """

    source: str
    path: str
    value: Any
    problem: str
    reason: str = field(default="", compare=False)


@dataclass(frozen=True)
class Draft:
    """One person's answers as a source has them, in the public JSON shape, not yet checked.

    `source` is the file, for a row with its number. `dates` are, by answer, when it was found out
    (``YYYY-MM-DD`` or shorter).
    `code` is the name by which a panel knows the person, where the source gives one.
    `sources` are, by answer, who said it (``report`` or ``told``), where the source says so.
    `marks` help whoever sent a record to recognise the person (``id``, ``born``, ``gender``); they
    are shown once and never kept.
    """

    source: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, Any] = field(default_factory=dict)
    used: tuple[Used, ...] = ()
    unused: tuple[Unused, ...] = ()
    clashes: tuple[Clash, ...] = ()
    code: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict, repr=False)
