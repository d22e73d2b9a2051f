"""Facts: what each one rests on, and that it rests on nothing else."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.logic import evaluate
from matcher.core.matching import match
from matcher.core.study import Audience, Study
from matcher.core.truth import Truth
from tests.core.saying import every_answer
from tests.core.small import NO, TODAY, UNKNOWN, YES, atom, book, facts, finder, person, value


def support(name: str, truth: Truth, **answers: Any) -> tuple[str, ...]:
    known = facts(**answers)
    assert value(known, name) == truth
    return known.support(atom(name), truth)


@pytest.mark.parametrize(
    ("answers", "name", "truth", "units"),
    [
        ({"er": "positive"}, "er=positive", YES, ("er",)),
        ({"er": "positive"}, "er=low", NO, ("er",)),
        ({"er": "positive"}, "cancer=breast", YES, ("er",)),
        ({"er": "positive", "cancer": ["breast"]}, "cancer=breast", YES, ("cancer",)),
        ({"inherited": {"BRCA1": "mutation", "PALB2": "none"}}, "inherited=BRCA", YES,
         ("inherited.BRCA1",)),
        ({"age": 51}, "age>=51", YES, ("age",)),
        ({"age": 51}, "age>=52", NO, ("age",)),
        ({"age_at_diagnosis": 51}, "age>=51", YES, ("age_at_diagnosis",)),
        ({"er": "negative", "her2": "zero"}, "triple_negative=yes", YES, ("er", "her2")),
        ({"stage": "4", "main_cancer": "breast"}, "extent=metastatic", YES,
         ("main_cancer", "stage")),
        ({"stage": "4", "cancer": ["breast"], "age": 3}, "extent=metastatic", YES,
         ("cancer", "stage")),
        ({"stage": "4", "cancer": ["breast"]}, "extent=early", NO, ("cancer", "stage")),
        ({"inherited": {"BRCA1": "none", "BRCA2": "none"}}, "inherited=BRCA", NO,
         ("inherited.BRCA1", "inherited.BRCA2")),
        ({"stage": "3"}, "extent=metastatic", NO, ("stage",)),
        ({"sex_at_birth": "female", "age": 5}, "gender=woman", YES, ("sex_at_birth",)),
        ({"inherited": {"any": "none"}}, "inherited=BRCA1", NO, ("inherited.any",)),
        ({"inherited": {"any": "none", "PALB2": "none"}}, "inherited=PALB2", NO,
         ("inherited.PALB2",)),
        ({"treatments": ["surgery"]}, "treatments=chemotherapy", NO, ("treatments",)),
        ({"treatments": ["surgery"], "treatments_now": ["surgery"]}, "treatments_now=surgery", YES,
         ("treatments_now",)),
        ({"cancer_status": "never"}, "er=positive", NO, ("cancer_status",)),
        ({"cancer": ["ovarian"]}, "er=positive", NO, ("cancer",)),
        ({"high_risk": ["none"]}, "high_risk=breast", NO, ("high_risk",)),
    ],
)  # fmt: skip
def test_the_answers_that_a_fact_rests_on(
    answers: dict[str, Any], name: str, truth: Truth, units: tuple[str, ...]
) -> None:
    assert sorted(support(name, truth, **answers)) == sorted(units)


def test_what_is_not_known_rests_on_nothing() -> None:
    known = facts(age=50)
    assert value(known, "er=positive") == UNKNOWN
    assert known.support(atom("er=positive"), YES) == ()
    assert known.support(atom("er=positive"), NO) == ()


def test_nothing_is_known_of_somebody_who_says_nothing() -> None:
    known = facts()
    assert known.known == 0
    assert known.contradictions == known.notes == known.derived == ()
    assert known.set_aside == frozenset()


def test_every_fact_rests_on_an_answer() -> None:
    known = facts(cancer=["breast"], stage="3", inherited={"any": "none", "BRCA1": "mutation"},
                  treatments=["surgery"], high_risk=["none"], age_at_diagnosis=40,
                  sex_at_birth="female", er="negative", her2="low")  # fmt: skip
    for number in range(known.size):
        truth = known.value(number)
        if truth != UNKNOWN:
            assert known.support(number, truth), list(finder().vocabulary.index)[number]


# The answers that a verdict cites are enough for it


@cache
def everything() -> Catalogue:
    """A study for every tag, some with a site or a number."""
    keys = [*book().tags, *(f"{k}:{s}" for k, t in book().tags.items() if t.scoped
                            for s in book().sites)]  # fmt: skip
    keys += [f"{key}:{number}" for key in book().families for number in (1, 3, 40)]
    studies = [Study(key, key, posted=TODAY, most=Audience(key, Tag(key))) for key in keys]
    return Catalogue.compile(book(), studies, finder=finder())


def somebody(rng: Random) -> Answers:
    """Random answers, told one beside the other."""
    given: dict[str, Any] = {}
    keys = rng.sample(list(book().attributes), k=rng.randint(1, 9))
    for key in keys:
        choices = list(every_answer(book().attributes[key]))
        value = rng.choice(choices)
        if isinstance(value, dict):
            value = {k: v for one in rng.sample(choices, k=2) for k, v in one.items()}  # type: ignore[union-attr]
        given[key] = value
    return Answers(given)


@pytest.mark.parametrize("seed", range(100))
def test_the_cited_answers_alone_give_the_same_verdict(seed: int) -> None:
    answers = somebody(Random(seed))
    given = set(answers.units())
    alone: dict[tuple[str, ...], Facts] = {}
    for one in match(everything(), answers, today=TODAY).matches:
        (reason,) = one.reasons
        assert set(reason.answers) <= given
        if reason.verdict == UNKNOWN:
            continue
        if reason.answers not in alone:
            cited = answers.only(frozenset(reason.answers))
            alone[reason.answers] = finder().find(cited, today=TODAY)
        known = alone[reason.answers]
        assert known.contradictions == ()
        expression = everything().expressions[one.study.key]
        verdict = evaluate(expression, known.value)
        assert verdict == reason.verdict, (one.study.key, answers)


def test_the_order_of_answers_changes_nothing() -> None:
    rng = Random(7)
    for _ in range(30):
        answers = somebody(rng)
        items = list(answers.given.items())
        rng.shuffle(items)
        other = finder().find(Answers(dict(items)), today=TODAY)
        first = finder().find(answers, today=TODAY)
        assert other.known == first.known
        assert {c.units for c in other.contradictions} == {c.units for c in first.contradictions}


def test_another_finder_finds_the_same() -> None:
    answers = person(stage="3", inherited={"BRCA": "mutation"}, high_risk=["none"])
    assert FactFinder(book()).find(answers, today=TODAY) == finder().find(answers, today=TODAY)
