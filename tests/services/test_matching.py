"""Matching: the matcher over a catalogue, and what it keeps between two pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_answers
from matcher.services import matching
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher

DAY = date(2026, 11, 22)
ER = {"cancer_status": "now", "cancer": ["breast"], "er": "positive"}


@pytest.fixture
def matcher(rulebook: Rulebook) -> Matcher:
    return Matcher(rulebook, sample_studies(rulebook)[:6])


def person(rulebook: Rulebook, **answers: object) -> Answers:
    return read_answers(answers, rulebook)


def test_a_plan_is_made_once_for_the_same_answers(matcher: Matcher, rulebook: Rulebook) -> None:
    first = matcher.ask(person(rulebook, **ER), today=DAY)
    assert matcher.ask(person(rulebook, **ER), today=DAY) is first


def test_other_answers_another_day_and_what_was_declined_make_another_plan(
    matcher: Matcher, rulebook: Rulebook
) -> None:
    first = matcher.ask(person(rulebook, **ER), today=DAY)
    others = [
        matcher.ask(person(rulebook, **ER, her2="negative"), today=DAY),
        matcher.ask(person(rulebook, **ER, her2="declined"), today=DAY),
        matcher.ask(person(rulebook, **ER), today=DAY + timedelta(days=1)),
    ]
    assert all(other is not first for other in others)
    assert "her2" in {question.key for question in first.questions}
    assert all("her2" not in {one.key for one in other.questions} for other in others[:2])


def test_only_the_last_plans_are_kept_and_no_answers(
    matcher: Matcher, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_PLANS", 2)
    first = matcher.ask(person(rulebook, **ER), today=DAY)
    for age in (40, 50):
        matcher.ask(person(rulebook, **ER, age=age), today=DAY)
    assert matcher.ask(person(rulebook, **ER), today=DAY) is not first
    assert len(matcher._plans) == 2
    assert all(isinstance(name, bytes) and len(name) == 64 for name in matcher._plans)
