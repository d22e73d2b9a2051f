"""Rulebook: the rules as frozen values: what is asked, what labels can say, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from matcher.core.chapters import Chapter, Group
from matcher.core.glossary import Term
from matcher.core.record_words import RecordWords
from matcher.core.text import Text

ABOUT = ("person", "main_cancer", "breast", "prostate")
LARGEST_NUMBER = 999
KINDS = ("one", "yes_no", "integer", "many", "results")


@dataclass(frozen=True)
class Option:
    """A value that an answer can take; for results, a gene or signature."""

    value: str
    label: Text
    hint: Text | None = None
    synonyms: tuple[str, ...] = ()
    share: float | None = None
    wider: str | None = None
    fine: bool = False
    exclusive: bool = False
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acquired: bool = False
    check_again: int | None = None
    signature: bool = False
    one_of: tuple[str, ...] = ()
    panel: bool = False
    group: str | None = None

    @property
    def is_single(self) -> bool:
        """Whether it stands for itself: no panel, and no "one of several" that nobody looks for."""
        return not (self.panel or self.one_of)


@dataclass(frozen=True)
class Attribute:
    """Something that is asked. `about` says whose fact it is (one of `ABOUT`).

    `share` is how many say yes, `usual` mean and deviation, `check_again` months until it is old.
    """

    key: str
    order: int
    kind: str
    about: str
    name: Text
    question: Text
    question_other: Text
    help: Text
    doctor: Text
    why: Text | None = None
    tender: bool = False
    self_told: bool = False
    chapter: str | None = None
    groups: tuple[Group, ...] = ()
    asked_when: Clause | None = None
    options: tuple[Option, ...] = ()
    min: int = 0
    max: int = 0
    unit: Text | None = None
    unit_one: Text | None = None
    merged_from: str | None = None
    doctor_other: Text | None = None
    share: float | None = None
    usual: tuple[float, float] | None = None
    check_again: int | None = None
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def option(self, value: str) -> Option | None:
        """The option with this value, or None."""
        return self._by_value.get(value)

    @cached_property
    def _by_value(self) -> Mapping[str, Option]:
        return {option.value: option for option in reversed(self.options)}

    @property
    def own_cancer(self) -> bool:
        """Whether the facts are about a cancer of the person's own."""
        return self.about != "person"

    def wider_than(self, value: str) -> tuple[str, ...]:
        """The wider values that `value` implies, nearest first."""
        chain: dict[str, None] = {}
        option = self.option(value)
        while option and option.wider and option.wider not in chain:
            chain[option.wider] = None
            option = self.option(option.wider)
        return tuple(chain)

    def narrower_than(self, value: str) -> tuple[str, ...]:
        """All values that imply `value`."""
        return tuple(o.value for o in self.options if o.wider and value in self.wider_than(o.value))


@dataclass(frozen=True)
class Leaf:
    """One attribute tested: any of `values`; or a result of a gene; or bounds of a number."""

    attribute: str
    values: tuple[str, ...] = ()
    gene: str | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True)
class Some:
    """At least one part holds."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True)
class Opposite:
    """The part does not hold."""

    part: Clause


@dataclass(frozen=True)
class Surely:
    """Yes if the part is known to hold, otherwise no."""

    part: Clause


@dataclass(frozen=True)
class TagIs:
    """Another tag holds."""

    key: str


@dataclass(frozen=True)
class Unsure:
    """Nobody can tell."""


Clause: TypeAlias = Leaf | All | Some | Opposite | Surely | TagIs | Unsure
"""A condition of the rules over answers (the tree under `when:`)."""


def within(clause: Clause | None) -> Iterator[Clause]:
    """A condition and all that it is made of; of None nothing. Tags are not followed."""
    if clause is not None:
        yield clause
    match clause:
        case All(parts) | Some(parts):
            for part in parts:
                yield from within(part)
        case Opposite(part) | Surely(part):
            yield from within(part)


@dataclass(frozen=True)
class TagRule:
    """A named condition over answers. A scoped one carries the `site` that its label named."""

    key: str
    label: Text
    about: Text
    topic: str
    weight: int
    when: Clause
    maybe: Clause | None = None
    supports: bool = True
    scoped: bool = False
    tender: bool = False
    opposite: str | None = None
    phrases: tuple[str, ...] = ()
    role: str | None = None
    concept: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class TagFamily:
    """A tag whose number comes from the label: `{n}` in its texts and condition."""

    key: str
    build: Callable[[int], TagRule]
    phrases: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True)
class Implication:
    """What follows from what. `at_most` = (smaller, larger) integer attributes instead."""

    key: str
    text: Text
    premise: Clause | None = None
    conclusion: Clause | None = None
    one_way: bool = False
    at_most: tuple[str, str] | None = None


@dataclass(frozen=True)
class Default:
    """What is taken to hold until an answer says otherwise."""

    key: str
    text: Text
    premise: Clause
    conclusion: Clause
    unless: Clause | None = None


@dataclass(frozen=True)
class NeverNo:
    """Values of lists whose silence is not "no" while the premise holds."""

    key: str
    text: Text
    premise: Clause
    values: tuple[tuple[str, str], ...]
    unless: Clause | None = None


@dataclass(frozen=True)
class Scoring:
    """The numbers of the score, all integers (rules/scoring.yaml gives the reasons)."""

    floors: Mapping[str, int]
    fit: int
    related_fit: int
    related_count: int
    relevance: Mapping[str, int]
    strength: Mapping[str, int]
    neutral: int
    recency: tuple[tuple[int, int], ...]
    unread_weight: int
    aged_years: Mapping[str, int]
    aged_years_otherwise: int
    old_test_months: int


@dataclass(frozen=True)
class Rulebook:
    """All rules, compiled once. `version` is the hash of the files' content."""

    version: str
    attributes: Mapping[str, Attribute]
    tags: Mapping[str, TagRule]
    families: Mapping[str, TagFamily]
    implications: tuple[Implication, ...]
    defaults: tuple[Default, ...]
    never_no: tuple[NeverNo, ...]
    scoring: Scoring
    texts: Mapping[str, Text]
    glossary: tuple[Term, ...] = ()
    chapters: Mapping[str, Chapter] = field(default_factory=dict)
    records: RecordWords = field(default_factory=RecordWords)

    @property
    def sites(self) -> tuple[str, ...]:
        """The cancers that a label can name as the site."""
        return tuple(option.value for option in self.attributes["cancer"].options)

    @property
    def heaviest(self) -> int:
        """The greatest weight of any tag."""
        return max((tag.weight for tag in self.tags.values()), default=1)

    def tag(self, key: str) -> TagRule:
        """The tag of a plain, scoped or parameterised key; raises `KeyError` if there is none."""
        if key in self.tags:
            return self.tags[key]
        base, _, argument = key.rpartition(":")
        if argument in self.sites and (rule := self.tag(base)).scoped and rule.site is None:
            return replace(rule, key=key, site=argument)
        if base in self.families and argument.isascii() and argument.isdigit():
            return self.families[base].build(min(int(argument), LARGEST_NUMBER))
        raise KeyError(key)

    def knows(self, key: str) -> bool:
        """Whether `tag` would find this key."""
        try:
            return self.tag(key) is not None
        except KeyError:
            return False
