"""Given change: the fewest given answers that would have to differ, against trying them all."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.changes.search import Search
from matcher.core.given_change import MOST_GIVEN, smallest_given_change
from matcher.core.levels import Level
from matcher.core.matching import match
from tests.core.changes import fewest
from tests.core.scenes import Scenes
from tests.core.small import TODAY, book, catalogue, finder, person, study


def given_change(most: Any, **answers: Any) -> list[tuple[str, Any, Any]] | None:
    one = study("a", most)
    turns = smallest_given_change(catalogue(one), one, person(**answers), today=TODAY)
    return None if turns is None else [(turn.unit, turn.before, turn.after) for turn in turns]


@pytest.mark.parametrize(
    ("most", "answers", "turns"),
    [
        ("er_positive", {"er": "negative"}, [("er", "negative", "positive")]),
        ("age_at_least:50", {"age": 30}, [("age", 30, 50)]),
        ("tumor_ESR1", {"tumor": {"ESR1": "none"}}, [("tumor.ESR1", "none", "mutation")]),
        ("tumor_ESR1", {"tumor": {"ESR1": "uncertain"}},
         [("tumor.ESR1", "uncertain", "mutation")]),
        # with what is not known yet
        (("er_positive", "her2_negative"), {"er": "negative"},
         [("er", "negative", "positive"), ("her2", None, "negative")]),
        (("age_at_least:50", "women"), {"age": 30, "gender": "man"},
         [("age", 30, 50), ("gender", "man", "woman")]),
        # to take back is enough
        ("er_positive", {"triple_negative": "yes", "er": "positive"},
         [("triple_negative", "yes", None)]),
        # of a list only what must be goes or comes
        (("had_tamoxifen", "had_surgery"),
         {"treatments": ["surgery"], "treatments_now": ["surgery"]},
         [("treatments", ("surgery",), ("surgery", "tamoxifen"))]),
        ("ashkenazi", {"race_ethnicity": ["white"]},
         [("race_ethnicity", ("white",), ("ashkenazi", "white"))]),
        ({"not": "had_surgery:breast"},
         {"cancer": ["breast"], "main_cancer": "breast", "er": "positive",
          "treatments": ["surgery", "chemotherapy"]},
         [("treatments", ("chemotherapy", "surgery"), ("chemotherapy",))]),
        # nothing given needs to change, or nothing helps
        ("er_positive", {"er": "low"}, None),
        ("er_positive", {}, None),
        ("tumor_ESR1", {"tumor": {"any": "none"}}, None),
        ("? words", {"er": "low"}, None),
        ("women", {"gender": "declined", "sex_at_birth": "declined"}, None),
        # three at most
        (("er_positive", "women", "age_at_least:50"),
         {"er": "negative", "gender": "man", "age": 30},
         [("er", "negative", "positive"), ("age", 30, 50), ("gender", "man", "woman")]),
        (("er_positive", "women", "age_at_least:50", "tumor_ESR1"),
         {"er": "negative", "gender": "man", "age": 30, "tumor": {"ESR1": "none"}}, None),
    ],
)  # fmt: skip
def test_the_fewest_given_answers(
    most: Any, answers: dict[str, Any], turns: list[tuple[str, Any, Any]] | None
) -> None:
    assert given_change(most, **answers) == turns


SCENES = Scenes(book(), finder(), open_answers=10)


def applied(answers: Answers, turns: Any) -> Answers:
    given: dict[str, Any] = dict(answers.given)
    for turn in turns:
        key, _, gene = turn.unit.partition(".")
        if gene:
            results = {g: r for g, r in given.get(key, {}).items() if g != gene}
            given[key] = {**results, **({gene: Result(turn.after)} if turn.after else {})}
        elif turn.after is None:
            given.pop(key)
        else:
            given[key] = turn.after
    return Answers(given, answers.declined)


@pytest.mark.parametrize("seed", range(300, 330))
def test_no_fewer_given_answers_do_it(seed: int) -> None:
    one_catalogue, one, answers, numbers = SCENES.draw(seed)
    turns = smallest_given_change(one_catalogue, one, answers, today=TODAY)
    changed = None if turns is None else sum(turn.before is not None for turn in turns)
    for count in range((MOST_GIVEN + 1) if changed is None else changed):
        for units in combinations(answers.units(), count):
            rest = answers.without(frozenset(units))
            least = fewest(one_catalogue, one, rest, today=TODAY, most=1, numbers=numbers)
            if least is not None:
                alone = Search(one_catalogue, one, answers, today=TODAY).smallest(4)
                assert alone is not None, (seed, units)  # no given answer needs to change
                assert turns is None
                return


def test_who_answers_so_fits() -> None:
    told = 0
    for seed in range(300, 420):
        one_catalogue, one, answers, _ = SCENES.draw(seed)
        turns = smallest_given_change(one_catalogue, one, answers, today=TODAY)
        if turns is None:
            continue
        outcome = match(one_catalogue, applied(answers, turns), today=TODAY)
        assert outcome.matches[0].level == Level.FITS, (seed, turns)
        told += 1
    assert told > 3
