"""Given change: the fewest given answers that would have to differ, against trying them all."""

from __future__ import annotations

from itertools import combinations, groupby
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.changes.cuts import Cuts
from matcher.core.changes.search import Search
from matcher.core.given_change import MOST_GIVEN, GivenChange, Turn, smallest_given_change
from matcher.core.levels import Level
from matcher.core.matching import match
from tests.core.changes import fewest
from tests.core.scenes import Scenes
from tests.core.small import TODAY, book, catalogue, finder, person, study


def given_change(most: Any, **answers: Any) -> list[tuple[str, Any, Any]] | None:
    one = study("a", most)
    turns = smallest_given_change(catalogue(one), one, person(**answers), today=TODAY).turns
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
    found = smallest_given_change(one_catalogue, one, answers, today=TODAY)
    assert found.complete
    turns = found.turns
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
        turns = smallest_given_change(one_catalogue, one, answers, today=TODAY).turns
        if turns is None:
            continue
        outcome = match(one_catalogue, applied(answers, turns), today=TODAY)
        assert outcome.matches[0].level == Level.FITS, (seed, turns)
        told += 1
    assert told > 3


@pytest.mark.parametrize("seeds", [range(300, 340), range(420, 460)])
def test_what_is_left_out_would_have_found_nothing(
    seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(seed: int) -> GivenChange:
        one_catalogue, one, answers, _ = SCENES.draw(seed)
        return smallest_given_change(one_catalogue, one, answers, today=TODAY, most_work=10**9)

    forbid, left_out = Cuts.forbid, 0

    def counted(cuts: Cuts, units: frozenset[str], groups: int) -> bool:
        nonlocal left_out
        forbidden = forbid(cuts, units, groups)
        left_out += forbidden
        return forbidden

    monkeypatch.setattr(Cuts, "forbid", counted)
    quick = [found(seed) for seed in seeds]
    assert left_out > 100
    monkeypatch.setattr(Cuts, "forbid", lambda *_: False)
    assert quick == [found(seed) for seed in seeds]
    assert any(change.turns for change in quick)


def test_where_the_work_runs_out_it_says_so() -> None:
    one = study("a", ("er_positive", "women", "age_at_least:50", "tumor_ESR1"))
    answers = person(er="negative", gender="man", age=30, tumor={"ESR1": "none"})
    found = [
        smallest_given_change(catalogue(one), one, answers, today=TODAY, most_work=work)
        for work in (0, 10, 10**6)
    ]
    assert found == [GivenChange(None, False), GivenChange(None, False), GivenChange(None, True)]


def test_what_was_found_before_the_work_ran_out_is_told() -> None:
    one = study("a", [("er_positive", "her2_negative"), "women"])
    answers = person(er="negative", gender="man")
    found = [
        smallest_given_change(catalogue(one), one, answers, today=TODAY, most_work=work)
        for work in range(0, 400, 2)
    ]
    er = (Turn("er", "negative", "positive"), Turn("her2", None, "negative"))
    gender = (Turn("gender", "man", "woman"),)
    told = [key for key, _ in groupby(found)]
    assert told == [GivenChange(None, False), GivenChange(er, False), GivenChange(gender, True)]


def test_nothing_is_tried_where_nothing_is_to_change() -> None:
    one = study("a", "er_positive")
    for answers in (person(er="positive"), person()):
        found = smallest_given_change(catalogue(one), one, answers, today=TODAY, most_work=0)
        assert found == GivenChange(None, True)
