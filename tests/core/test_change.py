"""Change: the fewest not-known answers that would make a study fit, against trying them all."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core import change as change_module
from matcher.core.answers import Answers, Result
from matcher.core.change import Step, smallest_change
from matcher.core.changes import search as search_module
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.study import Study
from tests.core.changes import fewest
from tests.core.small import TODAY, catalogue, person, study

BREAST: dict[str, Any] = {"cancer": ["breast"]}


def change(one: Study, **answers: Any) -> list[tuple[str, str]] | None:
    steps = smallest_change(catalogue(one), one, person(**answers), today=TODAY)
    return None if steps is None else [(step.unit, step.to) for step in steps]


@pytest.mark.parametrize(
    ("most", "answers", "steps"),
    [
        # it fits already
        ("er_positive", {"er": "low"}, []),
        (["er_negative", "women"], {"gender": "woman"}, []),
        # one answer
        ("er_positive", {}, [("er", "positive")]),
        ("her2_negative", {}, [("her2", "negative")]),  # the coarsest of several that do
        ("breast_cancer", {}, [("cancer", "breast")]),
        ("women", {}, [("sex_at_birth", "female")]),  # which stands in for the gender
        ("age_at_least:50", {}, [("age", "50")]),
        ("age_at_most:39", {}, [("age", "39")]),
        ("no_cancer", {}, [("cancer_status", "never")]),
        ("tumor_ESR1", {}, [("tumor.ESR1", "mutation")]),
        ("had_tamoxifen", {}, [("treatments", "tamoxifen")]),
        ("had_hormone_therapy", {}, [("treatments", "hormone_therapy")]),
        (("er_positive", "breast_cancer"), {}, [("er", "positive")]),  # which says the other too
        (("er_positive", "tumor_ESR1"), {"er": "low"}, [("tumor.ESR1", "mutation")]),
        ("tumor_ESR1", {"tumor": {"ESR1": "not_tested"}}, [("tumor.ESR1", "mutation")]),
        ({"not": "er_positive"}, {}, [("er", "negative")]),
        # of alternatives the one that needs least
        ([("er_positive", "women"), "tumor_ESR1"], {}, [("tumor.ESR1", "mutation")]),
        ([("er_positive", "women"), ("tumor_ESR1", "young")], {"gender": "woman"},
         [("er", "positive")]),
        # several answers, in form order
        (("women", "er_positive"), {}, [("er", "positive"), ("sex_at_birth", "female")]),
        ("metastatic:breast", {}, [("main_cancer", "breast"), ("extent", "metastatic")]),
        ("metastatic:breast", BREAST, [("extent", "metastatic")]),
        (("inherited_BRCA1", "inherited_PALB2"), {},
         [("inherited.BRCA1", "mutation"), ("inherited.PALB2", "mutation")]),
        (("had_chemotherapy", "had_surgery"), BREAST,
         [("treatments", "surgery"), ("treatments", "chemotherapy")]),
        (("er_positive", "her2_negative", "metastatic:breast", "tumor_ESR1:breast", "women",
          "age_at_least:40"), {},
         [("main_cancer", "breast"), ("extent", "metastatic"), ("er", "positive"),
          ("her2", "negative"), ("tumor.ESR1", "mutation"), ("age", "40"),
          ("sex_at_birth", "female")]),
        # what a default or a list's silence says can still be overruled
        ("metastatic:breast", {"stage": "3"},
         [("main_cancer", "breast"), ("extent", "metastatic")]),
        # an answer to another question may overrule a list's silence
        ("had_tamoxifen", {"treatments": ["surgery"]}, [("treatments_now", "tamoxifen")]),
        ("had_tamoxifen", {"treatments": ["surgery"], "treatments_now": ["surgery"]}, None),
        # a list that was told with "unknown" can still get items
        ("had_tamoxifen", {"treatments": ["surgery", "unknown"], "treatments_now": ["none"]},
         [("treatments", "tamoxifen")]),
        # what another question's answer implies
        ("metastatic:breast", BREAST | {"extent": "declined"}, [("stage", "4")]),
        ("metastatic", {"extent": "declined", "stage": "declined"}, [("lines", "1")]),
        ("er_negative", {"er": "declined"}, [("triple_negative", "yes")]),
        ("triple_negative", {"triple_negative": "declined"},
         [("er", "negative"), ("her2", "negative")]),
        # "not" needs a whole list, or "none of these"
        ({"not": "had_chemotherapy:breast"}, BREAST, [("treatments", "none")]),
        (("had_surgery:breast", {"not": "had_chemotherapy:breast"}), BREAST,
         [("treatments", "surgery")]),
        ({"not": "ovarian_cancer"}, {"cancer_status": "declined"}, [("cancer", "breast")]),
        # numbers on the right side of every bound, and of what was said
        (("age_at_least:40", "age_at_most:60"), {}, [("age", "40")]),
        ("age_at_most:60", {"age_at_diagnosis": 45}, [("age", "45")]),
        ("age_at_most:39", {"age_at_diagnosis": 45}, None),
        # an old test leaves it open, a new one does not
        (({"not": "tumor_ESR1"}, "women"),
         BREAST | {"tumor": {"any": {"result": "none", "on": "2026-10"}}},
         [("sex_at_birth", "female")]),
        (({"not": "tumor_ESR1"}, "women"),
         BREAST | {"tumor": {"any": {"result": "none", "on": "2020-10"}}},
         [("tumor.ESR1", "none"), ("sex_at_birth", "female")]),
        # a panel is clear once the gene that was not tested is
        ("inherited_none", {"inherited": {"PALB2": "not_tested"}},
         [("inherited.PALB2", "none"), ("inherited.any", "none")]),
        # nothing can
        ("er_negative", {"er": "positive"}, None),
        (("er_negative", "women"), {"er": "positive"}, None),
        ("? words", {}, None),
        (("er_positive", "? words"), {}, None),
        (None, {}, None),
        (("er_positive", "er_negative"), {}, None),
        (("age_at_least:50", "age_at_most:39"), {}, None),
        # what was declined, given, or is uncertain is not asked for
        ("er_positive", {"er": "declined"}, None),
        ("tumor_ESR1", {"tumor": "declined"}, None),
        ("tumor_ESR1", {"tumor": {"ESR1": "declined"}}, None),
        ("tumor_ESR1", {"tumor": {"ESR1": "uncertain"}}, None),
        ("metastatic", {"extent": "early"}, None),
        # what would contradict what was said is no way either
        ("er_positive", {"triple_negative": "yes"}, None),
        ("er_positive", {"cancer": ["ovarian"]}, None),
        ("metastatic:breast", {"cancer_status": "never"}, None),
        # one contradiction more or less was there before
        ("women", {"er": "positive", "triple_negative": "yes"}, [("sex_at_birth", "female")]),
        # only "most" decides
        (("er_positive", "tumor_ESR1"), {"er": "low", "tumor": {"ESR1": "none"}}, None),
    ],
)  # fmt: skip
def test_the_smallest_change(
    most: Any, answers: dict[str, Any], steps: list[tuple[str, str]] | None
) -> None:
    assert change(study("a", most, ["breast_cancer"]), **answers) == steps


@pytest.mark.parametrize(
    ("most", "answers"),
    [
        (("er_positive", "her2_positive"), {}),
        (("triple_negative", "women"), {}),
        ((["er_positive", "women"], ["tumor_ESR1", "men"]), {}),
        ([("er_positive", "tumor_ESR1", "women"), ("metastatic:breast", "young")], {}),
        ((["breast_cancer", "ovarian_cancer"], "metastatic"), {}),
        (("had_surgery:breast", "non_metastatic:breast"), {}),
        (("told_high_risk", "women"), {}),
        (("any_cancer", "inherited_any"), {}),
        (("prostate_cancer", "castration_resistant"), {}),
        (({"not": "women"}, {"not": "young"}), {"sex_at_birth": "female"}),
        (("lines_at_least:2:breast", "er_positive"), {}),
        (("hormone_positive_her2_negative", "age_at_least:40"), {}),
        (("no_triple_negative", "er_positive"), {}),
        (("inherited_none", "breasts_removed"), {}),
        (("er_positive", "er_negative", "women"), {}),
        (("ashkenazi", "inherited_BRCA2"), {"race_ethnicity": ["white"]}),
        ("metastatic:breast", {"stage": "3"}),
        (("men", "breast_risk"), {"inherited": {"BRCA1": "mutation"}}),
    ],
)
def test_no_smaller_set_does_it(most: Any, answers: dict[str, Any]) -> None:
    one = study("a", most)
    steps = change(one, **answers)
    least = fewest(
        catalogue(one), one, person(**answers), today=TODAY, most=2, numbers=(0, 1, 2, 30, 39, 40)
    )
    assert (len(steps) if steps is not None and len(steps) <= 2 else None) == least


@pytest.mark.parametrize(
    ("most", "answers"),
    [
        (("er_positive", "her2_negative", "metastatic:breast", "tumor_ESR1:breast"), {}),
        (("had_chemotherapy:breast", "had_surgery:breast"), BREAST),
        ([("told_high_risk", "women", "young"), ("men", "? x")], {"age": 30}),
    ],
)
def test_who_gives_these_answers_fits_and_was_not_asked_twice(
    most: Any, answers: dict[str, Any]
) -> None:
    one = study("a", most)
    steps = change(one, **answers)
    assert steps
    given: dict[str, Any] = dict(person(**answers).given)
    for unit, to in steps:
        key, _, gene = unit.partition(".")
        if gene:
            given[key] = {**given.get(key, {}), gene: Result(to)}
        elif key in ("treatments", "high_risk", "cancer"):
            given[key] = tuple(sorted({*given.get(key, ()), to, "unknown"}))
        else:
            given[key] = int(to) if to.isdigit() and key == "age" else to
    outcome = match(catalogue(one), Answers(given), today=TODAY)
    assert outcome.matches[0].level == Level.FITS
    assert outcome.contradictions == ()
    assert len(set(steps)) == len(steps)


def test_the_other_studies_of_a_catalogue_do_not_matter() -> None:
    one = study("a", ("er_positive", "women"))
    steps = smallest_change(catalogue(study("b", "tumor_ESR1"), one), one, person(), today=TODAY)
    assert steps == (Step("er", "positive"), Step("sex_at_birth", "female"))


def test_steps_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    one = study("a", ("er_positive", "women"))
    monkeypatch.setattr(change_module, "MOST_STEPS", 1)
    assert change(one) is None
    monkeypatch.setattr(change_module, "MOST_STEPS", 2)
    assert change(one) == [("er", "positive"), ("sex_at_birth", "female")]


def test_trials_are_counted_beyond_four_answers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    four = ("er_positive", "her2_negative", "tumor_ESR1:breast", "age_at_least:40")
    monkeypatch.setattr(search_module, "MOST_TRIALS", 0)
    assert len(change(study("a", four), cancer=["breast"]) or ()) == 4
    assert change(study("a", (*four, "women")), cancer=["breast"]) is None
    monkeypatch.setattr(search_module, "MOST_TRIALS", 2000)
    assert len(change(study("a", (*four, "women")), cancer=["breast"]) or ()) == 5


@pytest.mark.parametrize(
    ("most", "answers", "to", "span"),
    [
        ("age_at_least:50", {}, "50", (50, 120)),
        ("age_at_most:39", {}, "39", (0, 39)),
        (("age_at_least:40", "age_at_most:60"), {}, "40", (40, 60)),
        ("age_at_most:60", {"age_at_diagnosis": 45}, "45", (45, 60)),
        (("metastatic", "lines_at_least:2"), {}, "2", (2, 6)),
    ],
)
def test_a_number_comes_with_all_that_do(
    most: Any, answers: dict[str, Any], to: str, span: tuple[int, int]
) -> None:
    one = study("a", most)
    steps = smallest_change(catalogue(one), one, person(**answers), today=TODAY)
    assert steps is not None
    assert [(step.to, step.span) for step in steps] == [(to, span)]


@pytest.mark.parametrize(
    ("most", "whole"),
    [
        (("had_surgery:breast", {"not": "had_chemotherapy:breast"}), True),
        ("had_surgery:breast", False),
    ],
)
def test_a_list_is_told_as_whole_only_where_it_must_be(most: Any, whole: bool) -> None:
    one = study("a", most)
    steps = smallest_change(catalogue(one), one, person(**BREAST), today=TODAY)
    assert steps == (Step("treatments", "surgery", whole=whole),)


def test_what_contradicts_a_whole_list_joins_it() -> None:
    one = study("a", {"not": "had_surgery:ovarian"})
    answers = person(main_cancer="prostate", triple_negative="yes", treatments=["surgery"])
    assert smallest_change(catalogue(one), one, answers, today=TODAY) == (
        Step("cancer", "breast", whole=True),
        Step("cancer", "prostate", whole=True),
    )
