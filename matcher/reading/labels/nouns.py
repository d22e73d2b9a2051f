"""Nouns: what a label names, before it is known how people are tied to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from matcher.core.conditions import Condition
from matcher.reading.labels.lexicon import Sense


@dataclass(frozen=True)
class Site:
    """One cancer of a list; `value` None is any cancer. `asked` must hold of that cancer too;
    `asked_words` are the words that say so."""

    value: str | None
    words: str
    exact: bool = True
    asked: tuple[Condition, ...] = ()
    asked_words: str = ""


@dataclass(frozen=True)
class Cancers:
    """Cancers joined by `link` (``or``, ``and`` or nothing)."""

    sites: tuple[Site, ...]
    link: str
    words: str
    noun: str = "cancer"
    risk: bool = False


@dataclass(frozen=True)
class Genes:
    """Mutations in genes; no names: a mutation in any gene. `origins`: inherited, tumor.

    `link` is ``or``, ``and`` (each of them), ``plural`` ("BRCA1 and BRCA2 mutations") or nothing.
    """

    names: tuple[str, ...]
    link: str
    words: str
    origins: frozenset[str] = frozenset()
    asked: tuple[Condition, ...] = ()
    plain: bool = False
    in_family: bool = False


@dataclass(frozen=True)
class Thing:
    """A treatment, plan, symptom or exposure. `extra` are words that narrow it further, `of` is
    the cancer that it is for ("breast cancer treatment")."""

    senses: tuple[Sense, ...]
    words: str
    extra: str = ""
    of: Cancers | None = None

    @property
    def all_words(self) -> str:
        """The words with those that narrow it."""
        return f"{self.extra} {self.words}".strip()


@dataclass(frozen=True)
class Said:
    """A condition that holds of the person whatever the verb."""

    condition: Condition
    words: str = ""


@dataclass(frozen=True)
class Lines:
    """A number of earlier lines of treatment."""

    low: int | None
    high: int | None
    words: str
    extra: str = ""


@dataclass(frozen=True)
class History:
    """A personal or family history of what `of` names."""

    kinds: tuple[str, ...]
    link: str
    words: str
    of: Noun | None
    extra: str = ""


@dataclass(frozen=True)
class Relative:
    """Relatives who have what `of` names."""

    of: Noun
    words: str
    extra: str = ""


@dataclass(frozen=True)
class Risk:
    """A risk of what `of` names. `level`: high, average, at."""

    level: str
    words: str
    of: Noun | None


@dataclass(frozen=True)
class Absent:
    """The opposite of a noun ("no mutation")."""

    of: Noun
    words: str


@dataclass(frozen=True)
class Listing:
    """Several nouns; `links[k]` stands before `parts[k + 1]` (``, or`` after a comma)."""

    parts: tuple[Noun, ...]
    links: tuple[str, ...]
    words: str


Noun: TypeAlias = (
    Cancers | Genes | Thing | Said | Lines | History | Relative | Risk | Absent | Listing
)


def words_of(noun: Noun) -> str:
    """All words of a noun."""
    return noun.all_words if isinstance(noun, Thing) else noun.words


def loosened(noun: Noun) -> Noun:
    """The noun with every "and" of a list as "or", as it must be taken when it is denied."""
    match noun:
        case Cancers() | Genes():
            return replace(noun, link="or")
        case Listing(parts, links):
            return replace(noun, parts=tuple(map(loosened, parts)), links=("or",) * len(links))
        case History():
            of = loosened(noun.of) if noun.of is not None else None
            return replace(noun, of=of, link="or")
        case Risk():
            return replace(noun, of=loosened(noun.of) if noun.of is not None else None)
        case Relative():
            return replace(noun, of=loosened(noun.of))
        case _:
            return noun
