"""Ways: which sets of answers could bring it about that a condition holds.

Hopeful on purpose: a default or a list's silence counts as if nothing could stop it, and nothing
contradicts anything but by itself. So no set of answers that makes the condition hold is without
one of its ways; whether a way does it, only the facts tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.core.changes.offer import Offer
from matcher.core.changes.offers import Offers
from matcher.core.finder import FactFinder
from matcher.core.finding.closure import bits
from matcher.core.logic import (
    And,
    Atom,
    Constant,
    Expression,
    Inverse,
    Known,
    Or,
    evaluate,
    walk,
)
from matcher.core.truth import Truth

Sets = list[int]
MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Lead:
    """With the answers of `mask`, and all literals of `premise`, those of `conclusion` may come."""

    mask: int
    premise: int
    conclusion: int


class Ways:
    """What could follow where `known` is certain and some answers may be added."""

    def __init__(self, finder: FactFinder, known: int, silent: int) -> None:
        self.finder = finder
        self.closure = finder.closure
        self.known = known
        self.against = self.closure.negated(known)
        self.sets_made = 0  # tells how much work it was
        self.leads = [*self._wide(), *self._defaults(), *self._silence(0, _closed(self, silent))]

    def relevant(self, expressions: Iterable[Expression]) -> int:
        """The literals that may help any of the conditions to hold."""
        literals = 0
        for expression in expressions:
            literals |= self._literals(expression, hold=True)
        before = -1
        while literals != before:
            before = literals
            for lead in self.leads:
                if lead.conclusion & literals:
                    literals |= lead.premise
        return literals

    def of(
        self, expressions: Sequence[Expression], offers: Offers, choice: Sequence[Offer], had: int
    ) -> list[Sets]:
        """For each condition the smallest sets of answers, beside those of `had`, for it to hold.

        Sets of more than `MOST_AT_ONCE` answers are left out.
        """
        relevant = self.relevant(expressions) & ~self.known
        table = self._table(offers, choice, had, relevant)
        join = _Joining(offers)
        return [self._sets(one, table, join, hold=True) for one in expressions]

    def _table(
        self, offers: Offers, choice: Sequence[Offer], had: int, relevant: int
    ) -> dict[int, Sets]:
        """The smallest sets for each relevant literal."""
        table: dict[int, Sets] = {literal: [] for literal in bits(relevant)}
        leads = [lead for lead in self.leads if lead.conclusion & relevant]
        for offer in choice:
            mask = offers.mask(offer) & ~had
            for literal in bits(offer.saying.hard & relevant):
                table[literal].append(mask)
            silent = offers.silence_of(offer, had)
            leads += self._silence(mask, (one for one in silent if one[1] & relevant))
        leads += self._joint(offers, had, relevant)
        join = _Joining(offers)
        for literal, sets in table.items():
            table[literal] = smallest(sets)
        changed = True
        while changed:
            changed = False
            for lead in leads:
                sets = [lead.mask]
                for literal in bits(lead.premise & ~self.known):
                    sets = join.both(sets, table.get(literal, []))
                for literal in bits(lead.conclusion & relevant) if sets else ():
                    self.sets_made += 1 + len(sets)
                    merged = smallest([*table[literal], *sets])
                    if merged != table[literal]:
                        table[literal] = merged
                        changed = True
        return table

    def _sets(
        self, expression: Expression, table: dict[int, Sets], join: _Joining, *, hold: bool
    ) -> Sets:
        match expression:
            case Atom(index):
                literal = 1 << (index if hold else index + self.closure.size)
                return [0] if literal & self.known else table.get(literal, [])
            case Inverse(part):
                return self._sets(part, table, join, hold=not hold)
            case Constant(value):
                return [0] if value == (Truth.YES if hold else Truth.NO) else []
            case Known(part):
                if hold:
                    return self._sets(part, table, join, hold=True)
                return [] if self._is_certain(part) else [0]
            case And(parts) | Or(parts):
                sets = (self._sets(part, table, join, hold=hold) for part in parts)
                if isinstance(expression, And) != hold:
                    return smallest([one for part in sets for one in part])
                together = [0]
                for one in sets:
                    together = join.both(together, one)
                return together

    def _is_certain(self, expression: Expression) -> bool:
        size = self.closure.size

        def value(atom: int) -> Truth:
            if self.known >> atom & 1:
                return Truth.YES
            return Truth.NO if self.known >> (size + atom) & 1 else Truth.UNKNOWN

        return bool(evaluate(expression, value) == Truth.YES)

    def _literals(self, expression: Expression, *, hold: bool) -> int:
        match expression:
            case Atom(index):
                return 1 << (index if hold else index + self.closure.size)
            case Inverse(part):
                return self._literals(part, hold=not hold)
            case And(parts) | Or(parts):
                together = 0
                for part in parts:
                    together |= self._literals(part, hold=hold)
                return together
            case Known(part):
                return self._literals(part, hold=True) if hold else 0
            case Constant():
                return 0

    def _wide(self) -> Iterator[Lead]:
        for rule in self.closure.wide:
            if rule.conclusion & ~self.known and not rule.premise & self.against:
                yield Lead(0, rule.premise, rule.conclusion)

    def _defaults(self) -> Iterator[Lead]:
        for rule in self.finder.defaults:
            literals = rule.literals & ~self.against & ~self.known
            if literals and not self._holds(rule.unless):
                for premise in rule.premises:
                    if not premise & self.against:
                        yield Lead(0, premise, self.closure.close(literals))

    def _silence(self, mask: int, literals: Iterable[tuple[int, int]]) -> Iterator[Lead]:
        """What a list's silence says, unless something known forbids that."""
        for literal, closed in literals:
            if not literal & self.against:
                for guard in self._guards(literal):
                    yield Lead(mask, guard, closed)

    def _joint(self, offers: Offers, had: int, relevant: int) -> Iterator[Lead]:
        """What several results of one question say only together."""
        for told, literal in offers.questions.joint():
            closed = self.closure.close(literal)
            if closed & relevant and not literal & self.against:
                mask = 0
                for offer in told:
                    mask |= offers.mask(offer)
                yield Lead(mask & ~had, 0, closed)

    def _guards(self, silent: int) -> Sets:
        """What must hold for the silence to count, as alternatives."""
        guards = [0]
        for rule in self.finder.never_no:
            blocks = rule.literals & silent and self._holds(rule.premises)
            if blocks and not self._holds(rule.unless):
                guards = [one | unless for one in guards for unless in rule.unless]
        return guards

    def _holds(self, ways: tuple[int, ...]) -> bool:
        return any(self.known & way == way for way in ways)


