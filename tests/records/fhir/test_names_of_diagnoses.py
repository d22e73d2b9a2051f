"""What the name of a diagnosis tells beside the cancer: its spread, receptors, stage, return."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    NEGATIVE,
    Resource,
    concept,
    condition,
    observation,
    patient,
    read,
)
from tests.records.fhir.parts import OPEN, quantity, stage

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def told(text: str, code: str = "", **more: Any) -> Resource:
    """A diagnosis by its words, with an ICD code if one is given."""
    coding = [(ICD, code, "")] if code else []
    return {**condition(**more), "code": concept(*coding, text=text)}


def spread(text: str, code: str = "") -> list[Resource]:
    """A breast cancer of stage II long ago, and another diagnosis."""
    return [condition(), stage("II", on="2012-01-01"), told(text, code, id="s")]


def alone(text: str, code: str = "") -> list[Resource]:
    """One diagnosis, and stage II long ago."""
    return [told(text, code), stage("II", on="2012-01-01")]


SPREADS = [
    ("metastatic", "2", spread("Bone metastases")),
    ("metastatic", "2", spread("Metastasis to liver (HCC)")),
    ("metastatic", "2", spread("Distant metastases")),
    ("metastatic", "2", alone("Breast cancer with bone metastases")),
    ("metastatic", "2", alone("Breast cancer with bone metastases", "C50.912")),
    ("metastatic", "2", alone("Carcinoma of left breast metastatic to bone (HCC)", "C50.912")),
    ("metastatic", "2", alone("Breast cancer, mets to liver")),
    ("metastatic", "2", alone("Malignant neoplasm of breast, metastatic", "C50.919")),
    ("metastatic", "2", alone("Oligometastatic breast cancer")),
    (OPEN, OPEN, spread("Secondary and unspecified malignant neoplasm of lymph node", "C77.9")),
    (OPEN, OPEN, spread("Secondary and unspecified malignant neoplasm of pelvic lymph nodes")),
    (OPEN, "2", alone("Breast cancer metastatic to axillary lymph nodes")),
    (OPEN, OPEN, alone("Breast cancer with recurrence in liver")),
    (OPEN, OPEN, spread("Metastatic disease")),
    (OPEN, OPEN, spread("Lymph node metastasis")),
    (OPEN, OPEN, spread("Pathological fracture due to metastatic bone disease")),
    (OPEN, OPEN, spread("Malignant pleural effusion")),
    (OPEN, OPEN, spread("", "J91.0")),
    (OPEN, OPEN, spread("", "C80.0")),
    (OPEN, OPEN, alone("Breast cancer with metastases", "C50.912")),
    (OPEN, "2", spread("Screening for metastasis")),
    (OPEN, "2", spread("No distant metastasis")),
    (OPEN, "2", spread("Non-metastatic disease")),
    (OPEN, "2", spread("Micrometastasis in a sentinel node")),
    (OPEN, "2", spread("Breast cancer without metastases", "C50.912")),
]


@pytest.mark.parametrize(("extent", "staged", "resources"), SPREADS)
def test_a_spread_in_words_is_told_or_keeps_the_old_stage_aside(
    extent: str | None, staged: str | None, resources: list[Resource], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), *resources)
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert draft.answers.get("extent") == extent
    assert draft.answers.get("stage") == staged


def test_a_spread_to_the_axilla_in_words_is_of_the_nodes(rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), *spread("Metastasis to axillary lymph nodes"))
    assert "extent" not in draft.answers
    assert draft.answers["node_status"] == "positive"
    assert draft.answers["stage"] == "2"


def test_a_spread_of_another_cancer_is_not_that_of_the_main_one(rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), *spread("Colon cancer with liver metastases"))
    assert "extent" not in draft.answers


NAMED = [
    ({"er": "positive"}, [told("Malignant neoplasm of left breast, estrogen receptor positive")]),
    ({"er": "negative"}, [told("ER-negative breast cancer")]),
    ({"er": "positive", "her2": "negative"}, [told("ER+/HER2- breast cancer")]),
    ({"er": "positive", "pr": "positive"}, [told("ER/PR positive breast cancer")]),
    ({"er": "negative", "pr": "negative"}, [told("Hormone receptor negative breast cancer")]),
    ({}, [told("Hormone receptor positive breast cancer")]),
    ({"her2": "positive"}, [told("HER2-positive carcinoma of breast")]),
    ({"triple_negative": "yes"}, [told("Triple negative malignant neoplasm of breast")]),
    ({"er": "positive"}, [condition(), told("", "Z17.0", id="z")]),
    ({"er": "negative", "pr": "negative", "her2": "positive"}, [condition(), told("", "Z17.420")]),
    ({}, [condition("363406005", "Malignant neoplasm of colon"), told("", "Z17.0", id="z")]),
    ({}, [told("Colon cancer"), condition(id="c2"), told("", "Z17.0", id="z")]),
    ({}, [told("Family history of ER positive breast cancer")]),
    ({}, [condition(), told("", "Z17.0", verificationStatus={"text": "Refuted"})]),
    (
        {"er": "low", "her2": "low"},
        [
            told("ER+ HER2- breast cancer"),
            observation("85329-1", quantity(5)),
            observation("85319-2", "1+"),
        ],
    ),
    ({}, [told("ER+ breast cancer"), observation("40556-3", NEGATIVE, on="2024-01-01")]),
    ({}, [told("HER2 positive breast cancer"), observation("85319-2", "2+", on="2024-01-01")]),
    (
        {"er": "negative"},
        [
            told("ER+ breast cancer", recordedDate="2019-01-01"),
            observation("40556-3", NEGATIVE, on="2024-01-01"),
        ],
    ),
    ({"stage": "4"}, [told("Stage IV breast cancer")]),
    ({"stage": "2"}, [told("Carcinoma of breast, stage 2B (disorder)")]),
    ({}, [told("Breast cancer, stage II or III")]),
    ({}, [told("Breast cancer with chronic kidney disease stage 3")]),
    ({}, [told("Stage IV breast cancer"), stage("II", on="2015-01-01")]),
    (
        {"stage": "4"},
        [told("Stage IV breast cancer", onsetDateTime="2020-01-01"), stage("II", on="2015-01-01")],
    ),
    ({"recurrent": "yes"}, [told("Recurrent breast cancer")]),
    ({"recurrent": "yes"}, [told("Breast cancer with recurrence in chest wall")]),
    ({}, [told("Breast cancer, no recurrence")]),
    ({"extent": "locally_advanced"}, [told("Locally advanced breast cancer")]),
    ({"extent": "metastatic"}, [told("Locally advanced breast cancer"), told("Lung metastases")]),
    ({}, [told("Locally advanced breast cancer"), told("Metastatic disease")]),
]
TOLD = ("er", "pr", "her2", "triple_negative", "stage", "recurrent", "extent")


@pytest.mark.parametrize(("expected", "resources"), NAMED)
def test_receptors_stage_and_recurrence_in_the_name(
    expected: dict[str, str], resources: list[Resource], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), *({**one, "id": f"{n}"} for n, one in enumerate(resources)))
    assert {key: draft.answers[key] for key in TOLD if key in draft.answers} == expected
    numbered = {one.key for one in draft.used}
    assert set(expected) <= numbered
