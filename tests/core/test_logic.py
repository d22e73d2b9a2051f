"""Logic: expressions for one person and for many, the ways to hold, and what a value rests on."""

from __future__ import annotations

from itertools import product

import pytest

from matcher.core import logic
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
    evaluate,
    grounds,
    ways_to_hold,
)
from matcher.core.machine.people import People
from matcher.core.machine.program import ProgramWriter
from matcher.core.truth import Truth

A, B, C = Atom(0), Atom(1), Atom(2)
N = 3
YES, UNKNOWN, NO = Truth.YES, Truth.UNKNOWN, Truth.NO

EXPRESSIONS: list[Expression] = [
    A,
    Inverse(A),
    Known(A),
    Inverse(Known(A)),
    TRUE,
    FALSE,
    UNSURE,
    And((A, B)),
    Or((A, B)),
    And((A, UNSURE)),
    Or((A, UNSURE)),
    And((A, Inverse(B), Or((B, C)))),
    Or((And((A, B)), Inverse(C))),
    Inverse(Or((A, And((B, UNSURE))))),
    Known(Or((A, Inverse(B)))),
    And((Known(A), Inverse(Known(B)))),
]


def of(expression: Expression, values: tuple[Truth, ...]) -> Truth:
    return evaluate(expression, values.__getitem__)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_many_people_at_once_are_each_one_alone(expression: Expression) -> None:
    people = list(product(Truth, repeat=N))
    known = [sum(SAYS[value](1 << atom) for atom, value in enumerate(one)) for one in people]
    writer = ProgramWriter()
    names = [writer.add(expression), writer.add(expression)]
    yes, can = writer.program().run(People.known(known, size=N))
    place = writer.place(names[0])
    assert names[0] == names[1]
    together = [(yes[place] >> at & 1) + (can[place] >> at & 1) for at in range(len(people))]
    assert together == [of(expression, one) for one in people]


SAYS = {YES: lambda bits: bits, NO: lambda bits: bits << N, UNKNOWN: lambda bits: bits & 0}


def test_a_lone_part_stands_for_itself() -> None:
    assert both(A) == either(A) == A
    assert both(A, B) == And((A, B))
    assert either(A, B) == Or((A, B))


def holds(bits: int) -> int:
    return bits


def fails(bits: int) -> int:
    return bits << N


@pytest.mark.parametrize(
    ("expression", "ways", "ways_not"),
    [
        (A, [holds(1)], [fails(1)]),
        (Inverse(A), [fails(1)], [holds(1)]),
        (TRUE, [0], []),
        (FALSE, [], [0]),
        (UNSURE, [], []),
        (And((A, B)), [holds(3)], [fails(1), fails(2)]),
        (Or((A, B)), [holds(1), holds(2)], [fails(3)]),
        (Or((A, A)), [holds(1)], [fails(1)]),
        (And((Or((A, B)), C)), [holds(5), holds(6)], [fails(3), fails(4)]),
        (And((Or((A, B)), Or((A, B)))), [1, 3, 2], [fails(3)]),
        (Inverse(And((A, Inverse(B)))), [fails(1), holds(2)], [holds(1) | fails(2)]),
        (And((A, UNSURE)), [], [fails(1)]),
        (Or((A, UNSURE)), [holds(1)], []),
    ],
)
def test_the_ways_to_hold(expression: Expression, ways: list[int], ways_not: list[int]) -> None:
    assert ways_to_hold(expression, atoms=N) == ways
    assert ways_to_hold(expression, atoms=N, hold=False) == ways_not


def test_what_is_surely_so_can_hold_but_not_be_denied() -> None:
    assert ways_to_hold(Known(A), atoms=N) == [1]
    with pytest.raises(ValueError, match="not surely"):
        ways_to_hold(Known(A), atoms=N, hold=False)
    with pytest.raises(ValueError, match="not surely"):
        ways_to_hold(Inverse(Known(A)), atoms=N)


def test_every_way_makes_the_expression_hold() -> None:
    for expression in EXPRESSIONS:
        if "Known" in repr(expression):
            continue
        for way in ways_to_hold(expression, atoms=N):
            if way & way >> N:
                continue  # "a and not a": written down, but it never holds
            values = tuple(
                YES if way >> atom & 1 else NO if way >> (N + atom) & 1 else UNKNOWN
                for atom in range(N)
            )
            assert of(expression, values) == YES


def test_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logic, "MAX_DISJUNCTS", 8)
    two = Or((A, B))
    assert len(ways_to_hold(And((two, two, two)), atoms=N)) == 3
    with pytest.raises(ValueError, match="too many alternatives"):
        ways_to_hold(And((two, two, two, two)), atoms=N)


# Grounds


def rests_on(expression: Expression, *values: Truth) -> list[tuple[int, Truth]]:
    return list(grounds(expression, values.__getitem__, value=of(expression, values)))


@pytest.mark.parametrize(
    ("expression", "values", "on"),
    [
        (A, (YES, NO, NO), [(0, YES)]),
        (Inverse(A), (YES, NO, NO), [(0, YES)]),
        (Inverse(A), (NO, NO, NO), [(0, NO)]),
        (And((A, B)), (YES, YES, NO), [(0, YES), (1, YES)]),
        (And((A, B, C)), (YES, NO, NO), [(1, NO)]),
        (Or((A, B, C)), (NO, YES, YES), [(1, YES)]),
        (Or((A, B)), (NO, NO, NO), [(0, NO), (1, NO)]),
        (And((A, B)), (YES, UNKNOWN, NO), [(1, UNKNOWN)]),
        (And((A, B)), (UNKNOWN, UNKNOWN, NO), [(0, UNKNOWN), (1, UNKNOWN)]),
        (Or((A, B)), (NO, UNKNOWN, NO), [(1, UNKNOWN)]),
        (And((A, UNSURE)), (YES, NO, NO), [(0, YES)]),
        (And((A, UNSURE)), (NO, NO, NO), [(0, NO)]),
        (Or((A, UNSURE)), (NO, NO, NO), [(0, NO)]),
        (Or((A, And((B, UNSURE)))), (NO, YES, NO), [(1, YES)]),
        (And((A, UNSURE)), (UNKNOWN, NO, NO), [(0, UNKNOWN)]),
        (Known(A), (UNKNOWN, NO, NO), [(0, UNKNOWN)]),
        (Known(A), (YES, NO, NO), [(0, YES)]),
        (Known(A), (NO, NO, NO), [(0, NO)]),
        (TRUE, (NO, NO, NO), []),
        (UNSURE, (NO, NO, NO), []),
    ],
)
def test_what_a_value_rests_on(
    expression: Expression, values: tuple[Truth, ...], on: list[tuple[int, Truth]]
) -> None:
    assert rests_on(expression, *values) == on


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_a_value_rests_on_is_enough_for_it(expression: Expression) -> None:
    """With everything else unknown, a yes stays yes and a no stays no."""
    for values in product(Truth, repeat=N):
        verdict = of(expression, values)
        ground = dict(rests_on(expression, *values))
        assert all(values[atom] == value for atom, value in ground.items())
        if verdict != UNKNOWN:
            kept = tuple(ground.get(atom, UNKNOWN) for atom in range(N))
            assert of(expression, kept) == verdict
