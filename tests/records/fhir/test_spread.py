"""What spread, stage and nodes become, and what must stay open."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    MCODE,
    SNOMED,
    Resource,
    concept,
    observation,
    secondary,
)
from tests.records.fhir.parts import OPEN, check_beside_breast_cancer, stage

SPREAD = [
    ("extent", "metastatic", [secondary("94222008", "Secondary malignant neoplasm of bone")]),
    ("extent", "metastatic", [secondary("94391008", "", of=None)]),
    (
        "extent",
        OPEN,
        [secondary("94181007", "Secondary malignant neoplasm of axillary lymph nodes")],
    ),
    ("node_status", "positive", [secondary("94181007", "")]),
    ("extent", OPEN, [secondary("94500000", "Secondary malignant neoplasm of skin"), stage("2")]),
    ("stage", OPEN, [secondary("94500000", "Secondary malignant neoplasm of skin"), stage("2")]),
    (
        "extent",
        OPEN,
        [secondary("94222008", "Bone", verificationStatus=concept(("", "refuted", "")))],
    ),
    ("extent", OPEN, [secondary("94222008", "", of="somewhere")]),
    ("extent", "metastatic", [observation("21907-1", "cM1")]),
    ("extent", OPEN, [observation("21907-1", (SNOMED, "1229901006", ""))]),
    ("extent", "metastatic", [observation("21907-1", (SNOMED, "55440008", ""))]),
    ("extent", OPEN, [observation("21907-1", (SNOMED, "30893008", ""))]),
    ("extent", OPEN, [observation("21907-1", "MX")]),
    ("extent", OPEN, [observation("21907-1", "M1 excluded")]),
    ("extent", OPEN, [observation("21907-1", "No evidence of M1 disease")]),
    ("extent", OPEN, [observation("21907-1", ("", "cM1", "M1 not confirmed"))]),
    ("extent", OPEN, [observation("21907-1", ("", "cM1", "cM0"))]),
    ("extent", "metastatic", [observation("21907-1", ("", "", "AJCC pM1 category (finding)"))]),
    ("stage", "4", [stage("4")]),
    ("stage", "3", [stage("3C", "21902-2")]),
    ("stage", "2", [observation("21908-9", (SNOMED, "258219007", ""))]),
    (
        "stage",
        "2",
        [observation("21908-9", ("", "", "American Joint Committee on Cancer stage IIB"))],
    ),
    ("stage", "1", [observation("21914-7", "Stage IA (qualifier value)")]),
    ("stage", "0", [observation("21908-9", "0")]),
    ("stage", "3", [stage("cAJCC IIIA")]),
    ("stage", "2", [observation("21902-2", "pStage IIA")]),
    ("stage", "1", [observation("21902-2", "ypStage I")]),
    ("stage", "1", [observation("21908-9", "AJCC 8th edition Stage IA")]),
    ("stage", "2", [observation("21908-9", "Stage IIA (cT2, cN0, cM0)")]),
    (
        "stage",
        "1",
        [
            observation(
                "21908-9",
                "Clinical stage from 3/2/2024: Stage IA (cT1b, cN0(f), cM0, G2, ER+, PR+, HER2-)",
            )
        ],
    ),
    ("stage", "4", [observation("21908-9", "Stage IV (cT2, cN1, pM1)")]),
    ("stage", OPEN, [observation("21908-9", "Stage IIA (cT2, cN0, cM1)")]),
    ("stage", OPEN, [observation("21908-9", "Stage IIA (was IV)")]),
    (
        "stage",
        "3",
        [observation("", "IIIC", display="Finding", meta={"profile": [f"{MCODE}cancer-stage"]})],
    ),
    ("stage", OPEN, [observation("21908-9", "II or III")]),
    ("stage", OPEN, [observation("21908-9", ("http://local", "4", "Not staged"))]),
    ("stage", OPEN, [observation("21908-9", ("http://local", "4", ""))]),
    ("stage", OPEN, [observation("21908-9", ("http://seer", "4", "Regional, nodes only"))]),
    ("stage", OPEN, [observation("21908-9", ("http://seer", "4", "4"))]),
    ("stage", OPEN, [observation("21908-9", ("http://cancerstaging.org", "4", "Not stage IV"))]),
    ("stage", "4", [observation("21908-9", ("http://local", "x", "Stage IV"))]),
    ("stage", OPEN, [observation("", "4", display="Stage")]),
    (
        "stage",
        "4",
        [
            observation(
                "",
                "4",
                display="Stage",
                meta={"profile": [f"{MCODE}tnm-clinical-stage-group"]},
            )
        ],
    ),
    ("stage", OPEN, [stage("2"), stage("3", "21902-2")]),
    ("stage", "3", [stage("2", on="2020-01-01"), stage("3", "21902-2", on="2020-03-01")]),
    ("node_status", "negative", [observation("21900-6", "pN0")]),
    ("node_status", "positive", [observation("21906-3", "cN1")]),
    ("node_status", OPEN, [observation("21906-3", "cN0")]),
    ("node_status", OPEN, [observation("21900-6", "N1 not excluded")]),
    ("node_status", OPEN, [observation("21900-6", "cN0 pN1")]),
    ("node_status", OPEN, [observation("21900-6", "pN0 (2/12)")]),
    ("node_status", "negative", [observation("21900-6", "pN0(i-)(sn) (0/12)")]),
    ("node_status", "negative", [observation("21900-6", "pN0 No regional lymph node metastasis")]),
    ("positive_nodes", 3, [observation("21893-3", {"valueInteger": 3})]),
]


@pytest.mark.parametrize(("key", "expected", "resources"), SPREAD)
def test_beside_a_breast_cancer(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    check_beside_breast_cancer(rulebook, key, expected, resources)
