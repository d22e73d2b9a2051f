"""What the name of a diagnosis tells beside the cancer: that it has spread, and how far."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import Resource, concept, condition, patient, read
from tests.records.fhir.parts import OPEN, stage

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
    (OPEN, OPEN, spread("Metastatic disease")),
    (OPEN, OPEN, spread("Lymph node metastasis")),
    (OPEN, OPEN, spread("Pathological fracture due to metastatic bone disease")),
    (OPEN, OPEN, spread("Malignant pleural effusion")),
    (OPEN, OPEN, spread("", "J91.0")),
    (OPEN, OPEN, spread("", "C80.0")),
    (OPEN, OPEN, alone("Breast cancer with metastases", "C50.912")),
    (OPEN, "2", spread("Screening for metastasis")),
    (OPEN, "2", spread("No distant metastasis")),
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
