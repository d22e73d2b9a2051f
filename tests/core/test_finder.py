"""Finder: rare rules that the small ones do not have, and a memory that changes nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.finding import closure as closure_module
from matcher.core.finding import encoding as encoding_module
from matcher.core.matching import match
from matcher.core.questions import useful_units
from matcher.core.rulebook import (
    All,
    Default,
    Implication,
    Leaf,
    NeverNo,
    Opposite,
    Rulebook,
    Some,
    Unsure,
)
from matcher.core.study import Audience, Study
from matcher.core.text import Text
from matcher.core.truth import Truth
from tests.core.small import NO, TODAY, UNKNOWN, YES, book, cond, finder, person
from tests.core.test_facts import somebody

TEXT = Text("So it is.", "Así es.")
LOW = Leaf("er", ("low",))


def facts(rules: Rulebook, **answers: Any) -> Facts:
    return FactFinder(rules).find(person(**answers), today=TODAY)


def value(known: Facts, name: str) -> Truth:
    return known.value(finder().vocabulary.index[name])


def default(key: str, premise: Leaf, conclusion: Any, unless: Any = None) -> Default:
    return Default(key, TEXT, premise, conclusion, unless)


# Defaults beside each other


def test_of_defaults_that_cannot_all_hold_the_first_by_key_is_kept() -> None:
    woman, man = (Leaf("gender", (word,)) for word in ("woman", "man"))
    for first, second, truth in ((man, woman, NO), (woman, man, YES)):
        rules = replace(book(), defaults=(default("b", LOW, second), default("a", LOW, first)))
        known = facts(rules, er="low")
        assert value(known, "gender=woman") == truth
        assert known.contradictions == ()


def test_defaults_that_go_together_all_apply_beside_one_that_does_not() -> None:
    woman, man = (Leaf("gender", (word,)) for word in ("woman", "man"))
    old = Leaf("sex_at_birth", ("female",))
    rules = replace(
        book(), defaults=(default("a", LOW, woman), default("b", LOW, man), default("c", LOW, old))
    )
    known = facts(rules, er="low")
    assert (value(known, "gender=woman"), value(known, "sex_at_birth=female")) == (YES, YES)


def test_a_default_may_feed_another() -> None:
    woman, female = Leaf("gender", ("woman",)), Leaf("sex_at_birth", ("female",))
    rules = replace(book(), defaults=(default("a", female, woman), default("b", LOW, female)))
    known = facts(rules, er="low")
    assert value(known, "gender=woman") == YES
    assert known.support(finder().vocabulary.index["gender=woman"], YES) == ("er",)


def test_a_default_that_would_contradict_by_what_follows_is_dropped() -> None:
    """ER-low people are not metastatic by a default, but theirs is known to be."""
    early = Leaf("extent", ("early",))
    rules = replace(book(), defaults=(default("a", LOW, early),))
    known = facts(rules, er="low", main_cancer="breast", stage="3")
    assert value(known, "extent=early") == NO
    assert known.contradictions == ()
    assert [note.rule for note in known.notes] == ["a"]


def test_of_a_default_that_says_two_things_the_one_that_is_open_applies() -> None:
    woman, female = Leaf("gender", ("woman",)), Leaf("sex_at_birth", ("female",))
    rules = replace(book(), defaults=(default("a", LOW, All((woman, female))),))
    known = facts(rules, er="low", gender="man")
    assert value(known, "sex_at_birth=female") == YES
    assert value(known, "gender=woman") == NO
    assert [note.rule for note in known.notes] == ["a"]
    denied = replace(book(), defaults=(default("a", LOW, All((woman, Opposite(female)))),))
    known = facts(denied, er="low", sex_at_birth="female")
    assert value(known, "gender=woman") == YES
    assert value(known, "sex_at_birth=female") == YES


def test_the_list_that_a_default_is_about_gives_way() -> None:
    breast = default("a", LOW, Leaf("high_risk", ("breast",)))
    rules = replace(book(), defaults=(breast,), never_no=())
    known = facts(rules, er="low", high_risk=["none"])
    assert value(known, "high_risk=breast") == YES
    assert value(known, "high_risk=ovarian") == NO
    assert known.contradictions == ()


def test_an_answer_that_overrules_itself_is_no_news() -> None:
    breast, ovarian = Leaf("cancer", ("breast",)), Leaf("cancer", ("ovarian",))
    rules = replace(book(), defaults=(default("a", breast, ovarian),))
    assert facts(rules, cancer=["breast"]).notes == ()
    assert value(facts(rules, er="low"), "cancer=ovarian") == YES


# Silence beside each other


def test_silence_that_cannot_all_be_so_is_kept_one_by_one() -> None:
    """One of the two risks must be high: the silence about the first is kept, not the second."""
    choice = Leaf("high_risk", ("breast", "ovarian"))
    rules = replace(book(), implications=(Implication("a", TEXT, LOW, choice),))
    known = facts(rules, er="low", high_risk=["none"])
    told = [value(known, f"high_risk={site}") for site in ("breast", "ovarian", "prostate")]
    assert told == [NO, YES, NO]
    assert known.contradictions == known.notes == ()


def test_a_list_is_blocked_only_for_its_own_values() -> None:
    never = NeverNo("a", TEXT, LOW, (("high_risk", "breast"),))
    unless = replace(never, key="b", unless=Leaf("gender", ("man",)))
    for rule, answers, truth in (
        (never, {"er": "low"}, UNKNOWN),
        (never, {"er": "positive"}, NO),
        (unless, {"er": "low"}, UNKNOWN),
        (unless, {"er": "low", "gender": "man"}, NO),
    ):
        known = facts(replace(book(), never_no=(rule,)), high_risk=["none"], **answers)
        assert value(known, "high_risk=breast") == truth
        assert value(known, "high_risk=ovarian") == NO


# Odd conditions


def test_a_tag_of_which_nobody_can_tell() -> None:
    unsure = replace(book().tags["young"], key="unsure", when=Some((Unsure(), LOW)), weight=1)
    rules = replace(book(), tags={**book().tags, "unsure": unsure})
    one = Study("a", "A", most=Audience("x", Tag("unsure")))
    compiled = Catalogue.compile(rules, [one])
    assert useful_units(compiled) >= {"cancer_status", "cancer", "er"}
    for answers, word in (({"er": "low"}, "fits"), ({"er": "positive"}, "open"), ({}, "open")):
        assert match(compiled, person(**answers), today=TODAY).matches[0].level.word == word


def test_a_tag_that_denies_another() -> None:
    other = replace(book().tags["young"], key="other", when=Opposite(LOW))
    rules = replace(book(), tags={**book().tags, "other": other})
    compiled = Catalogue.compile(rules, [Study("a", "A", most=Audience("x", Tag("other")))])
    assert useful_units(compiled) >= {"cancer_status", "cancer", "er"}


def test_an_audience_counts_if_a_tag_was_read() -> None:
    assert Audience("x", cond(("er_positive", "? y"))).counts
    assert Audience("x", cond({"not": "no_such_tag"})).counts
    assert not Audience("x", cond("? y")).counts
    assert not Audience("x", None).counts


# Memory


@pytest.mark.parametrize("size", [1, 3])
def test_a_short_memory_finds_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(closure_module, "MOST_REMEMBERED", size)
    monkeypatch.setattr(encoding_module, "MOST_REMEMBERED", size)
    forgetful = FactFinder(book())
    for seed in range(40):
        answers = somebody(Random(seed))
        assert forgetful.find(answers, today=TODAY) == finder().find(answers, today=TODAY)


def test_what_was_remembered_is_not_mixed_up() -> None:
    one = FactFinder(book())
    with_now = person(treatments=["hormone_therapy"], treatments_now=["tamoxifen"])
    alone = person(treatments=["hormone_therapy"])
    for answers, truth in ((with_now, YES), (alone, UNKNOWN), (with_now, YES)):
        known = one.find(answers, today=TODAY)
        assert value(known, "treatments=tamoxifen") == truth
