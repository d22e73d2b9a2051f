"""Wanted: what is said of many is what the planner says of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.levels import Level
from matcher.core.planning.grounded import is_grounded
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.services.screening import wanted as module
from matcher.services.screening.wanted import WantedFact, most_valuable
from tests.core.small import study
from tests.services.screening.conftest import DAY, Crowd

Said = dict[tuple[int, str], tuple[int, int]]


def by_person(facts: list[WantedFact]) -> Said:
    return {
        (person, fact.unit): (settles, surely)
        for fact in facts
        for person, settles, surely in zip(fact.people, fact.settles, fact.surely, strict=True)
    }


@pytest.fixture(scope="module")
def facts(crowd: Crowd) -> list[WantedFact]:
    return most_valuable(crowd.matcher, crowd.people, today=DAY)


def test_each_person_s_questions_settle_what_the_planner_says(
    crowd: Crowd, facts: list[WantedFact]
) -> None:
    planned = {
        (person, question.unit): question.settles
        for person, answers in enumerate(crowd.people)
        for question in crowd.matcher.ask(answers, today=DAY).questions
        if question.settles
        and not question.together
        and is_grounded(crowd.matcher.book.attributes[question.key], answers)
    }
    found = {name: settles for name, (settles, _) in by_person(facts).items()}
    assert len(planned) > 200
    numbers = {a.key for a in crowd.matcher.book.attributes.values() if a.kind == "integer"}
    for name in planned.keys() | found.keys():
        if name[1] in numbers:  # more numbers are tried than the planner tries
            assert found[name] >= planned.get(name, 0)
        else:
            assert found.get(name) == planned.get(name)


def test_surely_settled_is_what_no_answer_leaves_open(
    crowd: Crowd, facts: list[WantedFact]
) -> None:
    said = by_person(facts)
    listed = [row for row, one in enumerate(crowd.studies) if one.standing == "current"]
    waits = {Level.MAY_FIT, Level.OPEN}
    some = 0
    for person in range(25):
        answers = crowd.people[person]
        if not {"cancer_status", "cancer"} <= answers.given.keys():
            continue  # other answers would show the cancer as well, but are not asked for that
        now, then = crowd.tried(person).now, crowd.tried(person).then
        waiting = [row for row in listed if now[row] in waits]
        for unit in {way.unit for way, _ in then}:
            own = [levels for way, levels in then if way.unit == unit]
            sure = sum(all(levels[row] not in waits for levels in own) for row in waiting)
            moved = sum(any(levels[row] != now[row] for levels in own) for row in waiting)
            assert said.get((person, unit), (0, 0)) == (moved, sure)
            some += sure
    assert some > 0


def test_what_settles_most_stands_first_and_who_gains_most(facts: list[WantedFact]) -> None:
    pairs = [fact.pairs for fact in facts]
    assert pairs == sorted(pairs, reverse=True)
    for fact in facts:
        assert list(fact.settles) == sorted(fact.settles, reverse=True)
        assert fact.pairs == sum(fact.settles) > 0
        assert all(sure <= settles for sure, settles in zip(fact.surely, fact.settles, strict=True))


def test_only_the_first_are_told_if_so_many_are_wanted(
    crowd: Crowd, facts: list[WantedFact]
) -> None:
    assert most_valuable(crowd.matcher, crowd.people, today=DAY, most=3) == facts[:3]


def test_blocks_make_no_difference(
    crowd: Crowd, facts: list[WantedFact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 300 * len(crowd.studies))
    other = Matcher(crowd.matcher.book, crowd.studies)
    assert most_valuable(other, crowd.people, today=DAY) == facts


def test_only_who_is_new_or_changed_is_looked_at_again(
    crowd: Crowd, facts: list[WantedFact], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    honest = module._gains_of

    def watched(*given: Any) -> Any:
        looked.append(len(given[2]))
        return honest(*given)

    monkeypatch.setattr(module, "_gains_of", watched)
    matcher = Matcher(crowd.matcher.book, crowd.studies)
    assert most_valuable(matcher, crowd.people, today=DAY) == facts
    assert most_valuable(matcher, crowd.people, today=DAY) == facts
    changed = Answers({**crowd.people[3].given, "age": 44})
    most_valuable(matcher, (*crowd.people[5:], changed, changed), today=DAY)
    assert looked == [25, 0, 1]
    most_valuable(matcher, crowd.people[:2], today=DAY + timedelta(days=1))
    assert looked[3] == 2


def test_of_more_people_than_are_kept_the_same_is_said(
    crowd: Crowd, facts: list[WantedFact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 4)
    matcher = Matcher(crowd.matcher.book, crowd.studies)
    assert most_valuable(matcher, crowd.people, today=DAY) == facts
    assert most_valuable(matcher, crowd.people, today=DAY) == facts
    assert len(module._kept[matcher]._gains) == 4


def test_asking_two_people_about_one_test_would_settle_two(rulebook: Rulebook) -> None:
    matcher = Matcher(rulebook, [study("esr1", ("er_positive", "tumor_ESR1"))])
    breast = {"cancer_status": "now", "cancer": ("breast",)}
    people = [
        Answers({**breast, "er": "positive"}),
        Answers({**breast, "er": "negative"}),
        Answers({**breast, "er": "positive"}),
        Answers({**breast, "er": "positive"}, frozenset({"tumor"})),
    ]
    first = most_valuable(matcher, people, today=DAY)[0]
    assert first == WantedFact("tumor.ESR1", people=(0, 2), settles=(1, 1), surely=(1, 1))
    assert (first.key, first.gene, first.pairs) == ("tumor", "ESR1", 2)


def test_nobody_needs_nothing(rulebook: Rulebook, crowd: Crowd) -> None:
    assert most_valuable(crowd.matcher, (), today=DAY) == []
    assert most_valuable(Matcher(rulebook, ()), crowd.people, today=DAY) == []
