"""Interplay: two answers that change something only together."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.planning import interplay
from matcher.core.questions import Question
from tests.core.small import TODAY, catalogue, person, study
from tests.core.test_questions_plan import asked, plan


def acts(question: Question) -> bool:
    return any(answer.changes for answer in question.answers)


OPEN_FOR_EVERYBODY = ("? words", {"not": "breast_cancer"})
"""Nobody can tell who else is meant, so a study for these is open for everybody without it."""
OVARIAN: dict[str, Any] = {
    "cancer_status": "now", "cancer": ["ovarian"], "main_cancer": "ovarian",
    "sex_at_birth": "intersex",
}  # fmt: skip


def test_two_answers_that_act_only_together_are_found() -> None:
    """Also for women of 50 and more: neither the one nor the other says enough."""
    one = study("a", OPEN_FOR_EVERYBODY, [("women", "age_at_least:50")])
    for told in ({"gender": "woman"}, {"gender": "man"}, {"age": 60}, {"age": 20}):
        assert match(catalogue(one), person(**OVARIAN, **told), today=TODAY).counts["open"] == 1
    found = asked(one, **OVARIAN)
    assert set(found) == {"gender", "age"}
    for unit, other in (("gender", "age"), ("age", "gender")):
        assert not acts(found[unit])
        assert found[unit].together == (other,)
        assert found[unit].settles == 1
        assert found[unit].settles_may_fit == 0
        assert found[unit].top > 0
        assert found[unit].weight > 0
    assert not plan(one, **OVARIAN).settled


def test_after_the_one_answer_the_other_acts_alone() -> None:
    one = study("a", OPEN_FOR_EVERYBODY, [("women", "age_at_least:50")])
    told = asked(one, **OVARIAN, gender="woman")
    assert told["age"].together == ()
    assert told["age"].answers[-1].changes == {(Level.OPEN, Level.RELATED): 1}
    assert not asked(one, **OVARIAN, gender="man")


def test_a_question_that_needs_one_that_acts_alone_says_so() -> None:
    """To be 45 settles it; to be a woman says nothing before the age is known."""
    shape = [("women", "age_at_least:50"), ("men", "age_at_most:39")]
    found = asked(study("a", shape), sex_at_birth="intersex")
    assert acts(found["age"])
    assert found["age"].together == ()
    assert not acts(found["gender"])
    assert found["gender"].together == ("age",)


def test_two_alternatives_of_which_each_answer_leaves_one() -> None:
    shape = [("women", "age_at_least:50"), ("men", "age_at_most:49")]
    found = asked(study("a", shape), sex_at_birth="intersex")
    assert {unit: one.together for unit, one in found.items()} == {
        "age": ("gender",),
        "gender": ("age",),
    }


def test_what_acts_alone_stands_alone() -> None:
    found = asked(study("a", ("women", "age_at_least:50")))
    assert found["gender"].together == ()
    assert found["age"].together == ()


def test_a_full_first_page_is_settled_only_if_no_two_answers_change_it() -> None:
    """Ten studies that fit stand before one that only two more answers bring to the top."""
    fitting = [study(f"f{n}", "er_positive", posted=None) for n in range(10)]
    known: dict[str, Any] = {"cancer": ["breast"], "er": "positive", "sex_at_birth": "intersex"}
    assert plan(*fitting, **known).settled
    best = study("z", [("women", "age_at_least:50"), ("men", "age_at_most:39")])
    assert not plan(*fitting, best, **known).settled
    both = study("z", ("er_positive", "women", "age_at_least:50"))
    found = plan(*fitting, both, **known)
    assert not found.settled
    assert {one.unit for one in found.questions if one.top > 0} == {"gender", "age"}


def test_three_answers_that_act_only_together_are_seen_in_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pairs do not show them; the members of the population answer everything."""
    monkeypatch.setattr(interplay, "MOST_TRIED", 0)
    parts = ("women", "age_at_least:50", "told_high_risk")
    one = study("a", OPEN_FOR_EVERYBODY, [parts])
    found = plan(one, **OVARIAN, risk_reducing_surgery=["breasts"])
    together = {question.unit: {*question.together} for question in found.questions}
    assert set(together) >= {"gender", "age", "high_risk"}
    for unit in ("gender", "age", "high_risk"):
        assert together[unit] | {unit} == {"gender", "age", "high_risk"}
    assert not found.settled
