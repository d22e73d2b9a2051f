"""Clinical tables: what the shipped rules make of answers, written out to be reviewed by eye.

A dot is unknown, Y yes, n no. A row is what somebody said; a column is what a label can ask.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag
from matcher.core.engine import decide
from matcher.core.finder import FactFinder
from matcher.core.study import Audience, Study
from matcher.schemas.profiles import read_profile
from tests.kept import shipped_book

TODAY = date(2026, 11, 22)
Row = tuple[dict[str, Any], str]


@cache
def finder() -> FactFinder:
    return FactFinder(shipped_book())


def row(tags: str, answers: dict[str, Any]) -> str:
    studies = [Study(tag, tag, most=Audience(tag, Tag(tag))) for tag in tags.split()]
    catalogue = Catalogue.compile(shipped_book(), studies, finder=finder())
    facts = finder().find(read_profile({"answers": answers}, shipped_book()), today=TODAY)
    return "".join("n.Y"[int(value)] for value in decide(catalogue, [facts]).most[:, 0])


BREAST = {"cancer": ["breast"]}

SPREAD = "metastatic:breast non_metastatic:breast advanced:breast early_stage:breast"
SPREAD_ROWS: list[Row] = [
    ({}, "...."),
    ({"cancer_status": "never"}, "nnnn"),
    ({"cancer": ["ovarian"], "extent": "metastatic"}, "nnnn"),
    (BREAST, "...."),
    (BREAST | {"extent": "metastatic"}, "YnYn"),
    (BREAST | {"extent": "locally_advanced"}, "nY.."),
    (BREAST | {"extent": "early"}, "nYnY"),
    (BREAST | {"extent": "in_situ"}, "nYn."),
    (BREAST | {"stage": "0"}, "nYn."),
    (BREAST | {"stage": "1"}, "nYnY"),
    (BREAST | {"stage": "2"}, "nYnY"),
    (BREAST | {"stage": "4"}, "YnYn"),
    (BREAST | {"stage": "1", "extent": "metastatic"}, "YnYn"),
    (BREAST | {"stage": "2", "lines": 1}, "YnYn"),
    (BREAST | {"lines": 2}, "YnYn"),
    ({"cancer": ["breast", "ovarian"], "extent": "metastatic"}, "...."),
    ({"cancer": ["breast", "ovarian"], "main_cancer": "breast", "extent": "metastatic"}, "YnYn"),
    ({"cancer": ["breast", "ovarian"], "main_cancer": "ovarian", "extent": "metastatic"}, "...."),
]

RECEPTORS = "er_positive er_negative her2_positive her2_negative her2_low triple_negative"
RECEPTOR_ROWS: list[Row] = [
    ({}, "......"),
    ({"cancer_status": "never"}, "nnnnnn"),
    ({"cancer": ["prostate"]}, "nnnnnn"),
    ({"er": "positive"}, "Yn...n"),
    ({"er": "low"}, "Yn...."),
    ({"er": "negative"}, "nY...."),
    ({"her2": "positive"}, "..Ynnn"),
    ({"her2": "low"}, "..nYY."),
    ({"her2": "ultralow"}, "..nYn."),
    ({"her2": "zero"}, "..nYn."),
    ({"her2": "negative"}, "..nY.."),
    ({"triple_negative": "yes"}, "nYnY.Y"),
    ({"triple_negative": "yes", "her2": "low"}, "nYnYYY"),
    ({"er": "negative", "pr": "negative", "her2": "zero"}, "nYnYnY"),
    ({"er": "negative", "pr": "negative", "her2": "positive"}, "nYYnnn"),
    ({"triple_negative": "no"}, ".....n"),
]

PEOPLE = "woman man nonbinary female_at_birth male_at_birth"
PEOPLE_ROWS: list[Row] = [
    ({}, "....."),
    ({"sex_at_birth": "female"}, "YnnYn"),
    ({"sex_at_birth": "male"}, "nYnnY"),
    ({"gender": "woman"}, "Ynn.."),
    ({"gender": "man"}, "nYn.."),
    ({"gender": "woman", "sex_at_birth": "female"}, "YnnYn"),
    ({"gender": "woman", "sex_at_birth": "male"}, "Y.nnY"),
    ({"gender": "man", "sex_at_birth": "female"}, ".YnYn"),
    ({"gender": "nonbinary"}, "..Y.."),
    ({"gender": "nonbinary", "sex_at_birth": "female"}, "..YYn"),
]

AGES = "age_at_least:50 age_at_most:39 diagnosed_at_most:45 diagnosed_at_least:50"
AGE_ROWS: list[Row] = [
    ({}, "...."),
    ({"age": 50}, "Yn.."),
    ({"age": 39}, "nY.."),
    (BREAST | {"age": 40}, "nnYn"),
    (BREAST | {"age": 60}, "Yn.."),
    (BREAST | {"age": 60, "age_at_diagnosis": 45}, "YnYn"),
    (BREAST | {"age_at_diagnosis": 50}, "YnnY"),
    ({"cancer_status": "never", "age": 40}, "nnnn"),
]

TREATMENTS = (
    "had_surgery:breast had_mastectomy:breast had_chemotherapy:breast had_tamoxifen:breast "
    "now_tamoxifen:breast now_hormone_therapy:breast"
)
TREATMENT_ROWS: list[Row] = [
    (BREAST, "......"),
    (BREAST | {"treatments": ["mastectomy"]}, "YYnnnn"),
    (BREAST | {"treatments": ["surgery"]}, "Y.nnnn"),
    (BREAST | {"treatments": ["surgery", "unknown"]}, "Y....."),
    (BREAST | {"treatments": ["none"]}, "nnnnnn"),
    (BREAST | {"treatments": ["hormone_therapy"]}, "nnn..."),
    (BREAST | {"treatments_now": ["tamoxifen"]}, "...YYY"),
    (BREAST | {"treatments_now": ["hormone_therapy"]}, ".....Y"),
    (BREAST | {"treatments_now": ["none"]}, "....nn"),
    (BREAST | {"treatments": ["none"], "treatments_now": ["tamoxifen"]}, "nnnYYY"),
    ({"cancer": ["prostate"], "treatments": ["chemotherapy"]}, "nnnnnn"),
    ({"cancer": ["breast", "ovarian"], "treatments": ["chemotherapy"]}, "......"),
    ({"cancer_status": "never"}, "nnnnnn"),
]

RISK = (
    "high_risk_breast high_risk_ovarian high_risk_colorectal high_risk_endometrial "
    "high_risk_stomach high_risk_prostate high_risk_pancreatic"
)
# Everybody here also said: told by a doctor that no risk is high.
RISK_ROWS: dict[str, str] = {
    #           breast, ovarian, colorectal, endometrial, stomach, prostate, pancreatic
    "BRCA1": "YYnnnnn",
    "BRCA2": "YYnnn..",
    "BRCA": "YYnnn..",
    "PALB2": "Y.nnn..",
    "TP53": "Ynnnnnn",
    "PTEN": "Ynnnnnn",
    "CDH1": "YnnnYnn",
    "STK11": "Y.nnnnn",
    "ATM": "..nnn..",
    "CHEK2": ".nnnnnn",
    "BARD1": ".nnnnnn",
    "NF1": ".nnnnnn",
    "RAD51C": ".Ynnnnn",
    "RAD51D": ".Ynnnnn",
    "BRIP1": "nYnnnnn",
    "MLH1": "nYYYnnn",
    "MSH2": "nYYYnnn",
    "MSH6": "nYYYnnn",
    "EPCAM": "nYYYnnn",
    "PMS2": "n.YYnnn",
    "LYNCH": "n.YYnnn",
    "any": ".......",
    "MUTYH": "nnnnnnn",
    "APC": "nnnnnnn",
}


@pytest.mark.parametrize(("answers", "verdicts"), SPREAD_ROWS, ids=str)
def test_how_far_it_has_spread(answers: dict[str, Any], verdicts: str) -> None:
    assert row(SPREAD, answers) == verdicts


@pytest.mark.parametrize(("answers", "verdicts"), RECEPTOR_ROWS, ids=str)
def test_receptors(answers: dict[str, Any], verdicts: str) -> None:
    assert row(RECEPTORS, answers) == verdicts


@pytest.mark.parametrize(("answers", "verdicts"), PEOPLE_ROWS, ids=str)
def test_women_and_men(answers: dict[str, Any], verdicts: str) -> None:
    assert row(PEOPLE, answers) == verdicts


@pytest.mark.parametrize(("answers", "verdicts"), AGE_ROWS, ids=str)
def test_ages(answers: dict[str, Any], verdicts: str) -> None:
    assert row(AGES, answers) == verdicts


@pytest.mark.parametrize(("answers", "verdicts"), TREATMENT_ROWS, ids=str)
def test_treatments(answers: dict[str, Any], verdicts: str) -> None:
    assert row(TREATMENTS, answers) == verdicts


@pytest.mark.parametrize(("gene", "verdicts"), RISK_ROWS.items(), ids=str)
def test_the_risk_that_an_inherited_mutation_brings(gene: str, verdicts: str) -> None:
    answers = {"inherited": {gene: "mutation"}, "high_risk": ["none"]}
    assert row(RISK, answers) == verdicts


@pytest.mark.parametrize("gene", [g for g, verdicts in RISK_ROWS.items() if verdicts[0] == "Y"])
def test_breast_risk_is_open_once_the_breasts_are_gone_and_in_men(gene: str) -> None:
    mutation = {"inherited": {gene: "mutation"}, "high_risk": ["none"]}
    assert row("high_risk_breast", mutation | {"risk_reducing_surgery": ["breasts"]}) == "."
    assert row("high_risk_breast", mutation | {"sex_at_birth": "male"}) == "."


@pytest.mark.parametrize("word", ["uncertain", "not_tested", "none"])
def test_only_a_mutation_brings_a_risk(word: str) -> None:
    for gene in RISK_ROWS:
        assert row(RISK, {"inherited": {gene: word}, "high_risk": ["none"]}) == "nnnnnnn"
        assert row(RISK, {"inherited": {gene: word}}) == "......."
