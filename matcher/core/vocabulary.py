"""Vocabulary: every atom of the rules by number, and what conditions say over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matcher.core.logic import (
    FALSE,
    TRUE,
    UNSURE,
    And,
    Atom,
    Expression,
    Inverse,
    Known,
    Or,
    both,
    either,
)
from matcher.core.rulebook import (
    All,
    Attribute,
    Clause,
    Leaf,
    Opposite,
    Rulebook,
    Some,
    Surely,
    TagIs,
    TagRule,
    Unsure,
)

STATUS, CANCER, MAIN, NEVER = "cancer_status", "cancer", "main_cancer", "never"
ONE_CANCER = "one_cancer"


@dataclass(frozen=True)
class Scope:
    """Which cancer a condition is about: `site`, or any cancer if None. Off: no scoping at all."""

    site: str | None = None
    on: bool = True


UNSCOPED = Scope(on=False)


class Vocabulary:
    """The atoms of a rulebook. Names: ``er=positive``, ``age>=51``, ``inherited=BRCA1``."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.index: dict[str, int] = {}
        for attribute in book.attributes.values():
            for name in _atom_names(attribute):
                self.index[name] = len(self.index)
        self.index[ONE_CANCER] = len(self.index)

    @property
    def size(self) -> int:
        """How many atoms there are."""
        return len(self.index)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of every atom, by number."""
        return tuple(self.index)

    @cached_property
    def owner(self) -> tuple[str, ...]:
        """The attribute key of every atom, by number."""
        return tuple(name.partition("=")[0].removesuffix(">") for name in self.index)

    def literal(self, attribute: str, value: str, *, holds: bool = True) -> int:
        """The literal "attribute has value" (or has not), as a set of one."""
        position = self.index[f"{attribute}={value}" if value else attribute]
        return 1 << (position if holds else self.size + position)

    def atom(self, attribute: str, value: str) -> Atom:
        """The atom "attribute has value"."""
        return Atom(self.index[f"{attribute}={value}"])

    @property
    def never(self) -> Atom:
        """The atom "this person never had cancer"."""
        return self.atom(STATUS, NEVER)

    def tag_expression(self, tag: TagRule) -> Expression:
        """What a tag asks, over atoms, about the cancer that its scope names."""
        scope = Scope(tag.site) if tag.scoped else UNSCOPED
        asked = self.expression(tag.when, scope)
        if tag.maybe is not None:
            asked = Or((asked, And((self.expression(tag.maybe, scope), UNSURE))))
        if tag.site is None:
            return asked
        # Whatever is said of a cancer, "not spread" included, is no finding without that cancer.
        return And((self.atom(CANCER, tag.site), asked))

    def expression(self, clause: Clause, scope: Scope = UNSCOPED) -> Expression:
        """A condition of the rules over atoms."""
        match clause:
            case All(parts):
                return both(*(self.expression(part, scope) for part in parts))
            case Some(parts):
                return either(*(self.expression(part, scope) for part in parts))
            case Opposite(part):
                return Inverse(self.expression(part, scope))
            case Surely(part):
                return Known(self.expression(part, scope))
            case TagIs(key):
                return self.tag_expression(self.book.tag(key))
            case Unsure():
                return UNSURE
            case Leaf():
                return self._leaf(clause, scope)

    def _leaf(self, leaf: Leaf, scope: Scope) -> Expression:
        attribute = self.book.attributes[leaf.attribute]
        if attribute.key == STATUS and (NEVER in leaf.values or set(leaf.values) >= HAD_CANCER):
            return self._whole_person(leaf)
        inner = self._plain_leaf(leaf, attribute)
        if not scope.on or attribute.about != MAIN or attribute.key == MAIN:
            return inner
        if scope.site is None:
            alone = Atom(self.index[ONE_CANCER])
            return Or((inner, And((UNSURE, Inverse(alone)))))
        main, has = self.atom(MAIN, scope.site), self.atom(CANCER, scope.site)
        known = Or((And((inner, main)), And((UNSURE, Inverse(main)))))
        return And((has, known))

    def _whole_person(self, leaf: Leaf) -> Expression:
        if set(leaf.values) >= HAD_CANCER:
            return TRUE if NEVER in leaf.values else Inverse(self.never)
        return either(*(self.atom(STATUS, value) for value in leaf.values))

    def _plain_leaf(self, leaf: Leaf, attribute: Attribute) -> Expression:
        if attribute.kind == "integer":
            return self._bounds(leaf, attribute)
        if attribute.kind == "yes_no":
            held = self.atom(attribute.key, "yes")
            parts = [held if v == "yes" else self._not(held, attribute) for v in leaf.values]
            return either(*parts)
        if leaf.values == ("named",):
            genes = (o.value for o in attribute.options if not (o.panel or o.signature))
            return either(*(self.atom(attribute.key, gene) for gene in genes))
        if leaf.gene is not None:
            held = self.atom(attribute.key, leaf.gene)
            return held if leaf.values == ("mutation",) else self._not(held, attribute)
        return either(*(self.atom(attribute.key, value) for value in leaf.values))

    def _bounds(self, leaf: Leaf, attribute: Attribute) -> Expression:
        parts: list[Expression] = []
        if leaf.low is not None and leaf.low > attribute.min:
            parts.append(self.at_least(attribute, leaf.low))
        if leaf.high is not None and leaf.high < attribute.max:
            parts.append(self._not(self.at_least(attribute, leaf.high + 1), attribute))
        return both(*parts) if parts else self._not(FALSE, attribute)

    def at_least(self, attribute: Attribute, number: int) -> Expression:
        """The statement "attribute ≥ number"; yes or no by itself outside the bounds."""
        if number <= attribute.min:
            return TRUE
        if number > attribute.max:
            return FALSE
        return Atom(self.index[f"{attribute.key}>={number}"])

    def _not(self, held: Expression, attribute: Attribute) -> Expression:
        """A negative finding about a cancer needs that cancer; without it, it is no finding."""
        absent = Inverse(held)
        if attribute.about == "person":
            return absent
        if attribute.about == MAIN:
            return And((absent, Inverse(self.never)))
        return And((absent, self.atom(CANCER, attribute.about)))


HAD_CANCER = {"now", "past"}


def _atom_names(attribute: Attribute) -> list[str]:
    if attribute.kind == "integer":
        return [f"{attribute.key}>={n}" for n in range(attribute.min + 1, attribute.max + 1)]
    if attribute.kind == "yes_no":
        return [f"{attribute.key}=yes"]
    return [f"{attribute.key}={o.value}" for o in attribute.options if not o.exclusive]
