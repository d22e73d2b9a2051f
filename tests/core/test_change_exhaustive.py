"""Change against every set of answers: no smaller one does it, and none that does is missed."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import pytest

from matcher.core.answers import Answers, Value
from matcher.core.change import smallest_change
from matcher.core.engine import levels_of
from matcher.core.finder import FactFinder
from matcher.core.levels import Level
from matcher.core.machine.people import People
from matcher.core.matching import match
from tests.core import small
from tests.core.changes import fewest
from tests.core.possible import possible_answers
from tests.core.scenes import Scenes
from tests.core.small import TODAY
from tests.kept import shipped_book


@cache
def scenes(rules: str, open_answers: int) -> Scenes:
    if rules == "small":
        return Scenes(small.book(), small.finder(), open_answers=open_answers)
    book = shipped_book()
    return Scenes(book, FactFinder(book), open_answers=open_answers)


def compare(drawn: Scenes, seed: int, *, most: int) -> int | None:
    """Compares one scene; returns how many answers it takes."""
    catalogue, study, answers, numbers = drawn.draw(seed)
    steps = smallest_change(catalogue, study, answers, today=TODAY)
    least = fewest(catalogue, study, answers, today=TODAY, most=most, numbers=numbers)
    found = len(steps) if steps is not None and len(steps) <= most else None
    assert found == least, (seed, study.most, answers, steps)
    if steps:
        assert match(catalogue, answers, today=TODAY).matches[0].level != Level.FITS
    return least


SMALL = [("small", 12, 4, range(20)), ("small", 40, 2, range(100, 130))]
SHIPPED = [
    ("shipped", 14, 4, range(400, 425)),
    ("shipped", 20, 3, range(40)),
    ("shipped", 40, 2, range(100, 115)),
]


@pytest.mark.parametrize(("rules", "open_answers", "most", "seeds"), [*SMALL, *SHIPPED])
def test_no_other_set_is_smaller(rules: str, open_answers: int, most: int, seeds: range) -> None:
    sizes = {compare(scenes(rules, open_answers), seed, most=most) for seed in seeds}
    assert sizes & {1, 2, 3, 4}  # some of the scenes can be changed


@pytest.mark.volume
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("rules", "open_answers", "most", "seeds"),
    [
        ("small", 18, 4, range(1000, 2000)),
        ("small", 60, 2, range(2000, 4000)),
        ("shipped", 16, 4, range(1000, 1500)),
        ("shipped", 60, 2, range(2000, 2600)),
    ],
)
def test_no_other_set_is_smaller_at_volume(
    rules: str, open_answers: int, most: int, seeds: range
) -> None:
    for seed in seeds:
        compare(scenes(rules, open_answers), seed, most=most)


@pytest.mark.parametrize("rules", ["small", "shipped"])
@pytest.mark.parametrize("seed", range(200, 220))
def test_what_the_planner_takes_for_possible_is_found_too(rules: str, seed: int) -> None:
    catalogue, study, answers, _ = scenes(rules, 40).draw(seed)
    finder = catalogue.finder
    before = set(finder.find(answers, today=TODAY).contradictions)
    parts = possible_answers(catalogue, answers, today=TODAY)
    steps = smallest_change(catalogue, study, answers, today=TODAY)
    reached = len(steps) if steps is not None else 99
    for size in range(min(reached, 3)):
        people = []
        for chosen in combinations(parts, size):
            for values in product(*(told for _, told in chosen)):
                given: dict[str, Value] = dict(answers.given)
                for (unit, _), (_, value) in zip(chosen, values, strict=True):
                    key = unit.partition(".")[0]
                    had = given.get(key)
                    both = isinstance(value, dict) and isinstance(had, dict)
                    given[key] = {**had, **value} if both else value  # type: ignore[dict-item]
                facts = finder.find(Answers(given, answers.declined), today=TODAY)
                if set(facts.contradictions) <= before:
                    people.append(facts)
        if people:
            known = People.of(people, size=catalogue.finder.vocabulary.size)
            levels = levels_of(catalogue, known)
            assert not (levels[0] == Level.FITS).any(), (seed, size)
