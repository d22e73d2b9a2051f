"""Matching: the order is total, one person is a batch of one, nothing given is changed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.engine import best_of, keys_of, levels_of
from matcher.core.levels import Level
from matcher.core.machine.day import HIDDEN
from matcher.core.matching import Match, match, match_many
from matcher.core.study import Event, Study
from matcher.core.text import Text
from tests.core.small import TODAY, book, catalogue, finder, found, outcome, person, study

ER: dict[str, Any] = {"cancer": ["breast"], "er": "positive"}
EVENT = Event(TODAY, Text("It changed.", "Cambió."))


def keys(*studies: Study, **answers: Any) -> list[str]:
    return [one.study.key for one in outcome(*studies, **answers).matches]


# Order


def test_the_order() -> None:
    """Level, then unmarked before marked, then score, then newer, undated last, then key."""
    day = timedelta(days=1)
    inside_a_month = TODAY - 20 * day
    in_order = [
        study("z-fits-new", "er_positive"),
        study("y-fits-newer", "breast_cancer", posted=TODAY),
        study("x-fits-older", "breast_cancer", posted=inside_a_month),
        study("a-same-day", "any_cancer", posted=inside_a_month),
        study("b-same-day", "any_cancer", posted=inside_a_month),
        study("marked-better", "er_positive", marks=("weak",)),
        study("marked-worse", "breast_cancer", events=(EVENT,)),
        study("undated", "er_positive", posted=None),
        study("m-may", ("er_positive", "tumor_ESR1")),
        study("l-may-marked", ("er_positive", "tumor_ESR1"), marks=("animal",)),
        study("k-related", "er_negative", ["er_positive"]),
        study("j-open", "tumor_ESR1"),
        study("a-different", "er_negative"),
        study("b-different", "er_negative", posted=TODAY - 900 * day),
        study("h-unlabelled", "? x"),
    ]
    expected = [one.key for one in in_order]
    rng = Random(1)
    for _ in range(20):
        shuffled = rng.sample(in_order, k=len(in_order))
        assert keys(*shuffled, **ER) == expected


def test_ties_go_by_key_in_every_order() -> None:
    studies = [study(key, "er_positive") for key in ("b", "a", "B", "a-2", "é")]
    for order in permutations(studies):
        assert keys(*order, **ER) == ["B", "a", "a-2", "b", "é"]


def test_undated_studies_come_after_dated_ones_of_the_same_score() -> None:
    old = date(1990, 1, 1)
    assert keys(study("a", "er_positive", posted=None), study("b", "er_positive", posted=old),
                **ER) == ["b", "a"]  # fmt: skip


def test_a_newer_study_comes_first_among_equals() -> None:
    days = [study("a", "er_positive", posted=TODAY - timedelta(days=1)), study("b", "er_positive")]
    assert keys(*days, **ER) == ["b", "a"]


# Counts, hidden studies, what comes along


def test_counts_are_over_all_levels() -> None:
    counts = outcome(
        study("a", "er_positive"), study("b", "er_negative"), study("c", "er_negative"), **ER
    ).counts
    assert counts == {
        "fits": 1, "may_fit": 0, "related": 0, "open": 0, "different": 2, "unlabelled": 0,
    }  # fmt: skip
    assert list(counts) == [level.word for level in Level]


@pytest.mark.parametrize("standing", HIDDEN)
def test_superseded_and_retracted_studies_are_in_no_list(standing: str) -> None:
    hidden = study("b", "er_positive", standing=standing)
    compiled = catalogue(study("a", "er_positive"), hidden)
    listed = match(compiled, person(**ER), today=TODAY)
    assert [one.study.key for one in listed.matches] == ["a"]
    assert listed.counts["fits"] == 1
    (batched,) = match_many(compiled, [person(**ER)], today=TODAY)
    assert [one.study.key for one in batched.matches] == ["a"]
    assert batched.matches[0].reasons[0].label == "ER-positive"
    every = match(compiled, person(**ER), today=TODAY, with_hidden=True)
    assert [one.study.key for one in every.matches] == ["a", "b"]
    assert every.matches[1].marks == (standing,)
    assert every.counts["fits"] == 2


def test_what_an_outcome_tells() -> None:
    told = outcome(study("a", "er_positive"), er="positive", triple_negative="yes", stage="3",
                   extent="metastatic", language="es")  # fmt: skip
    assert told.answers == person(er="positive", triple_negative="yes", stage="3",
                                  extent="metastatic")  # fmt: skip
    assert told.today == TODAY
    assert told.rules == book().version
    ((contradiction, text),) = told.contradictions
    assert contradiction.units == ("er", "triple_negative")
    assert "Triple negative is not er positive (es)." in text
    ((note, sentence),) = told.notes
    assert note.rule == "stage_3_has_not_spread_far"
    assert sentence == "Stage 3 has not spread far (es)."
    assert told.facts.set_aside == {"er", "triple_negative"}


def test_a_match_carries_its_study_and_marks() -> None:
    one = found(study("a", "er_positive", marks=("lab",), events=(EVENT,)), **ER)
    assert one.study.key == "a"
    assert one.marks == ("lab", "changed")
    assert one.reasons is one.reasons  # told once
    assert one.level is Level.FITS


# One and many


def rows(matches: tuple[Match, ...]) -> list[Any]:
    return [(m.study.key, m.level, dict(m.points), m.marks, m.reasons) for m in matches]


def many_people() -> list[Answers]:
    return [
        person(),
        person(**ER),
        person(cancer=["ovarian"], stage="4"),
        person(cancer_status="never", inherited={"BRCA1": "mutation"}),
        person(er="positive", triple_negative="yes"),
        person(age=35, sex_at_birth="female", gender="nonbinary"),
        person(**ER, tumor={"ESR1": {"result": "none", "on": "2020-01"}}),
    ]


def many_studies() -> list[Study]:
    shapes: list[Any] = [
        None, "er_positive", ("er_positive", "tumor_ESR1"), ["er_negative", "women"],
        {"not": ["er_positive", "metastatic"]}, "age_at_least:36", "metastatic:breast", "? x",
        ("told_high_risk", "? x"), [("breast_risk", "women"), "prostate_cancer"], "no_such_tag",
    ]  # fmt: skip
    days = [date(2020 + number % 7, 1, 1) for number in range(len(shapes))]
    return [
        study(f"s{number}", most, shapes[1 + number % 3 : number % 7], posted=days[number])
        for number, most in enumerate(shapes)
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_batch_is_each_one_alone(language: str) -> None:
    compiled = catalogue(*many_studies())
    people = many_people()
    together = match_many(compiled, people, today=TODAY, language=language)
    for answers, batched in zip(people, together, strict=True):
        alone = match(compiled, answers, today=TODAY, language=language)
        assert rows(alone.matches) == rows(batched.matches)
        assert alone.counts == batched.counts
        assert (alone.contradictions, alone.notes) == (batched.contradictions, batched.notes)


def test_a_study_is_judged_alone_as_among_others() -> None:
    answers = many_people()[1]
    every = match(catalogue(*many_studies()), answers, today=TODAY)
    among = {one.study.key: one for one in every.matches}
    for one in many_studies():
        alone = match(catalogue(one), answers, today=TODAY).matches[0]
        assert rows((alone,)) == rows((among[one.key],))


def test_nobody_and_nothing() -> None:
    assert match_many(catalogue(study("a", "er_positive")), [], today=TODAY) == []
    empty = match(catalogue(), person(**ER), today=TODAY)
    assert empty.matches[:] == ()
    assert set(empty.counts.values()) == {0}
    assert match_many(catalogue(), [], today=TODAY) == []
    compiled = catalogue(study("a", "women"))
    nobody = finder().people([], today=TODAY)
    assert keys_of(compiled, compiled.on(TODAY), nobody).shape == (0, 1)
    assert best_of(compiled, compiled.on(TODAY), nobody, top=3).rows.shape == (0, 3)
    assert levels_of(compiled, nobody).shape == (1, 0)


def test_nothing_that_was_given_is_changed() -> None:
    studies = many_studies()
    answers = person(**ER, inherited={"BRCA1": "mutation"})
    before = (repr(studies), repr(answers))
    compiled = catalogue(*studies)
    compiled.on(TODAY)
    arrays = {name: repr(value) for name, value in vars(compiled).items()}
    match(compiled, answers, today=TODAY).matches[0].reasons  # noqa: B018
    assert (repr(studies), repr(answers)) == before
    assert {name: repr(value) for name, value in vars(compiled).items()} == arrays


def test_points_and_levels_come_out_of_the_keys() -> None:
    compiled = catalogue(*many_studies())
    day = compiled.on(TODAY)
    keys = keys_of(compiled, day, finder().people(many_people(), today=TODAY))
    for answers, of_person in zip(many_people(), keys, strict=True):
        found = {one.study.key: one for one in match(compiled, answers, today=TODAY).matches}
        for row, key in enumerate(of_person):
            one = found[compiled.studies[row].key]
            assert day.rows(key) == row
            assert (day.levels(key), day.scores(key)) == (one.level, one.score)
            assert one.score == sum(one.points.values()) <= 100
