"""Truth: the complete tables of "and", "or" and "not" over yes, unknown and no.

To review: read each row as "if the first is … and the second is …, then both together are …".
Unknown never becomes yes or no by itself: it gives way only where the other side decides alone.
"""

from __future__ import annotations

from itertools import permutations, product

import pytest

from matcher.core.logic import And, Atom, Expression, Inverse, Known, Or, evaluate
from matcher.core.truth import Truth, every, opposite, some

AND = """
    yes     yes      yes
    yes     unknown  unknown
    yes     no       no
    unknown yes      unknown
    unknown unknown  unknown
    unknown no       no
    no      yes      no
    no      unknown  no
    no      no       no
"""
OR = """
    yes     yes      yes
    yes     unknown  yes
    yes     no       yes
    unknown yes      yes
    unknown unknown  unknown
    unknown no       unknown
    no      yes      yes
    no      unknown  unknown
    no      no       no
"""
NOT = """
    yes     no
    unknown unknown
    no      yes
"""
SURELY = """
    yes     yes
    unknown no
    no      no
"""


def rows(table: str) -> list[list[Truth]]:
    return [[Truth[word.upper()] for word in line.split()] for line in table.strip().split("\n")]


def of(expression: Expression, *values: Truth) -> Truth:
    return evaluate(expression, values.__getitem__)


def test_the_tables_are_complete() -> None:
    for table in (AND, OR):
        assert {tuple(row[:2]) for row in rows(table)} == set(product(Truth, repeat=2))
    for table in (NOT, SURELY):
        assert {row[0] for row in rows(table)} == set(Truth)


@pytest.mark.parametrize(("one", "other", "both"), rows(AND))
def test_and(one: Truth, other: Truth, both: Truth) -> None:
    assert every([one, other]) == both
    assert of(And((Atom(0), Atom(1))), one, other) == both


@pytest.mark.parametrize(("one", "other", "either"), rows(OR))
def test_or(one: Truth, other: Truth, either: Truth) -> None:
    assert some([one, other]) == either
    assert of(Or((Atom(0), Atom(1))), one, other) == either


@pytest.mark.parametrize(("one", "mirrored"), rows(NOT))
def test_not(one: Truth, mirrored: Truth) -> None:
    assert opposite(one) is mirrored
    assert of(Inverse(Atom(0)), one) == mirrored


@pytest.mark.parametrize(("one", "surely"), rows(SURELY))
def test_surely(one: Truth, surely: Truth) -> None:
    assert of(Known(Atom(0)), one) == surely


def test_of_nothing_all_holds_and_none_holds() -> None:
    assert every([]) is Truth.YES
    assert some([]) is Truth.NO


@pytest.mark.parametrize("values", list(product(Truth, repeat=3)))
def test_three_at_once_are_the_same_in_any_order(values: tuple[Truth, ...]) -> None:
    for order in permutations(values):
        assert every(order) == every(values) == every([every(values[:2]), values[2]])
        assert some(order) == some(values) == some([values[0], some(values[1:])])
    assert opposite(every(values)) == some(map(opposite, values))
    assert opposite(some(values)) == every(map(opposite, values))


def test_nothing_that_is_or_is_not_so_is_taken_for_granted() -> None:
    """ "ER-positive or not ER-positive" of somebody who does not know is unknown, not yes."""
    either_way = Or((Atom(0), Inverse(Atom(0))))
    assert of(either_way, Truth.UNKNOWN) == Truth.UNKNOWN


def test_the_order_is_no_unknown_yes() -> None:
    assert Truth.NO < Truth.UNKNOWN < Truth.YES
    assert [truth.word for truth in Truth] == ["no", "unknown", "yes"]
