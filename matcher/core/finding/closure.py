"""Closure: everything that follows from a set of literals by the hard implications.

Implications between two literals are closed once, when the rules are compiled: `reach[l]` is all
that follows from literal l. Wider ones ("all of these ⇒ those") are applied until nothing new
comes. Every implication also runs backwards (unit propagation), unless it is marked one-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

from matcher.core.logic import ways_to_hold
from matcher.core.rulebook import Attribute, Clause, Implication
from matcher.core.vocabulary import CANCER, MAIN, NEVER, ONE_CANCER, STATUS, Vocabulary

MOST_LINKS = 20_000
MOST_REMEMBERED = 20_000
MOST_WIDE = 2_000


@dataclass(frozen=True)
class Wide:
    """All literals of `premise` together imply those of `conclusion`; `why` is the rule's key."""

    premise: int
    conclusion: int
    why: str | None


class Closure:
    """The hard implications of a rulebook, compiled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.size = vocabulary.size
        self.all_atoms = (1 << self.size) - 1
        self._direct: dict[int, int] = {}
        self._why: dict[tuple[int, int], str] = {}
        self._wide: list[Wide] = []
        self._links = 0
        for attribute in vocabulary.book.attributes.values():
            self._add_kind(attribute)
        self._remembered: dict[int, int] = {}
        self._add_cancers()
        for implication in vocabulary.book.implications:
            self._add_implication(implication)
        self.reach = self._close_pairs()
        self.wide = tuple(
            Wide(rule.premise, self._reached(rule.conclusion), rule.why) for rule in self._wide
        )

    def close(self, literals: int, *, beside: int = 0) -> int:
        """All that follows from `literals` and from `beside`, which is closed already."""
        known = beside | self._reached(literals & ~beside)
        before = -1
        while known != before:
            before = known
            for rule in self.wide:
                if known & rule.premise == rule.premise:
                    known |= rule.conclusion
        return known

    def conflict(self, known: int) -> int:
        """The atoms that `known` says both to hold and not to hold, as a bit set."""
        return known & (known >> self.size) & self.all_atoms

    def told(self, known: int) -> int:
        """All literals, for and against, of the atoms of which `known` says anything."""
        atoms = (known & self.all_atoms) | known >> self.size
        return atoms | atoms << self.size

    def contradicts(self, literals: int) -> bool:
        """Whether `literals` cannot all hold."""
        return self.conflict(self.close(literals)) != 0

    def negated(self, literals: int) -> int:
        """The opposites of all literals of a set."""
        return (literals >> self.size) | ((literals & self.all_atoms) << self.size)

    def rules_between(self, literals: int) -> tuple[str, ...]:
        """The keys of the implications on a shortest way from `literals` to their conflict."""
        came: dict[int, tuple[int, str | None]] = dict.fromkeys(bits(literals), (0, None))
        queue = list(came)
        known = literals
        while queue and not self.conflict(known):
            steps: list[tuple[int, int, str | None]] = []
            for literal in queue:
                followers = bits(self._direct.get(literal, 0))
                steps += [(literal, one, self._why.get((literal, one))) for one in followers]
            for rule in self.wide:
                if known & rule.premise == rule.premise:
                    steps += [(rule.premise, bit, rule.why) for bit in bits(rule.conclusion)]
            queue = []
            for premise, follower, why in steps:
                if follower not in came:
                    came[follower] = (premise, why)
                    known |= follower
                    queue.append(follower)
        return tuple(sorted(self._trace(came, self.conflict(known))))

    def _trace(self, came: dict[int, tuple[int, str | None]], conflict: int) -> set[str]:
        first = conflict & -conflict
        waiting = [first, first << self.size] if first else []
        used: set[str] = set()
        seen: set[int] = set()
        while waiting:
            literal = waiting.pop()
            if literal not in seen and literal in came:
                seen.add(literal)
                premise, why = came[literal]
                used.update([why] if why else [])
                waiting.extend(bits(premise))
        return used

    def _reached(self, literals: int) -> int:
        """What follows from single literals. Remembered: most people give the same answers."""
        known = self._remembered.get(literals)
        if known is None:
            known = rest = literals
            while rest:
                lowest = rest & -rest
                reach = self.reach.get(lowest, lowest)
                known |= reach
                rest &= ~reach  # what a literal reaches has no more to add
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[literals] = known
        return known

    def _imply(self, premise: int, conclusion: int, *, why: str | None, one_way: bool) -> None:
        """premise (a set of literals, all) ⇒ conclusion (one literal), and backwards."""
        self._links += 1
        if self._links > MOST_LINKS or len(self._wide) > MOST_WIDE:
            raise ValueError("too much follows from too many things")
        self._forward(premise, conclusion, why)
        if one_way:
            return
        for literal in bits(premise):
            rest = (premise ^ literal) | self.negated(conclusion)
            self._forward(rest, self.negated(literal), why)

    def _forward(self, premise: int, conclusion: int, why: str | None) -> None:
        if premise & (premise - 1):
            self._wide.append(Wide(premise, conclusion, why))
        elif not self._direct.get(premise, 0) & conclusion:
            self._direct[premise] = self._direct.get(premise, 0) | conclusion
            if why:
                self._why[premise, conclusion] = why

    def _close_pairs(self) -> dict[int, int]:
        reach: dict[int, int] = {}
        leading_on = reduce(or_, self._direct, 0)
        # "Not at least 9" leads to "not at least 10": from the end, no step is taken twice.
        for start in sorted(self._direct, key=lambda one: -one if one > self.all_atoms else one):
            seen = waiting = start
            while waiting:
                lowest = waiting & -waiting
                waiting ^= lowest
                if lowest in reach:
                    seen |= reach[lowest]
                    waiting &= ~reach[lowest]
                else:
                    new = self._direct.get(lowest, 0) & ~seen
                    seen |= new
                    waiting |= new & leading_on
            reach[start] = seen
        return reach

    def _add_kind(self, attribute: Attribute) -> None:
        lit = self.vocabulary.literal
        key = attribute.key
        names = self._atoms_of(attribute)
        for low, high in pairwise(names):
            if attribute.kind == "integer":
                self._pair(1 << high, 1 << low)
        for option in attribute.options:
            if option.wider:
                self._pair(lit(key, option.value), lit(key, option.wider))
            if option.one_of:
                self._either_gene(key, option.value, option.one_of)
        if attribute.kind == "one":
            self._exclude_others(attribute)
        if attribute.kind == "results":
            self._panel(attribute)
        if attribute.merged_from:
            for option in attribute.options:
                if not option.exclusive:
                    self._pair(lit(attribute.merged_from, option.value), lit(key, option.value))
        for atom in names if attribute.own_cancer else ():
            self._needs_cancer(1 << atom, attribute)

    def _atoms_of(self, attribute: Attribute) -> list[int]:
        owners = self.vocabulary.owner
        return [i for i, owner in enumerate(owners) if owner == attribute.key]

    def _pair(self, premise: int, conclusion: int) -> None:
        self._imply(premise, conclusion, why=None, one_way=False)

    def _exclude_others(self, attribute: Attribute) -> None:
        lit = self.vocabulary.literal
        none = 0
        for option in attribute.options:
            none |= lit(attribute.key, option.value, holds=False)
        for option in attribute.options:
            nested = (option.value, *attribute.wider_than(option.value))
            nested += attribute.narrower_than(option.value)
            others = none
            for value in nested:
                others &= ~lit(attribute.key, value, holds=False)
            holds = lit(attribute.key, option.value)
            self._direct[holds] = self._direct.get(holds, 0) | others

    def _either_gene(self, key: str, entry: str, genes: tuple[str, ...]) -> None:
        lit = self.vocabulary.literal
        for gene in genes:
            self._pair(lit(key, gene), lit(key, entry))
        none_of_them = 0
        for gene in genes:
            none_of_them |= lit(key, gene, holds=False)
        # One way: "one of the two" with the one clear does not prove the other, which may have been
        # tested with an uncertain result. A wrong "yes" is worse than an open question.
        self._imply(none_of_them, lit(key, entry, holds=False), why=None, one_way=True)

    def _panel(self, attribute: Attribute) -> None:
        lit = self.vocabulary.literal
        for panel in (o.value for o in attribute.options if o.panel):
            for option in attribute.options:
                if not option.panel and not option.signature:
                    self._pair(lit(attribute.key, option.value), lit(attribute.key, panel))

    def _needs_cancer(self, literal: int, attribute: Attribute) -> None:
        lit = self.vocabulary.literal
        never = lit(STATUS, NEVER)
        if literal == never or attribute.key == CANCER:
            return
        if attribute.about != MAIN:
            self._pair(literal, lit(CANCER, attribute.about))
        elif attribute.key != STATUS:
            self._pair(literal, self.negated(never))

    def _add_cancers(self) -> None:
        lit = self.vocabulary.literal
        never = lit(STATUS, NEVER)
        for site in self.vocabulary.book.sites:
            self._pair(lit(CANCER, site), self.negated(never))
            self._pair(lit(MAIN, site), lit(CANCER, site))
        self._pair(never, 1 << self.vocabulary.index[ONE_CANCER])

    def _add_implication(self, rule: Implication) -> None:
        if rule.at_most is not None:
            self._add_at_most(rule, *rule.at_most)
        if rule.premise is None or rule.conclusion is None:
            return
        for premise in self.ways(rule.premise):
            for conclusion in self._clauses(rule.conclusion):
                self._add_clause(premise, conclusion, rule)

    def _add_clause(self, premise: int, conclusion: int, rule: Implication) -> None:
        """premise ⇒ one of the literals of `conclusion`."""
        for literal in bits(conclusion):
            rest = premise
            for other in bits(conclusion ^ literal):
                rest |= self.negated(other)
            self._imply(rest, literal, why=rule.key, one_way=rule.one_way)

    def _add_at_most(self, rule: Implication, smaller: str, larger: str) -> None:
        for name, position in self.vocabulary.index.items():
            key, _, number = name.partition(">=")
            other = self.vocabulary.index.get(f"{larger}>={number}")
            if key == smaller and other is not None:
                self._imply(1 << position, 1 << other, why=rule.key, one_way=rule.one_way)

    def ways(self, clause: Clause) -> list[int]:
        """The sets of literals under which a clause of the rules is `yes`."""
        return ways_to_hold(self.vocabulary.expression(clause), atoms=self.size)

    def _clauses(self, clause: Clause) -> list[int]:
        """A conclusion as clauses: each a set of literals of which one must hold."""
        failures = ways_to_hold(self.vocabulary.expression(clause), atoms=self.size, hold=False)
        return [self.negated(failure) for failure in failures]


def bits(literals: int) -> Iterator[int]:
    """The single literals of a set."""
    while literals:
        lowest = literals & -literals
        yield lowest
        literals ^= lowest
