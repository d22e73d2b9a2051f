"""Follows: checks that what follows from what can be used, and does not contradict itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from matcher.core.finder import FactFinder
from matcher.core.finding.closure import Closure
from matcher.core.logic import ways_to_hold
from matcher.core.rulebook import Clause, Default, Implication, NeverNo, Rulebook
from matcher.core.vocabulary import Vocabulary
from matcher.rules.source import Source

MOST_TRIED = 64
Rule: TypeAlias = Implication | Default | NeverNo


def check_rules(book: Rulebook, rules: Sequence[tuple[Source, Rule]], place: Source) -> None:
    """Note at each rule, else at `place`, why it cannot be used. The rest must be without fault."""
    _check_keys(rules)
    vocabulary = Vocabulary(book)
    for entry, rule in rules:
        _check_rule(book, vocabulary, entry, rule)
    if place.faults:
        return
    try:
        closure = FactFinder(book).closure
    except ValueError as error:
        place.fault(f"the implications cannot be used: {error}", "Simplify or remove some.")
        return
    _check_contradictions(closure, rules)
    if not place.faults:
        _check_reach(closure, rules)


def _check_keys(rules: Sequence[tuple[Source, Rule]]) -> None:
    seen: set[str] = set()
    for entry, rule in rules:
        if rule.key in seen:
            entry["key"].fault(f"the key '{rule.key}' stands twice", "Rename one.")
        seen.add(rule.key)


def _check_rule(book: Rulebook, vocabulary: Vocabulary, entry: Source, rule: Rule) -> None:
    if isinstance(rule, Implication) and rule.at_most is not None:
        for key in rule.at_most:
            if book.attributes[key].kind != "integer":
                entry["at_most"].fault(f"'{key}' is no number", "Name two numbers.")
        return
    for name, clause in (("if", rule.premise), ("unless", getattr(rule, "unless", None))):
        if clause is not None and _ways(vocabulary, entry[name], clause) == []:
            entry[name].fault("this never holds", "Write a condition over answers.")
    if isinstance(rule, Implication | Default) and rule.conclusion is not None:
        ways = _ways(vocabulary, entry["then"], rule.conclusion)
        if ways == []:
            entry["then"].fault("nothing follows from this", "Write what follows.")
        if isinstance(rule, Default) and ways is not None and len(ways) > 1:
            what = "a default must be one thing, not one of several"
            entry["then"].fault(what, "Write one value, or a default for each.")


def _ways(vocabulary: Vocabulary, source: Source, clause: Clause) -> list[int] | None:
    try:
        expression = vocabulary.expression(clause)
        return ways_to_hold(expression, atoms=vocabulary.size)
    except ValueError as error:
        source.fault(f"this cannot be used here: {error}", "Simplify it.")
        return None


def _check_contradictions(closure: Closure, rules: Sequence[tuple[Source, Rule]]) -> None:
    """No single fact, and not its absence, may lead to both sides of another."""
    names = list(closure.vocabulary.index)
    told: set[str] = set()
    for literal, follows in closure.reach.items():
        if not closure.conflict(follows):
            continue
        holds = literal <= closure.all_atoms
        atom = literal if holds else literal >> closure.size
        name = names[atom.bit_length() - 1]
        what = f"'{name}' contradicts itself" if holds else f"without '{name}' all contradicts"
        used = closure.rules_between(literal)
        for entry, rule in rules:
            if rule.key in used and rule.key not in told:
                entry.fault(what, "Follow what it implies, and mend one of the steps.")
                told.add(rule.key)


def _check_reach(closure: Closure, rules: Sequence[tuple[Source, Rule]]) -> None:
    for entry, rule in rules:
        for name, clause in (("if", rule.premise), ("unless", getattr(rule, "unless", None))):
            if clause is None:
                continue
            ways = closure.ways(clause)
            if len(ways) <= MOST_TRIED and all(map(closure.contradicts, ways)):
                what = "this can never hold: it contradicts what else follows"
                entry[name].fault(what, "Remove the rule, or correct its condition.")