class _Joining:
    """Joins sets of answers that can be given together."""

    def __init__(self, offers: Offers) -> None:
        self.offers = offers

    def both(self, left: Sets, right: Sets) -> Sets:
        """The smallest sets that hold one of `left` and one of `right`."""
        if left == [0] or not right:
            return right
        among, beside = dict.fromkeys(left), dict.fromkeys(right)
        alone = {one for one in left if _holds_any(one, beside)}
        others = {one for one in right if _holds_any(one, among)}
        joined = [*alone, *others]
        rest = [one for one in right if one not in others]
        for one in left:
            if one not in alone:
                joined += [one | other for other in rest if self._goes(one | other)]
        return smallest(joined)

    def _goes(self, mask: int) -> bool:
        return self.offers.cost(mask) <= MOST_AT_ONCE and self.offers.goes(mask)


def smallest(sets: Iterable[int]) -> Sets:
    """The sets that hold no other of them."""
    kept: dict[int, None] = {}
    for one in sorted(set(sets), key=lambda mask: (mask.bit_count(), mask)):
        if not _holds_any(one, kept):
            kept[one] = None
    return list(kept)


def _holds_any(mask: int, sets: Collection[int]) -> bool:
    """Whether `mask` holds one of these sets; by its parts if those are fewer than the sets."""
    if len(sets) <= 1 << mask.bit_count():
        return any(mask & one == one for one in sets)
    part = mask
    while part:
        if part in sets:
            return True
        part = (part - 1) & mask
    return 0 in sets


def influences(finder: FactFinder, expression: Expression) -> int:
    """The atoms that could bear on a condition in any way, also by stopping something."""
    size, all_atoms = finder.closure.size, finder.closure.all_atoms

    def atoms(*literals: int) -> int:
        together = 0
        for one in literals:
            together |= one
        return (together | together >> size) & all_atoms

    bearing = sum({1 << part.index for part in walk(expression) if isinstance(part, Atom)})
    links = [(atoms(rule.conclusion), atoms(rule.premise)) for rule in finder.closure.wide]
    for default in finder.defaults:
        reach = atoms(finder.closure.close(default.literals))
        links.append((reach, reach | atoms(*default.premises, *default.unless)))
    for rule in finder.never_no:
        links.append((atoms(rule.literals), atoms(*rule.premises, *rule.unless)))
    before = -1
    while bearing != before:
        before = bearing
        for reach, premises in links:
            if reach & bearing:
                bearing |= premises
    return bearing | bearing << size


def _closed(ways: Ways, literals: int) -> Iterator[tuple[int, int]]:
    return ((one, ways.closure.close(one)) for one in bits(literals))
