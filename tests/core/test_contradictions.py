"""Contradictions: the smallest sets of answers that cannot all be right, and what is told."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.finder import FactFinder
from matcher.core.finding.contradictions import minimal_conflicts
from matcher.core.logic import ways_to_hold
from matcher.core.rulebook import Rulebook
from matcher.core.wording import Wording
from matcher.schemas.profiles import read_profile
from tests.core.saying import TODAY, answers_saying
from tests.core.small import NO, UNKNOWN, YES, facts, value
from tests.kept import shipped_book


def told(**answers: Any) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.units, one.rules) for one in facts(**answers).contradictions]


def sets(**answers: Any) -> list[tuple[str, ...]]:
    return [units for units, _ in told(**answers)]


# All minimal sets


@pytest.mark.parametrize(
    ("conflicts", "minimal"),
    [
        ([], []),
        (["ab"], ["ab"]),
        (["a"], ["a"]),
        (["ab", "abc"], ["ab"]),
        (["ab", "cd"], ["ab", "cd"]),
        (["ab", "bc", "ac"], ["ab", "ac", "bc"]),
        (["abc", "d"], ["d", "abc"]),
        (["abc", "cde", "ae"], ["ae", "abc", "cde"]),
        (["abcdef"], ["abcdef"]),
    ],
)
def test_every_minimal_set_is_found_smallest_first(
    conflicts: list[str], minimal: list[str]
) -> None:
    letters = {letter: 1 << number for number, letter in enumerate("abcdef")}
    bad = [sum(letters[letter] for letter in one) for one in conflicts]

    def conflict(together: int) -> bool:
        return any(together & one == one for one in bad)

    found = minimal_conflicts(letters, conflict)
    assert ["".join(units) for units in found] == minimal


def test_of_no_answers_nothing_conflicts() -> None:
    assert minimal_conflicts({}, lambda _: False) == []


# People


@pytest.mark.parametrize(
    ("answers", "units", "rules"),
    [
        ({"er": "positive", "triple_negative": "yes"}, ("er", "triple_negative"),
         ("triple_negative_is_not_er_positive",)),
        ({"her2": "positive", "triple_negative": "yes"}, ("her2", "triple_negative"),
         ("triple_negative_is_her2_negative",)),
        ({"er": "negative", "her2": "zero", "triple_negative": "no"},
         ("er", "her2", "triple_negative"), ("two_negatives_are_triple_negative",)),
        ({"age": 40, "age_at_diagnosis": 41}, ("age", "age_at_diagnosis"),
         ("diagnosed_before_now",)),
        ({"stage": "4", "cancer": ["breast"], "extent": "early"}, ("cancer", "extent", "stage"),
         ("stage_4_has_spread",)),
        ({"lines": 1, "extent": "locally_advanced"}, ("extent", "lines"), ("lines_mean_spread",)),
        ({"cancer_status": "never", "er": "low"}, ("cancer_status", "er"), ()),
        ({"cancer_status": "never", "treatments": ["surgery"]},
         ("cancer_status", "treatments"), ()),
        ({"cancer_status": "never", "cancer": ["breast"]}, ("cancer", "cancer_status"), ()),
        ({"cancer": ["ovarian"], "er": "low"}, ("cancer", "er"), ()),
        ({"cancer": ["ovarian"], "main_cancer": "breast"}, ("cancer", "main_cancer"), ()),
        ({"cancer": ["ovarian"], "castration_resistant": "yes"},
         ("cancer", "castration_resistant"), ()),
        ({"inherited": {"BRCA": "none", "any": "none"}, "cancer_status": "never",
          "tumor": {"ESR1": "mutation"}}, ("cancer_status", "tumor.ESR1"), ()),
        ({"treatments_now": ["none"], "treatments": ["tamoxifen"], "lines": 2, "extent": "early"},
         ("extent", "lines"), ("lines_mean_spread",)),
    ],
)  # fmt: skip
def test_the_answers_and_the_rules_are_named(
    answers: dict[str, Any], units: tuple[str, ...], rules: tuple[str, ...]
) -> None:
    ((named, between),) = told(**answers)
    assert named == units
    assert between == rules


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"stage": "3", "extent": "metastatic"},
        {"stage": "1", "extent": "metastatic", "lines": 2},
        {"triple_negative": "yes", "her2": "low"},
        {"triple_negative": "no", "er": "negative"},
        {"cancer_status": "past", "treatments_now": ["hormone_therapy"]},
        {"cancer_status": "never", "risk_reducing_surgery": ["breasts"], "high_risk": ["breast"]},
        {"cancer_status": "never", "castration_resistant": "no", "triple_negative": "no"},
        {"cancer_status": "never", "lines": 0, "positive_nodes": 0, "treatments": ["none"]},
        {"sex_at_birth": "female", "gender": "man"},
        {"high_risk": ["none"], "inherited": {"BRCA1": "mutation"}},
        {"treatments": ["none"], "treatments_now": ["tamoxifen"]},
        {"inherited": {"any": "none", "BRCA1": "mutation"}},
        {"inherited": {"BRCA": "mutation", "BRCA1": "none", "BRCA2": "none"}},
        {"inherited": {"BRCA": "none", "BRCA1": "mutation", "BRCA2": "uncertain"}},
        {"age": 40, "age_at_diagnosis": 40},
        {"stage": "4", "extent": "early"},  # of a cancer that is not told
        {"cancer": ["ovarian", "unknown"], "er": "low"},
        {"treatments": ["hormone_therapy"], "treatments_now": ["tamoxifen"]},
    ],
)
def test_these_are_no_contradictions(answers: dict[str, Any]) -> None:
    assert told(**answers) == []


def test_several_at_once() -> None:
    assert sets(er="positive", triple_negative="yes", age=30, age_at_diagnosis=50) == [
        ("age", "age_at_diagnosis"),
        ("er", "triple_negative"),
    ]


def test_several_that_share_an_answer() -> None:
    assert sets(cancer_status="never", er="low", stage="1", tumor={"PIK3CA": "mutation"}) == [
        ("cancer_status", "er"),
        ("cancer_status", "stage"),
        ("cancer_status", "tumor.PIK3CA"),
    ]


def test_of_sets_within_sets_only_the_smallest_is_told() -> None:
    assert sets(er="positive", her2="positive", triple_negative="yes") == [
        ("er", "triple_negative"),
        ("her2", "triple_negative"),
    ]


def test_answers_that_contradict_count_as_not_given_and_the_others_stay() -> None:
    known = facts(er="positive", triple_negative="yes", her2="zero", age=50)
    assert known.set_aside == {"er", "triple_negative"}
    for name in ("er=positive", "er=negative", "triple_negative=yes"):
        assert value(known, name) == UNKNOWN
    assert value(known, "her2=negative") == YES
    assert value(known, "cancer=breast") == YES
    assert value(known, "age>=50") == YES


def test_what_followed_only_from_them_is_gone_with_them() -> None:
    known = facts(lines=2, extent="early")
    assert value(known, "extent=metastatic") == UNKNOWN
    assert value(known, "cancer_status=never") == UNKNOWN
    alone = facts(cancer_status="never", stage="1", inherited={"BRCA1": "none"})
    assert value(alone, "stage=1") == UNKNOWN
    assert value(alone, "inherited=BRCA1") == NO


def test_of_results_only_the_gene_in_question_is_set_aside() -> None:
    known = facts(cancer_status="never", tumor={"ESR1": "mutation", "PIK3CA": "not_tested"},
                  inherited={"BRCA1": "mutation"})  # fmt: skip
    assert known.set_aside == {"cancer_status", "tumor.ESR1"}
    assert value(known, "inherited=BRCA1") == YES


def test_dates_of_other_answers_still_count() -> None:
    tumor = {"ESR1": {"result": "none", "on": "2020-01"}, "PIK3CA": "none"}
    known = facts(er="positive", triple_negative="yes", tumor=tumor)
    assert value(known, "tumor=ESR1") == UNKNOWN
    assert value(known, "tumor=PIK3CA") == NO


def test_a_list_that_is_set_aside_is_not_read_with_the_other_either() -> None:
    known = facts(cancer_status="never", treatments_now=["tamoxifen"], treatments=["none"])
    assert known.set_aside == {"cancer_status", "treatments_now"}
    assert value(known, "treatments=tamoxifen") == NO


# Every implication of the shipped rules


@cache
def shipped() -> FactFinder:
    return FactFinder(shipped_book())


def examples(finder: FactFinder) -> list[tuple[str, Answers]]:
    """Answers that run against each implication: its premise and not its conclusion."""
    found = []
    for rule in finder.vocabulary.book.implications:
        if rule.at_most is not None:
            smaller, larger = rule.at_most
            found.append((rule.key, Answers({smaller: 50, larger: 49})))
            continue
        assert rule.premise is not None
        assert rule.conclusion is not None
        denied = finder.vocabulary.expression(rule.conclusion)
        for premise in finder.closure.ways(rule.premise):
            for failure in ways_to_hold(denied, atoms=finder.closure.size, hold=False):
                given = answers_saying(finder, premise | failure)
                if given is not None:
                    found.append((rule.key, Answers(given)))
    return found


def test_every_implication_can_be_tried() -> None:
    tried = {key for key, _ in examples(shipped())}
    missing = {rule.key for rule in shipped().vocabulary.book.implications} - tried
    assert missing == set()


@pytest.mark.parametrize(("key", "answers"), examples(shipped()), ids=lambda x: str(x)[:40])
def test_who_runs_against_an_implication_is_told_so(key: str, answers: Answers) -> None:
    finder = shipped()
    known = finder.find(answers, today=TODAY)
    assert known.contradictions, answers
    assert known.set_aside <= set(answers.units())
    book = finder.vocabulary.book
    texts = {rule.key: rule.text for rule in book.implications}
    used = {rule for one in known.contradictions for rule in one.rules}
    assert used, key
    for language in ("en", "es"):
        words = Wording(book, answers, language=language)
        for one in known.contradictions:
            sentence = words.contradiction(one)
            for unit in one.units:
                assert words.said(unit) in sentence
            for rule in one.rules:
                assert texts[rule].in_(language) in sentence


@pytest.mark.parametrize(
    "answers",
    [
        {"stage": "2", "extent": "metastatic", "cancer": ["breast"]},
        {"stage": "0", "extent": "metastatic", "cancer": ["breast"], "lines": 1},
        {"triple_negative": "yes", "her2": "low"},
        {"cancer_status": "past", "treatments_now": ["aromatase_inhibitor"]},
        {"cancer_status": "never", "risk_reducing_surgery": ["ovaries", "breasts"]},
        {"sex_at_birth": "male", "gender": "woman"},
        {"pregnant": "yes", "gender": "man"},
        {"pregnant": "yes", "sex_at_birth": "male"},
        {"high_risk": ["none"], "inherited": {"BRCA1": "mutation"}},
        {"treatments": ["none"], "treatments_now": ["tamoxifen"]},
    ],
)
def test_what_the_contract_calls_no_contradiction(
    rulebook: Rulebook, answers: dict[str, Any]
) -> None:
    assert (
        shipped().find(read_profile({"answers": answers}, rulebook), today=TODAY).contradictions
        == ()
    )
