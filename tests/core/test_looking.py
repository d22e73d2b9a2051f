"""Looking at further answers: the same as the finder says, contradictions included."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from matcher.core.changes import looking
from matcher.core.changes.looking import Looking
from matcher.core.finder import FactFinder
from tests.core.changes import every_answer, ways_to_tell
from tests.core.scenes import Scenes
from tests.core.small import TODAY, book, finder
from tests.kept import shipped_book


@pytest.fixture(scope="module")
def shipped() -> Scenes:
    rules = shipped_book()
    return Scenes(rules, FactFinder(rules), open_answers=30)


def compare(scenes: Scenes, seed: int) -> set[tuple[int, bool]]:
    """Compares one scene; returns how much contradicted before, with whether more did then."""
    catalogue, _, answers, numbers = scenes.draw(seed)
    find = catalogue.finder.find
    now = find(answers, today=TODAY)
    look = Looking(catalogue.finder, answers, now, today=TODAY)
    parts = every_answer(catalogue, answers, today=TODAY, numbers=numbers)
    pairs = list(combinations(parts, 2))
    chosen = [(one,) for one in parts] + Random(seed).sample(pairs, min(len(pairs), 60))
    people = [told for some in chosen for told in ways_to_tell(answers, some, frozenset())]
    people += [answers.without(frozenset({unit})) for unit in answers.units()]
    met = set()
    for told in people:
        facts, found = look.facts(told), find(told, today=TODAY)
        is_new = not set(found.contradictions) <= set(now.contradictions)
        assert (facts is None) == is_new, (seed, told)
        assert facts is None or facts.known == found.known, (seed, told)
        met.add((len(now.contradictions), is_new))
    return met


@pytest.mark.parametrize("most", [looking.MOST_WAYS_APART, 0])
def test_looking_says_what_the_finder_says(
    shipped: Scenes, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(looking, "MOST_WAYS_APART", most)
    small = Scenes(book(), finder(), open_answers=30)
    met = {one for seed in range(500, 540) for one in compare(shipped, seed)}
    met |= {one for seed in range(500, 560) for one in compare(small, seed)}
    assert {(0, False), (0, True), (1, False), (1, True)} <= met
    assert max(before for before, _ in met) > 2
