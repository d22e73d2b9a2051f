"""Whether answers contradict each other is told quickly, and as the whole search tells it."""

from __future__ import annotations

from matcher.core.answers import Answers
from matcher.core.finder import FactFinder
from tests.laws.court import TODAY, shipped_court
from tests.simulation.people import complete_person


def mixed(finder: FactFinder, seed: int) -> Answers:
    """Half of the answers of one person, and half of another's."""
    one, other = (complete_person(finder, seed + more).given for more in (0, 1))
    keys = sorted({*one, *other})
    halves = {key: (one, other)[place % 2].get(key) for place, key in enumerate(keys)}
    return Answers({key: value for key, value in halves.items() if value is not None})


def test_it_is_true_for_those_in_whom_contradictions_are_found() -> None:
    finder = shipped_court().finder
    people = [mixed(finder, 10 * number) for number in range(30)]
    found = [bool(finder.find(one, today=TODAY).contradictions) for one in people]
    assert [finder.contradicts(one, today=TODAY) for one in people] == found
    assert {True, False} <= set(found)
