"""Facts: what single answers say, and what follows from them, tried rule by rule to a standstill.

An atom is (attribute, value); for integers (attribute, n) means "n or more". `ONE_CANCER` is the
atom "has or had one cancer at most".
"""

from __future__ import annotations

from copy import deepcopy
from itertools import product
from typing import Any

from tests.referee.reading import FOUND, Rules

Atom = tuple[str, Any]
Literal = tuple[Atom, bool]

ONE_CANCER: Atom = ("", "one cancer")
NEVER: Atom = ("cancer_status", "never")


class ClashError(Exception):
    """Something would be both so and not so."""


class Facts:
    """What is known: atoms that are so or not so; all others are unknown."""

    def __init__(self, rules: Rules) -> None:
        self.known: dict[Atom, bool] = {}
        self.range = {
            key: [attribute["min"], attribute["max"]]
            for key, attribute in rules.attributes.items()
            if attribute["kind"] == "integer"
        }

    def get(self, atom: Atom) -> bool | None:
        """Whether the atom is so; None if unknown."""
        key, value = atom
        if key not in self.range:
            return self.known.get(atom)
        low, high = self.range[key]
        return True if low >= value else False if high < value else None

    def learn(self, atom: Atom, so: bool) -> bool:
        """Note that the atom is `so`; says whether that is new; raises `ClashError`."""
        known = self.get(atom)
        if known is not None:
            if known is not so:
                raise ClashError(atom)
            return False
        key, value = atom
        if key not in self.range:
            self.known[atom] = so
        elif so:
            self.range[key][0] = value
        else:
            self.range[key][1] = value - 1
        return True

    def copy(self) -> Facts:
        """A copy to try things on."""
        return deepcopy(self)


def ways(rules: Rules, condition: dict[str, Any], *, so: bool = True) -> list[list[Literal]]:
    """The ways (lists of literals that hold together) in which a rule's condition is `so`."""
    if len(condition) > 1:
        condition = {"all": [{key: value} for key, value in condition.items()]}
    ((key, value),) = condition.items()
    if key == "not":
        return ways(rules, value, so=not so)
    if key not in ("all", "any"):
        if isinstance(value, dict) and "not" in value:
            return ways(rules, {key: value["not"]}, so=not so)
        return _leaf_ways(rules, key, value, so=so)
    parts = [ways(rules, part, so=so) for part in value]
    if (key == "all") == so:
        return [[literal for way in chosen for literal in way] for chosen in product(*parts)]
    return [way for part in parts for way in part]


def _leaf_ways(rules: Rules, key: str, value: Any, *, so: bool) -> list[list[Literal]]:
    kind = rules.attributes[key]["kind"]
    together: list[Literal] = []
    if kind == "integer":
        if "min" in value:
            together.append(((key, value["min"]), True))
        if "max" in value:
            together.append(((key, value["max"] + 1), False))
    elif kind == "results":
        together = [((key, gene), result in FOUND) for gene, result in value.items()]
    if together:
        return [together] if so else [[(atom, not holds)] for atom, holds in together]
    choices = [value] if isinstance(value, str) else value
    if kind == "yes_no":
        either: list[Literal] = [((key, "yes"), choice == "yes") for choice in choices]
    else:
        either = [((key, choice), True) for choice in choices]
    return [[one] for one in either] if so else [[(atom, not holds) for atom, holds in either]]


