"""Defaults: taken to be so until an answer says otherwise, and then the person is told.

The first part is about the small rules, the second tries every default of the shipped ones.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.finding.closure import bits
from matcher.core.truth import Truth
from matcher.core.wording import Wording
from tests.core.saying import TODAY, answers_saying
from tests.core.small import NO, UNKNOWN, YES, book, facts, person, value
from tests.kept import shipped_book


def notes(**answers: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(note.rule, note.units) for note in facts(**answers).notes]


# Applied


@pytest.mark.parametrize(
    ("answers", "name", "truth"),
    [
        ({"stage": "3"}, "extent=metastatic", NO),
        ({"stage": "3"}, "extent=early", UNKNOWN),
        ({"stage": "1", "main_cancer": "ovarian"}, "extent=early", YES),
        ({"stage": "1", "main_cancer": "ovarian"}, "extent=metastatic", NO),
        ({"stage": "1"}, "extent=early", UNKNOWN),
        ({"sex_at_birth": "female"}, "gender=woman", YES),
        ({"sex_at_birth": "female"}, "gender=man", NO),
        ({"sex_at_birth": "male"}, "gender=man", UNKNOWN),
        ({"inherited": {"BRCA1": "mutation"}}, "high_risk=breast", YES),
        ({"inherited": {"BRCA": "mutation"}}, "high_risk=breast", YES),
        ({"inherited": {"PALB2": "mutation"}}, "high_risk=breast", UNKNOWN),
    ],
)
def test_a_default_applies(answers: dict[str, Any], name: str, truth: Truth) -> None:
    assert value(facts(**answers), name) == truth
    assert notes(**answers) == []


def test_what_follows_from_a_default_follows_too() -> None:
    known = facts(stage="3", lines=0)
    assert value(known, "extent=metastatic") == NO
    assert value(facts(stage="3"), "lines>=1") == NO


def test_a_default_rests_on_the_answers_of_its_premise() -> None:
    known = facts(stage="1", main_cancer="ovarian", age=50)
    number = FactFinder(book()).vocabulary.index["extent=early"]
    assert set(known.support(number, YES)) == {"stage", "main_cancer"}


# Overruled, and told


@pytest.mark.parametrize(
    ("answers", "name", "truth", "note"),
    [
        ({"stage": "3", "extent": "metastatic"}, "extent=metastatic", YES,
         ("stage_3_has_not_spread_far", ("stage", "extent"))),
        ({"stage": "3", "lines": 2}, "extent=metastatic", YES,
         ("stage_3_has_not_spread_far", ("stage", "lines"))),
        ({"sex_at_birth": "female", "gender": "man"}, "gender=woman", NO,
         ("female_stands_in_for_woman", ("sex_at_birth", "gender"))),
        ({"inherited": {"BRCA1": "mutation"}, "risk_reducing_surgery": ["breasts"]},
         "high_risk=breast", UNKNOWN,
         ("mutation_high_risk_breast", ("inherited.BRCA1", "risk_reducing_surgery"))),
        ({"inherited": {"BRCA2": "mutation"}, "sex_at_birth": "male"}, "high_risk=breast", UNKNOWN,
         ("mutation_high_risk_breast", ("inherited.BRCA2", "sex_at_birth"))),
        ({"stage": "2", "main_cancer": "prostate", "extent": "locally_advanced"}, "extent=early",
         NO, ("stage_1_or_2_is_early", ("main_cancer", "stage", "extent"))),
    ],
)  # fmt: skip
def test_an_answer_overrules_it_and_the_person_is_told(
    answers: dict[str, Any], name: str, truth: Truth, note: tuple[str, tuple[str, ...]]
) -> None:
    known = facts(**answers)
    assert value(known, name) == truth
    assert known.contradictions == ()
    ((rule, units),) = notes(**answers)
    assert rule == note[0]
    assert set(units) == set(note[1])


def test_a_list_that_is_silent_gives_way_and_the_person_is_told() -> None:
    known = facts(inherited={"BRCA1": "mutation"}, high_risk=["none"])
    assert value(known, "high_risk=breast") == YES
    assert value(known, "high_risk=ovarian") == NO
    ((rule, units),) = notes(inherited={"BRCA1": "mutation"}, high_risk=["none"])
    assert rule == "mutation_high_risk_breast"
    assert set(units) == {"inherited.BRCA1", "high_risk"}


def test_who_agrees_with_a_default_is_told_nothing() -> None:
    assert notes(stage="3", extent="locally_advanced") == []
    assert notes(stage="3", lines=0) == []
    assert notes(sex_at_birth="female", gender="woman") == []
    assert notes(inherited={"BRCA1": "mutation"}, high_risk=["breast"]) == []


def test_a_default_that_would_contradict_what_is_known_is_dropped() -> None:
    """Stage 1 of the ovaries would mean early; a cancer that is not early by a rule stays so."""
    known = facts(stage="1", main_cancer="ovarian", lines=1)
    assert value(known, "extent=metastatic") == YES
    assert value(known, "extent=early") == NO
    assert known.contradictions == ()


def test_defaults_of_contradicting_answers_do_not_apply() -> None:
    known = facts(stage="3", cancer_status="never")
    assert known.set_aside == {"stage", "cancer_status"}
    assert value(known, "extent=metastatic") == UNKNOWN
    assert known.notes == ()


def test_what_is_certain_holds_no_default_and_no_silence() -> None:
    answers = person(stage="3", sex_at_birth="female", high_risk=["none"], er="low")
    certain = FactFinder(book()).find_certain(answers, today=TODAY)
    old = person(tumor={"ESR1": {"result": "none", "on": "2020-01"}, "PIK3CA": "none"})
    told = FactFinder(book()).find_certain(old, today=TODAY)
    assert (value(told, "tumor=ESR1"), value(told, "tumor=PIK3CA")) == (UNKNOWN, NO)
    assert value(certain, "er=low") == YES
    assert value(certain, "cancer=breast") == YES
    assert value(certain, "stage=4") == NO
    for name in ("extent=metastatic", "gender=woman", "high_risk=breast"):
        assert value(certain, name) == UNKNOWN
    assert certain.contradictions == certain.notes == ()
    assert FactFinder(book()).find_certain(Answers(), today=TODAY).known == 0


# Lists that never mean no


@pytest.mark.parametrize(
    ("answers", "truths"),
    [
        ({"high_risk": ["none"]}, "no no no"),
        ({"high_risk": ["ovarian"]}, "no yes no"),
        ({"high_risk": ["ovarian", "unknown"]}, "unknown yes unknown"),
        ({"inherited": {"PALB2": "mutation"}, "high_risk": ["none"]}, "unknown no no"),
        ({"inherited": {"PALB2": "uncertain"}, "high_risk": ["none"]}, "no no no"),
        ({"inherited": {"BRCA": "mutation"}, "high_risk": ["none"]}, "yes no unknown"),
        ({"inherited": {"BRCA": "mutation", "BRCA1": "mutation"}, "high_risk": ["none"]},
         "yes no no"),
        ({"inherited": {"any": "mutation"}, "high_risk": ["none"]}, "unknown unknown no"),
        ({"inherited": {"any": "mutation", "PALB2": "mutation"}, "high_risk": ["none"]},
         "unknown no no"),
        ({"inherited": {"any": "mutation", "BRCA1": "none", "BRCA2": "none", "PALB2": "none"},
          "high_risk": ["none"]}, "no no no"),
        ({"inherited": {"any": "mutation", "BRCA1": "none", "PALB2": "none"},
          "high_risk": ["none"]}, "unknown unknown no"),
        ({"inherited": {"BRCA1": "mutation"}, "high_risk": ["none"],
          "risk_reducing_surgery": ["breasts"]}, "unknown no no"),
    ],
)  # fmt: skip
def test_silence_is_not_no_while_a_mutation_may_raise_the_risk(
    answers: dict[str, Any], truths: str
) -> None:
    known = facts(**answers)
    told = [value(known, f"high_risk={site}").word for site in ("breast", "ovarian", "prostate")]
    assert " ".join(told) == truths


def test_who_said_none_is_told_when_it_is_not_taken_as_no() -> None:
    told = dict(notes(inherited={"PALB2": "mutation"}, high_risk=["none"]))
    assert set(told["mutation_breast_risk_not_ruled_out"]) == {"inherited.PALB2", "high_risk"}


def test_another_list_that_says_more_is_told() -> None:
    told = dict(notes(treatments=["none"], treatments_now=["tamoxifen"]))
    assert set(told["more_than_listed_treatments"]) == {"treatments", "treatments_now"}
    assert notes(treatments=["tamoxifen"], treatments_now=["tamoxifen"]) == []
    assert notes(treatments=["hormone_therapy"], treatments_now=["tamoxifen"]) == []


def test_a_gene_that_a_panel_did_not_find_is_told() -> None:
    told = dict(notes(inherited={"any": "none", "PALB2": "mutation"}))
    assert told == {"more_than_listed_inherited": ("inherited.any", "inherited.PALB2")}
    assert notes(inherited={"any": "none", "PALB2": "none"}) == []
    every = {"any": "none", "BRCA1": "mutation", "BRCA2": "none", "PALB2": "none"}
    told = dict(notes(inherited=every))
    assert told["more_than_listed_inherited"][0] == "inherited.any"
    assert "inherited.BRCA1" in told["more_than_listed_inherited"]


# Every default of the shipped rules


@cache
def shipped() -> FactFinder:
    return FactFinder(shipped_book())


def known_of(answers: Answers) -> Facts:
    return shipped().find(answers, today=TODAY)


def default_cases() -> list[tuple[str, int, int, tuple[int, ...]]]:
    """Key, premise, conclusion and what stands against it, for each way to the premise."""
    return [
        (one.key, premise, one.literals, one.unless)
        for one in shipped().defaults
        for premise in one.premises
    ]


@pytest.mark.parametrize(("key", "premise", "conclusion", "unless"), default_cases())
def test_every_default_applies_and_is_overruled_and_told(
    key: str, premise: int, conclusion: int, unless: tuple[int, ...]
) -> None:
    finder = shipped()
    given = answers_saying(finder, premise)
    assert given is not None
    known = known_of(Answers(given))
    assert known.known & conclusion == conclusion
    assert key not in {note.rule for note in known.notes}

    against = finder.closure.negated(conclusion)
    overruled = answers_saying(finder, against, given)
    if overruled is not None:
        known = known_of(Answers(overruled))
        assert known.contradictions == ()
        assert known.known & against == against
        check_told(key, Answers(overruled), known)
    for way in unless:
        other = answers_saying(finder, way, given)
        assert other is not None
        known = known_of(Answers(other))
        assert known.contradictions == ()
        assert not known.known & (conclusion | against)
        check_told(key, Answers(other), known)
    assert overruled is not None or unless, "nothing can overrule this"
    for attribute in finder.vocabulary.book.attributes.values():
        if attribute.kind == "many" and any(option.exclusive for option in attribute.options):
            silent = Answers({**given, attribute.key: ("none",)})
            said = finder.encoder.encode(silent, today=TODAY)[attribute.key].silent
            if said & against and attribute.key not in given:
                known = known_of(silent)
                assert known.known & conclusion == conclusion
                check_told(key, silent, known)


def check_told(key: str, answers: Answers, known: Facts) -> None:
    note = next(note for note in known.notes if note.rule == key)
    assert len(note.units) >= 2
    assert set(note.units) <= set(answers.units())
    text = next(rule.text for rule in shipped().vocabulary.book.defaults if rule.key == key)
    for language in ("en", "es"):
        words = Wording(shipped().vocabulary.book, answers, language=language)
        assert words.note(note) == text.in_(language)


def test_every_list_that_never_means_no() -> None:
    finder = shipped()
    for rule in finder.never_no:
        for premise in rule.premises:
            given = answers_saying(finder, premise)
            assert given is not None
            keys = {finder.vocabulary.owner[(bit.bit_length() - 1) % finder.closure.size]
                    for bit in bits(rule.literals)}  # fmt: skip
            known = known_of(Answers({**given, **dict.fromkeys(keys, ("none",))}))
            assert not known.known & rule.literals, rule.key
            assert known.contradictions == ()


def test_an_answer_that_overrules_nothing_moves_no_default() -> None:
    plain = facts(stage="3")
    more = facts(stage="3", age=50, cancer=["breast"], inherited={"BRCA1": "not_tested"})
    assert plain.known & ~more.known == 0
    assert person(stage="3").units() == ("stage",)
