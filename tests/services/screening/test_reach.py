"""Reach: what is said of each answer is what the engine says of whoever gives it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.levels import Level
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher, UnknownStudyError
from matcher.services.screening import reach as module
from matcher.services.screening.reach import IfSettled, Reach, reach, reach_of
from matcher.services.screening.wanted import most_valuable
from tests.core.small import study
from tests.services.screening.conftest import BREAST, DAY, Crowd

Moves = dict[tuple[str, str], dict[int, Level]]


def words_of(one: IfSettled) -> list[str]:
    """The answer; of a number all that it stands for."""
    return [one.value] if one.span is None else [*map(str, range(one.span[0], one.span[1] + 1))]


def told(found: Reach) -> Moves:
    """Who would stand where by which answer."""
    moves: Moves = defaultdict(dict)
    for unsettled in found.unsettled:
        for one in unsettled.answers:
            assert one.before == tuple(found.levels[list(one.people)].tolist())
            for word in words_of(one):
                moves[unsettled.unit, word] |= zip(one.people, one.after, strict=True)
    return moves


@pytest.mark.parametrize("number", range(0, 60, 4))
def test_each_answer_moves_whom_the_engine_moves(crowd: Crowd, number: int) -> None:
    key = crowd.studies[number].key
    found = reach(crowd.matcher, key, crowd.people, today=DAY)
    said = told(found)
    for person, answers in enumerate(crowd.people):
        tried = crowd.tried(person)
        now = tried.now[number]
        assert found.levels[person] == now
        if now == Level.FITS:
            assert all(person not in one.people for one in found.unsettled)
            continue
        possible = {(way.unit, way.word) for way, _ in tried.then}
        for each in found.unsettled:
            for one in (one for one in each.answers if person in one.people):
                assert any((each.unit, word) in possible for word in words_of(one))
        for way, levels in tried.then:
            moved = said.get((way.unit, way.word), {})
            # Other answers would show the cancer as well, but are not asked for that.
            if person in moved or {"cancer_status", "cancer"} <= answers.given.keys():
                assert moved.get(person, now) == levels[number]


def person(**more: Any) -> Answers:
    return Answers({**BREAST, **more})


def test_it_is_said_how_many_more_would_fit_by_one_answer(rulebook: Rulebook) -> None:
    esr1 = study("esr1", ("er_positive", "tumor_ESR1"))
    people = [
        person(tumor={"ESR1": Result("mutation")}),
        person(),
        person(tumor={"ESR1": Result("not_tested")}),
        person(tumor={"ESR1": Result("uncertain")}),  # not asked again
        Answers(BREAST, frozenset({"tumor"})),
        Answers(BREAST, frozenset({"tumor.ESR1"})),
        person(tumor={"ESR1": Result("none")}),
        person(er="negative"),
        Answers({"cancer_status": "now", "cancer": ("breast",)}),  # two answers are missing
    ]
    found = reach(Matcher(rulebook, [esr1]), "esr1", people, today=DAY)
    assert found.at(Level.FITS) == (0,)
    assert found.at(Level.MAY_FIT) == (1, 2, 3, 4, 5)
    first = found.unsettled[0]
    by_word = {one.value: one for one in first.answers}
    assert (first.unit, first.most_fit) == ("tumor.ESR1", 2)
    assert by_word["mutation"].fit == (1, 2)
    assert by_word["mutation"].drop == ()
    assert set(by_word["none"].drop) == {1, 2, 8}
    assert by_word["none"].fit == ()
    assert all(3 not in each.people and 4 not in each.people for each in found.unsettled[:1])
    assert all(8 not in one.fit for each in found.unsettled for one in each.answers)


def test_of_a_number_the_stretch_is_told_that_does(rulebook: Rulebook) -> None:
    one = study("old", ("er_positive", "age_at_least:65"))
    people = [person(), person(age=70), person(age_at_diagnosis=66)]
    found = reach(Matcher(rulebook, [one]), "old", people, today=DAY)
    assert found.at(Level.FITS) == (1, 2)
    (age,) = (each for each in found.unsettled if each.unit == "age")
    spans = {one.span: (one.fit, one.drop) for one in age.answers}
    assert all(fit == () for span, (fit, _) in spans.items() if span and span[1] < 65)
    assert all(fit == (0,) for span, (fit, _) in spans.items() if span and span[0] >= 65)


def test_blocks_make_no_difference(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    one = crowd.studies[12]
    whole = reach_of(crowd.matcher, one, crowd.people, today=DAY)
    monkeypatch.setattr(module, "MOST_PEOPLE", 7)
    parts = reach_of(crowd.matcher, one, crowd.people, today=DAY)
    assert whole.unsettled
    assert parts.unsettled == whole.unsettled
    assert (parts.levels == whole.levels).all()


def test_what_is_not_listed_or_not_published_has_a_reach_too(crowd: Crowd) -> None:
    one = crowd.studies[12]
    hidden = replace(one, key="another", standing="retracted")
    found = reach_of(crowd.matcher, hidden, crowd.people, today=DAY)
    assert found.unsettled == reach(crowd.matcher, one.key, crowd.people, today=DAY).unsettled
    assert found.study == "another"
    with pytest.raises(UnknownStudyError):
        reach(crowd.matcher, "another", crowd.people, today=DAY)


def test_of_many_the_nearest_are_asked(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(s for s in crowd.studies if len(unsettling(crowd, s.key)) > 6)
    whole = reach(crowd.matcher, one.key, crowd.people, today=DAY)
    assert whole.asked == whole.waiting > 6
    monkeypatch.setattr(module, "MOST_ASKED", 6)
    part = reach(crowd.matcher, one.key, crowd.people, today=DAY)
    assert (part.asked, part.waiting) == (6, whole.waiting)
    assert (part.levels == whole.levels).all()
    assert unsettling(crowd, one.key) < {n for each in whole.unsettled for n in each.people}
    farthest = max(whole.levels[sorted(unsettling(crowd, one.key))])
    left = {n for each in whole.unsettled for n in each.people} - unsettling(crowd, one.key)
    assert min(whole.levels[sorted(left)]) >= farthest


def unsettling(crowd: Crowd, key: str) -> set[int]:
    """Whom an answer would move."""
    found = reach(crowd.matcher, key, crowd.people, today=DAY)
    return {number for each in found.unsettled for number in each.people}


def test_nobody_is_reached_by_nothing(crowd: Crowd) -> None:
    nothing = study("nothing")
    assert reach(crowd.matcher, crowd.studies[0].key, (), today=DAY).unsettled == ()
    found = reach_of(crowd.matcher, nothing, crowd.people, today=DAY)
    assert found.at(Level.UNLABELLED) == tuple(range(25))
    assert found.unsettled == ()


def test_a_question_about_a_cancer_that_nobody_named_settles_nothing(rulebook: Rulebook) -> None:
    her2 = study("her2", ("her2_positive",))
    people = [
        Answers({"cancer_status": "now", "cancer": ("prostate", "unknown"), "gender": "man"}),
        Answers({"cancer_status": "past", "cancer": ("ovarian", "unknown"), "gender": "woman"}),
        Answers({"cancer_status": "now", "cancer": ("breast", "unknown")}),
    ]
    matcher = Matcher(rulebook, [her2])
    asked = {one.unit: one.people for one in reach(matcher, "her2", people, today=DAY).unsettled}
    assert asked["her2"] == (2,)
    wanted = {one.unit: one.people for one in most_valuable(matcher, people, today=DAY)}
    assert wanted["her2"] == (2,)