def clauses(rules: Rules) -> tuple[list[list[Literal]], list[tuple[list[Literal], list[Literal]]]]:
    """What always holds: clauses (one literal at least is true), and one-way rules (if, then)."""
    both: list[list[Literal]] = []
    one_way: list[tuple[list[Literal], list[Literal]]] = []
    for key, attribute in rules.attributes.items():
        positive = _positive_atoms(rules, key)
        if attribute["about"] == "main_cancer" and key != "cancer_status":
            both += [[(atom, False), (NEVER, False)] for atom in positive]
        if attribute["about"] in ("breast", "prostate"):
            both += [[(atom, False), (("cancer", attribute["about"]), True)] for atom in positive]
        if "merged_from" in attribute:
            both += [
                [((attribute["merged_from"], value), False), ((key, value), True)]
                for _, value in positive
            ]
        if attribute["kind"] == "results":
            both += _genes(rules, key)
            one_way += _no_gene_left(rules, key)
    for cancer in rules.values("cancer"):
        both.append([(("cancer", cancer), False), (NEVER, False)])
        both.append([(("main_cancer", cancer), False), (("cancer", cancer), True)])
    both.append([(NEVER, False), (ONE_CANCER, True)])
    for rule in rules.implications:
        if "at_most" in rule:
            continue
        for reason in ways(rules, rule["if"]):
            for wrong in ways(rules, rule["then"], so=False):
                follows = [(atom, not so) for atom, so in wrong]
                if rule.get("one_way"):
                    one_way.append((reason, follows))
                else:
                    both.append([*((atom, not so) for atom, so in reason), *follows])
    return both, one_way


def _positive_atoms(rules: Rules, key: str) -> list[Atom]:
    """The atoms of an attribute that say that something is there."""
    kind = rules.attributes[key]["kind"]
    if kind == "yes_no":
        return [(key, "yes")]
    if kind == "integer":
        return [(key, 1)]
    return [(key, v) for v in rules.values(key) if v not in rules.flagged(key, "exclusive")]


def _genes(rules: Rules, key: str) -> list[list[Literal]]:
    """A gene makes its "one of" so, and both make the panel's "any" so."""
    options = rules.attributes[key]["options"]
    plain = [o["value"] for o in options if not o.get("signature") and not o.get("panel")]
    found: list[list[Literal]] = [
        [((key, gene), False), ((key, panel), True)]
        for panel in rules.flagged(key, "panel")
        for gene in plain
    ]
    for option in options:
        group = (key, option["value"])
        found += [[((key, gene), False), (group, True)] for gene in option.get("one_of", [])]
    return found


def _no_gene_left(rules: Rules, key: str) -> list[tuple[list[Literal], list[Literal]]]:
    """A "one of" is not so when none of its genes is. Never backwards: no gene by elimination."""
    return [
        ([((key, gene), False) for gene in option["one_of"]], [((key, option["value"]), False)])
        for option in rules.attributes[key]["options"]
        if "one_of" in option
    ]


class Closer:
    """Closes facts over everything that always holds."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.both, self.one_way = clauses(rules)
        self.values = {
            key: {
                value: (rules.wider(key, value), rules.narrower(key, value))
                for value in rules.values(key)
            }
            for key, attribute in rules.attributes.items()
            if attribute["kind"] in ("one", "many")
        }
        self.limits = [
            pair for rule in rules.implications for pair in rule.get("at_most", {}).items()
        ]

    def close(self, facts: Facts) -> None:
        """Learn all that follows, until nothing is new; raises `ClashError`."""
        while self._pass(facts):
            pass

    def _pass(self, facts: Facts) -> bool:
        new = False
        for key, values in self.values.items():
            for value, (wider, narrower) in values.items():
                so = facts.get((key, value))
                if so is True:
                    for other in wider:
                        new |= facts.learn((key, other), True)
                    if self.rules.attributes[key]["kind"] == "one":
                        for other in set(values) - wider - narrower - {value}:
                            new |= facts.learn((key, other), False)
                elif so is False:
                    for other in narrower:
                        new |= facts.learn((key, other), False)
        for clause in self.both:
            new |= _unit(facts, clause)
        for reason, follows in self.one_way:
            if all(facts.get(atom) is so for atom, so in reason):
                new |= _unit(facts, follows)
        for small, large in self.limits:
            new |= facts.learn((large, facts.range[small][0]), True)
            new |= facts.learn((small, facts.range[large][1] + 1), False)
        return new


def _unit(facts: Facts, clause: list[Literal]) -> bool:
    """If all literals but one are false, the last one is true."""
    left = []
    for atom, so in clause:
        known = facts.get(atom)
        if known is so:
            return False
        if known is None:
            left.append((atom, so))
    if not left:
        raise ClashError(clause)
    return len(left) == 1 and facts.learn(*left[0])
