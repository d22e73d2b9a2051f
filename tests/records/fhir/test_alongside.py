"""What stands beside a gene or a cancer in a text: a test, a doubt, another illness, its date."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    NEGATIVE,
    POSITIVE,
    SNOMED,
    Resource,
    concept,
    condition,
    observation,
    patient,
    read,
)
from tests.records.fhir.parts import OPEN, stage
from tests.records.fhir.test_names_of_diagnoses import told
from tests.records.fhir.test_people import relative

MUTATION, UNCERTAIN = "mutation", "uncertain"
LYNCH = (SNOMED, "315058005", "")
GENES = [
    ({"BRCA1": MUTATION}, told("BRCA1 mutation carrier")),
    ({"BRCA1": MUTATION}, told("BRCA1 germline pathogenic variant")),
    ({"BRCA1": MUTATION}, told("BRCA1 pathogenic variant", "Z15.01")),
    ({"CHEK2": MUTATION}, told("CHEK2", "Z15.01")),
    ({"BRCA2": MUTATION}, told("Known BRCA2 mutation carrier (HCC)", "Z15.01")),
    ({"BRCA2": MUTATION}, told("Breast cancer, left, stage II, BRCA2 germline mutation")),
    ({"LYNCH": MUTATION}, {**condition(), "code": concept(LYNCH, text="Lynch syndrome")}),
    ({"BRCA2": UNCERTAIN}, told("BRCA2 germline variant, VUS")),
    ({"BRCA2": UNCERTAIN}, told("BRCA2 germline variant of unknown significance")),
    ({"BRCA1": UNCERTAIN}, told("BRCA1 variant, VUS", "Z15.01")),
    ({"BRCA2": UNCERTAIN}, told("Breast cancer, BRCA2 germline variant VUS")),
    (OPEN, told("BRCA2 germline pathogenic variant, VUS")),
    (OPEN, told("Testing BRCA2 germline variant, VUS")),
    (OPEN, told("BRCA2 germline variant")),
    (OPEN, told("BRCA2 variant", "Z15.01")),
    (OPEN, told("BRCA1/2 mutation carrier")),
    (OPEN, told("BRCA1 pathogenic variant")),
    (OPEN, told("BRCA2 germline mutation of uncertain significance")),
    (OPEN, told("Benign BRCA2 germline variant")),
    (OPEN, told("Polymorphism: CHEK2 germline variant")),
    (OPEN, told("BRCA1 mutation carrier status unknown")),
    (OPEN, told("Screening for BRCA1 mutation carrier")),
    (OPEN, told("Encounter for BRCA1 germline mutation testing")),
    (OPEN, told("BRCA1 germline mutation test ordered")),
    (OPEN, told("Genetic counseling BRCA1 mutation carrier")),
    (OPEN, told("Possible BRCA1 mutation carrier")),
    (OPEN, told("CHEK2 untested; genetic susceptibility", "Z15.01")),
    (OPEN, told("Breast cancer, tested for BRCA2 germline mutation")),
    (OPEN, {**condition(), "code": concept(LYNCH, text="Tested for Lynch")}),
]


@pytest.mark.parametrize(("expected", "resource"), GENES)
def test_a_diagnosis_that_only_names_a_gene_is_no_mutation(
    expected: Any, resource: Resource, rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), resource)
    inherited = draft.answers.get("inherited")
    assert inherited == expected
    listed = draft.unused if expected is OPEN else draft.used
    assert any(one.what.startswith("Condition") for one in listed)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("BRCA1 germline mutation test ordered", "gene_words"),
        ("Benign BRCA2 germline variant", "harmless"),
        ("BRCA1 pathogenic variant", "no_source_class"),
    ],
)
def test_why_a_gene_was_not_used(text: str, reason: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text))
    assert reason in {one.reason for one in draft.unused}


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["BRCA1", "unknown"], "BRCA1 germline mutation"),
        (["BRCA1", "unknown"], "BRCA1 pathogenic variant"),
        (OPEN, "BRCA1 mutation testing"),
        (OPEN, "Screening for BRCA1 mutation"),
        (OPEN, "Benign BRCA1 gene mutation"),
        (OPEN, "BRCA1 gene mutation, tumor"),
        (OPEN, "BRCA1 gene mutation in father's sister"),
        (OPEN, "BRCA1 gene mutation, VUS"),
        (OPEN, "BRCA1 and BRCA2 gene mutation"),
    ],
)
def test_a_gene_that_is_only_named_of_a_relative(
    expected: list[str] | None, text: str, rulebook: Rulebook
) -> None:
    draft = read(rulebook, relative("MTH", concept(text=text)))
    assert draft.answers.get("family_mutation") == expected
    assert "family_history" not in draft.answers
    assert expected is not OPEN or "gene_words" in {one.reason for one in draft.unused}


LATE = {"recordedDate": "2026-10-01"}
OLD = {"onsetDateTime": "2018-01-01", **LATE}
PAST = told(
    "Personal history of ER positive breast cancer, left 2010",
    "Z85.3",
    clinicalStatus=concept(("", "resolved", "")),
    **LATE,
)
NOW = told("", "C50.911", onsetDateTime="2024-01-01")
WORDS = told("History of ER positive breast cancer", "C50.912", **LATE)
NAME_FIRST = {"onsetDateTime": "2018-01-01", "recordedDate": "2018-02-01"}


def er(sign: Any, on: str) -> Resource:
    return observation("40556-3", sign, on=on)


def her2(sign: Any, on: str) -> Resource:
    return observation("48676-1", sign, on=on)


NOTED = [
    ("er", OPEN, [told("Breast cancer, ER positive", **OLD), er(NEGATIVE, "2026-06-01")]),
    ("er", OPEN, [told("Breast cancer, ER positive", **LATE), er(NEGATIVE, "2026-06-01")]),
    ("er", OPEN, [condition(), told("", "Z17.0", **LATE), er(NEGATIVE, "2026-06-01")]),
    ("her2", OPEN, [told("Breast cancer, HER2 negative", **OLD), her2(POSITIVE, "2026-06-01")]),
    ("stage", OPEN, [told("Breast cancer, stage II", **OLD), stage("IV", on="2025-06-01")]),
    ("er", "negative", [told("ER+ breast cancer", **NAME_FIRST), er(NEGATIVE, "2026-06-01")]),
    ("stage", "4", [told("Breast cancer, stage II", **NAME_FIRST), stage("IV", on="2025-06-01")]),
    ("er", "positive", [told("ER+ breast cancer", **OLD), er(POSITIVE, "2026-06-01")]),
    (
        "er",
        "positive",
        [told("ER+ breast cancer", onsetDateTime="2026-07-01"), er(NEGATIVE, "2026-06-01")],
    ),
    ("er", "negative", [PAST, NOW, er(NEGATIVE, "2024-02-01")]),
    ("er", OPEN, [PAST, NOW]),
    ("er", "negative", [WORDS, NOW, er(NEGATIVE, "2024-02-01")]),
    ("er", "positive", [PAST]),
    ("er", "positive", [told("ER+ breast cancer", **LATE)]),
    (
        "castration_resistant",
        OPEN,
        [
            told("Prostate cancer, hormone sensitive", recordedDate="2026-01-01"),
            told("Prostate cancer, castration resistant", recordedDate="2025-01-01"),
        ],
    ),
]


@pytest.mark.parametrize(("key", "expected", "resources"), NOTED)
def test_the_day_it_was_written_down_is_not_the_day_of_the_finding(
    key: str, expected: str | None, resources: list[Resource], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), *({**one, "id": f"{n}"} for n, one in enumerate(resources)))
    assert draft.answers.get(key) == expected
    if expected is OPEN and PAST not in resources:
        assert [one.key for one in draft.clashes] == [key]


BESIDE = [
    ({}, "Breast cancer, ER positive 5%"),
    ({}, "Breast cancer, ER positive (1-10 %)"),
    ({}, "Breast cancer, ER positive, weakly"),
    ({}, "Breast cancer, previously ER positive"),
    ({}, "Breast cancer, ER positive five percent"),
    ({}, "Breast cancer, HER2 positive 1+"),
    ({"er": "positive", "pr": "positive"}, "Breast cancer, ER positive 95%, PR positive 80%"),
    ({"her2": "positive"}, "Breast cancer, HER2 positive, Ki-67 5%"),
    ({}, "Breast cancer, non triple negative"),
    ({}, "Non-triple-negative breast cancer"),
    ({}, "Breast cancer, cirrhosis stage 4"),
    ({}, "Breast cancer, stage IV decubitus"),
    ({}, "Breast cancer, heart disease stage 2"),
    ({}, "Breast cancer, stage 2 hypertension"),
    ({}, "Breast cancer, cirrhosis, stage 4"),
    ({}, "Hypertension stage 2 and breast cancer"),
    ({}, "Breast cancer, stage 2/3"),
    ({}, "Breast cancer, end stage renal disease"),
    ({"stage": "2"}, "Breast cancer stage 2, hypertension"),
    ({"stage": "2"}, "Invasive ductal carcinoma of left breast, stage IIA (T2 N0 M0), grade 3"),
    ({"stage": "4", "er": "positive"}, "Stage IV ER+ breast cancer (CMS/HCC)"),
    ({"stage": "4", "extent": "metastatic"}, "Stage IV breast cancer with bone metastases"),
    ({"stage": "4", "recurrent": "yes"}, "Recurrent breast cancer, stage IV"),
    ({}, "Breast cancer, non-recurrent"),
    ({}, "Breast cancer patient with recurrent cellulitis"),
    ({}, "Breast cancer, recurrent UTI"),
    ({}, "Breast cancer, recurrence score 12"),
    ({"recurrent": "yes"}, "Breast cancer, recurrent"),
    ({"recurrent": "yes"}, "Breast cancer, local recurrence"),
    ({"recurrent": "yes"}, "Relapsed left breast cancer"),
]
TOLD = ("er", "pr", "her2", "triple_negative", "stage", "recurrent", "extent")


@pytest.mark.parametrize(("expected", "text"), BESIDE)
def test_what_stands_beside_the_cancer(
    expected: dict[str, str], text: str, rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), told(text))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert {key: draft.answers[key] for key in TOLD if key in draft.answers} == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Breast cancer, stage IV decubitus", "value_not_read"),
        ("Breast cancer, recurrent cellulitis", "value_not_read"),
        ("Breast cancer, previously ER positive", "value_not_read"),
        ("Breast cancer, ER positive 5%", "percent_open"),
    ],
)
def test_what_is_not_taken_is_told(text: str, reason: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text))
    assert reason in [one.reason for one in draft.unused if text in one.what]
