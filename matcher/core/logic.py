"""Logic: expressions over atoms, in Kleene's three values.

An atom is one statement about a person ("cancer: breast", "age ≥ 51"). What is known of all atoms
is one set of literals: an integer whose bit ``i`` says "atom i holds" and bit ``n + i`` "atom i
does not hold". `evaluate` reads an expression for one person, for reasons; core.machine.program
compiles many of them for many people. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from matcher.core.truth import Truth, opposite

MAX_DISJUNCTS = 4096


@dataclass(frozen=True)
class Atom:
    """The value of one atom."""

    index: int


@dataclass(frozen=True)
class And:
    """The least of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """The greatest of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Inverse:
    """The mirror of the part."""

    part: Expression


@dataclass(frozen=True)
class Known:
    """Yes if the part is yes, otherwise no."""

    part: Expression


@dataclass(frozen=True)
class Constant:
    """Always the same value."""

    value: Truth


Expression: TypeAlias = Atom | And | Or | Inverse | Known | Constant

UNSURE = Constant(Truth.UNKNOWN)
TRUE = Constant(Truth.YES)
FALSE = Constant(Truth.NO)


def evaluate(expression: Expression, value_of: Callable[[int], Truth]) -> Truth:
    """The value of an expression for one person, given the value of each atom by its index."""
    match expression:
        case Atom(index):
            return value_of(index)
        case And(parts):
            return min([evaluate(part, value_of) for part in parts])
        case Or(parts):
            return max([evaluate(part, value_of) for part in parts])
        case Inverse(part):
            return opposite(evaluate(part, value_of))
        case Known(part):
            return Truth.YES if evaluate(part, value_of) == Truth.YES else Truth.NO
        case Constant(value):
            return value


def walk(expression: Expression) -> Iterator[Expression]:
    """An expression and all that it is made of, repeats included."""
    yield expression
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from walk(part)
        case Inverse(part) | Known(part):
            yield from walk(part)
        case _:
            return


def both(*parts: Expression) -> Expression:
    """The "and" of parts; a lone part stands for itself."""
    return parts[0] if len(parts) == 1 else And(parts)


def either(*parts: Expression) -> Expression:
    """The "or" of parts; a lone part stands for itself."""
    return parts[0] if len(parts) == 1 else Or(parts)


def ways_to_hold(expression: Expression, *, atoms: int, hold: bool = True) -> list[int]:
    """All minimal-as-written sets of literals under which the expression is `yes`.

    With ``hold=False``: under which it is `no`. Raises `ValueError` for what literals cannot
    say ("not surely …") and for more than `MAX_DISJUNCTS` ways.
    """
    match expression:
        case Atom(index):
            return [1 << index if hold else 1 << (atoms + index)]
        case Inverse(part):
            return ways_to_hold(part, atoms=atoms, hold=not hold)
        case Constant(value):
            return [0] if value == (Truth.YES if hold else Truth.NO) else []
        case Known(part):
            if not hold:
                raise ValueError("'not surely' cannot stand in an implication")
            return ways_to_hold(part, atoms=atoms, hold=True)
        case And(parts) | Or(parts):
            ways = [ways_to_hold(part, atoms=atoms, hold=hold) for part in parts]
            if isinstance(expression, And) != hold:
                return list(dict.fromkeys(way for part in ways for way in part))
            return _combined(ways)


def _combined(ways: list[list[int]]) -> list[int]:
    count = 1
    for part in ways:
        count *= len(part)
    if count > MAX_DISJUNCTS:
        raise ValueError("this condition has too many alternatives")
    combined = []
    for choice in product(*ways):
        literals = 0
        for literal in choice:
            literals |= literal
        combined.append(literals)
    return list(dict.fromkeys(combined))


def grounds(
    expression: Expression, value_of: Callable[[int], Truth], *, value: Truth
) -> Iterator[tuple[int, Truth]]:
    """The atoms, with their values, on which the expression's `value` rests.

    For "and" that is no, and "or" that is yes, one part that decides is enough: the first.
    For unknown: the atoms that are not known; where nobody can tell, those that brought it there.
    """
    match expression:
        case Atom(index):
            yield index, value
        case Inverse(part):
            yield from grounds(part, value_of, value=Truth(Truth.YES - value))
        case Known(part):
            inner = evaluate(part, value_of)
            yield from grounds(part, value_of, value=inner)
        case And(parts) | Or(parts):
            values = [evaluate(part, value_of) for part in parts]
            decides = Truth.NO if isinstance(expression, And) else Truth.YES
            alike = [part for part, truth in zip(parts, values, strict=True) if truth == value]
            if value == decides:
                alike = alike[:1]
            elif value == Truth.UNKNOWN and all(isinstance(part, Constant) for part in alike):
                for part, truth in zip(parts, values, strict=True):
                    yield from grounds(part, value_of, value=truth)
                return
            for part in alike:
                yield from grounds(part, value_of, value=value)
        case Constant():
            return
