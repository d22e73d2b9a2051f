"""The plan: what each answer would change, how likely it is, and in which order to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from matcher.core.answers import Answers, Value
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.planning.asking import with_answer
from matcher.core.questions import Plan, Question, page_weights, rank_questions
from matcher.core.study import Study
from tests.core.small import TODAY, book, catalogue, person, study

CATALOGUE = [
    study("a", ("er_positive", "tumor_ESR1")),
    study("b", "er_positive"),
    study("c", ("er_negative", "women"), ["breast_risk"]),
    study("d", [("her2_positive", "women"), "metastatic:breast"]),
    study("e", "age_at_least:50", ["age_at_most:30"]),
    study("f", "? x"),
    study("g", "no_triple_negative"),
    study("h", "breasts_removed"),
]
PEOPLE: list[dict[str, Any]] = [
    {},
    {"cancer": ["breast"]},
    {"er": "positive", "sex_at_birth": "female"},
    {"cancer_status": "never"},
    {"cancer": ["breast"], "tumor": {"ESR1": "not_tested", "PIK3CA": "mutation"}},
    {"er": "negative", "her2": "low", "age": 45},
]
UNSETTLED = (Level.MAY_FIT, Level.OPEN)


def plan(*studies: Study, **answers: Any) -> Plan:
    return rank_questions(catalogue(*studies), person(**answers), today=TODAY)


def asked(*studies: Study, **answers: Any) -> dict[str, Question]:
    return {one.unit: one for one in plan(*studies, **answers).questions}


def listed(answers: Answers, studies: list[Study]) -> list[tuple[str, Level]]:
    found = match(catalogue(*studies), answers, today=TODAY).matches
    return [(one.study.key, one.level) for one in found]


def value_of(question: Question, word: str) -> Value:
    """The answer that a word stands for, read as the public JSON is."""
    attribute = book().attributes[question.key]
    shape: Any = word
    if question.gene:
        shape = {question.gene: word}
    elif attribute.kind == "many":
        shape = [word]
    elif attribute.kind == "integer":
        shape = int(word)
    return person(**{question.key: shape}).given[question.key]


@pytest.mark.parametrize("answers", PEOPLE, ids=str)
def test_the_changes_are_what_each_answer_would_change(answers: dict[str, Any]) -> None:
    """Counted again by matching everybody who would answer so, one by one."""
    given = person(**answers)
    before = listed(given, CATALOGUE)
    now = dict(before)
    found = plan(*CATALOGUE, **answers)
    assert found.may_fit == list(now.values()).count(Level.MAY_FIT)
    assert found.open == list(now.values()).count(Level.OPEN)
    assert any(question.settles for question in found.questions)
    for question in found.questions:
        settled: set[str] = set()
        page_changes = False
        for answer in question.answers:
            told = with_answer(given, question.key, value_of(question, answer.value))
            after = listed(told, CATALOGUE)
            then = dict(after)
            moved = {key for key in now if now[key] != then[key]}
            if not question.together:
                assert Counter(dict(answer.changes)) == Counter(
                    (now[key], then[key]) for key in moved
                )
            settled |= {key for key in moved if now[key] in UNSETTLED}
            page_changes |= after[:10] != before[:10]
        if book().attributes[question.key].kind != "many" and not question.together:
            assert question.settles == len(settled)
            assert question.settles_may_fit == sum(now[k] == Level.MAY_FIT for k in settled)
            assert (question.top > 0) == page_changes
        assert question.settles >= len(settled)


@pytest.mark.parametrize("answers", PEOPLE, ids=str)
def test_the_shares_of_a_question_add_up_to_one_at_most(answers: dict[str, Any]) -> None:
    for question in plan(*CATALOGUE, **answers).questions:
        assert 0 < sum(answer.share for answer in question.answers) <= 1 + 1e-9


def test_shares_are_those_of_the_rules() -> None:
    er = {"cancer_status": "now", "cancer": ["breast"], "main_cancer": "breast"}
    found = asked(study("a", "er_positive"), study("b", "inherited_BRCA1"), **er)
    shares = {a.value: a.share for a in found["er"].answers}
    assert shares == pytest.approx({"positive": 0.7, "low": 0.15, "negative": 0.15})
    genes = {a.value: a.share for a in found["inherited.BRCA1"].answers}
    assert genes == pytest.approx({"mutation": 0.1, "none": 0.9})


def test_an_answer_that_is_ruled_out_leaves_its_share_to_the_others() -> None:
    """Triple-negative breast cancer is not ER-positive."""
    told = {"cancer_status": "now", "cancer": ["breast"], "triple_negative": "no"}
    found = asked(study("a", "er_positive"), her2="low", **told)
    words = {answer.value: answer.share for answer in found["er"].answers}
    assert "negative" not in words
    assert sum(words.values()) == pytest.approx(1)


def test_a_question_that_may_not_arise_is_less_likely_to_be_answered() -> None:
    one = study("a", ("er_positive", "breast_cancer"))
    unsure = asked(one)["er"]
    sure = asked(one, cancer_status="now", cancer=["breast"], main_cancer="breast")["er"]
    assert sum(a.share for a in unsure.answers) < sum(a.share for a in sure.answers)
    assert sum(a.share for a in sure.answers) == pytest.approx(1)


def test_changes_are_listed_in_the_order_of_levels() -> None:
    question = asked(*CATALOGUE)["er"]
    for answer in question.answers:
        assert list(answer.changes) == sorted(answer.changes)


def test_the_most_valuable_question_comes_first_ties_in_form_order() -> None:
    found = plan(*CATALOGUE).questions
    order = list(book().attributes)
    keys = [(-q.weight, order.index(q.key), q.gene or "") for q in found]
    assert keys == sorted(keys)
    assert all(question.weight > 0 for question in found)


def test_what_changes_nothing_is_not_asked() -> None:
    assert not plan(study("a", "er_positive"), er="low").questions
    assert not plan(study("a", "? x")).questions
    assert not plan().questions
    assert plan().settled
    found = asked(study("a", ("er_positive", "tumor_ESR1")), er="negative")
    assert "tumor.ESR1" not in found


def test_a_question_names_its_gene() -> None:
    found = asked(study("a", "tumor_ESR1"))
    assert (found["tumor.ESR1"].key, found["tumor.ESR1"].gene) == ("tumor", "ESR1")
    gender = asked(study("a", "women"))["gender"]
    assert (gender.gene, gender.unit) == (None, "gender")


def test_results_that_were_told_stay_beside_the_one_that_is_tried() -> None:
    one = study("a", ("inherited_BRCA1", "inherited_PALB2"))
    question = asked(one, inherited={"BRCA1": "mutation"})["inherited.PALB2"]
    assert dict(question.answers[0].changes) == {(Level.MAY_FIT, Level.FITS): 1}


def test_declined_answers_are_not_asked_again() -> None:
    one = study("a", ("women", "tumor_ESR1", "tumor_PIK3CA"))
    assert "gender" not in asked(one, gender="declined")
    found = asked(one, tumor={"ESR1": "declined"})
    assert "tumor.ESR1" not in found
    assert "tumor.PIK3CA" in found
    assert not [unit for unit in asked(one, tumor="declined") if unit.startswith("tumor")]


def test_hidden_studies_count_for_nothing() -> None:
    one, other = study("a", "women"), study("b", "er_positive")
    for standing in ("superseded", "retracted"):
        hidden = replace(other, standing=standing)
        assert plan(one, hidden) == plan(one)
    assert plan(replace(one, standing="retracted")) == Plan((), 0, 0)


def test_a_study_that_only_leaves_the_first_page_is_a_change() -> None:
    """Twelve studies may be for men; to be a woman takes them all away."""
    studies = [study(f"m{n}", ("men", "? x")) for n in range(12)]
    question = asked(*studies)["gender"]
    assert question.top > 0
    told = asked(*studies, gender="nonbinary")
    assert "gender" not in told


def test_once_the_first_page_is_full_the_rest_changes_nothing_of_it() -> None:
    studies = [study(f"w{n}", ("women", "er_positive")) for n in range(10)]
    later = study("z", ("women", "? x"), posted=None)
    answers: dict[str, Any] = {"gender": "woman", "er": "positive", "cancer": ["breast"]}
    assert plan(*studies, later, **answers).settled
    more = study("y", "age_at_most:30", posted=None)
    found = plan(*studies, more, later, **answers)
    assert found.settled
    assert {"age"} <= {question.unit for question in found.questions}
    assert not plan(*studies[:9], more, later, **answers).settled


def test_a_page_of_genes_is_worth_at_least_its_best_gene() -> None:
    one = study("a", (["inherited_PALB2", "inherited_BRCA2"], "women"))
    other = study("b", ("inherited_BRCA1", "inherited_PALB2", "young"))
    found = plan(one, other, gender="woman")
    weights = page_weights(found)
    genes = [question for question in found.questions if question.key == "inherited"]
    assert len(genes) > 2
    assert weights["inherited"] >= max(question.weight for question in genes)
    assert set(weights) == {question.key for question in found.questions}
    plain = next(question for question in found.questions if not question.gene)
    assert weights[plain.key] == plain.weight
    assert isinstance(weights, Mapping)


def test_the_plan_is_the_same_every_time() -> None:
    assert plan(*CATALOGUE) == plan(*CATALOGUE)
    assert plan(*CATALOGUE).questions == plan(*reversed(CATALOGUE)).questions
