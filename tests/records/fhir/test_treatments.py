"""What spread, stage, medicines and procedures become, and what must stay open."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    MCODE,
    SNOMED,
    Resource,
    concept,
    condition,
    observation,
    order,
    procedure,
    read,
    secondary,
    statement,
)
from tests.records.fhir.parts import (
    FOR_CANCER,
    OPEN,
    check_beside_breast_cancer,
    stage,
)

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
TAKEN = [
    ("treatments_now", ["serd", "unknown"], [statement("fulvestrant 50 MG/ML Injection")]),
    ("treatments", ["serd", "unknown"], [statement("Faslodex", "completed")]),
    ("treatments_now", OPEN, [statement("Faslodex", "completed")]),
    ("treatments", OPEN, [statement("fulvestrant", "not-taken")]),
    ("treatments", OPEN, [statement("fulvestrant", "intended")]),
    ("treatments", OPEN, [statement("fulvestrant", "unknown")]),
    ("treatments", OPEN, [statement("fulvestrant", "entered-in-error")]),
    ("treatments_now", ["cdk46_inhibitor", "unknown"], [order("palbociclib", on="2026-06-01")]),
    ("treatments_now", OPEN, [order("palbociclib", on="2025-06-01")]),
    ("treatments_now", OPEN, [order("palbociclib")]),
    ("treatments", ["cdk46_inhibitor", "unknown"], [order("palbociclib")]),
    ("treatments", OPEN, [order("palbociclib", intent="plan", on="2026-06-01")]),
    ("treatments", OPEN, [order("palbociclib", "draft", on="2026-06-01")]),
    ("treatments", OPEN, [order("palbociclib", on="2026-06-01", doNotPerform=True)]),
    (
        "treatments_now",
        OPEN,
        [statement("letrozole", effectivePeriod={"start": "2020-01-01", "end": "2024-01-01"})],
    ),
    (
        "treatments",
        ["aromatase_inhibitor", "cdk46_inhibitor", "unknown"],
        [statement("letrozole 2.5 MG / ribociclib 200 MG [Kisqali Femara]")],
    ),
    (
        "treatments",
        ["antibody_drug_conjugate", "her2_targeted", "unknown"],
        [statement("ado-trastuzumab emtansine 100 MG Injection")],
    ),
    ("treatments", OPEN, [statement("methotrexate 2.5 MG Oral Tablet")]),
    ("treatments", ["chemotherapy", "unknown"], [order("methotrexate", **FOR_CANCER)]),
    ("treatments", OPEN, [statement("fluorouracil 50 MG/ML Topical Cream")]),
    ("treatments", OPEN, [statement("metformin 500 MG")]),
    ("treatments", OPEN, [statement("Menopausal hormone therapy")]),
    ("treatments", OPEN, [statement("letrozole", reasonCode=[{"text": "Female infertility"}])]),
    (
        "treatments",
        ["aromatase_inhibitor", "unknown"],
        [statement("letrozole", reasonCode=[{"text": "Malignant neoplasm of breast"}])],
    ),
    (
        "treatments",
        OPEN,
        [statement("letrozole", reasonReference=[{"reference": "Condition/c9"}])],
    ),
    ("treatments", ["mastectomy", "unknown"], [procedure("Modified radical mastectomy")]),
    ("treatments", ["lumpectomy", "unknown"], [procedure("Partial mastectomy")]),
    ("treatments", ["lumpectomy", "unknown"], [procedure("MASTECTOMY, PARTIAL")]),
    ("treatments", OPEN, [procedure("Mastectomy", "not-done")]),
    ("treatments", OPEN, [procedure("Prophylactic mastectomy")]),
    ("treatments", OPEN, [procedure("Bilateral oophorectomy")]),
    ("treatments", ["radiation", "unknown"], [procedure("External beam radiation therapy")]),
    ("treatments", OPEN, [procedure("Radiation therapy planning")]),
    (
        "treatments_now",
        ["radiation", "unknown"],
        [procedure("Radiation therapy", "in-progress", performedDateTime="2026-11-20")],
    ),
    ("treatments_now", OPEN, [statement("tamoxifen", on="2009-05-01")]),
    ("treatments", ["tamoxifen", "unknown"], [statement("tamoxifen", on="2009-05-01")]),
    ("treatments_now", OPEN, [statement("tamoxifen", effectivePeriod={"start": "2012-01"})]),
    (
        "treatments_now",
        ["tamoxifen", "unknown"],
        [statement("tamoxifen", effectivePeriod={"start": "2012-01"}, dateAsserted="2026-10-01")],
    ),
    ("treatments_now", ["tamoxifen", "unknown"], [statement("tamoxifen", on="2019-04-01")]),
    ("treatments_now", ["tamoxifen", "unknown"], [statement("tamoxifen")]),
    (
        "treatments_now",
        OPEN,
        [
            order(
                "tamoxifen",
                on="2026-03-01",
                dispenseRequest={"validityPeriod": {"end": "2026-06-01"}},
            )
        ],
    ),
    (
        "treatments_now",
        ["tamoxifen", "unknown"],
        [
            order(
                "tamoxifen",
                on="2026-03-01",
                dispenseRequest={"validityPeriod": {"end": "2027-06-01"}},
            )
        ],
    ),
    (
        "treatments_now",
        OPEN,
        [procedure("Chemotherapy", performedDateTime="2026-11-20")],
    ),
]


@pytest.mark.parametrize(("key", "expected", "resources"), [*SPREAD, *TAKEN])
def test_beside_a_breast_cancer(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    check_beside_breast_cancer(rulebook, key, expected, resources)


DATED: list[tuple[str | None, list[Resource]]] = [
    (None, [statement("fulvestrant")]),
    ("2019-06-01", [statement("fulvestrant", on="2019-06-01")]),
    (
        "2019-04-01",
        [
            statement("fulvestrant", on="2026-06-01"),
            statement("abemaciclib", on="2019-04-01"),
            statement("letrozole", on="2018-01-01", status="completed"),
        ],
    ),
    ("2026-10-01", [statement("fulvestrant", on="2019-06-01", dateAsserted="2026-10-01")]),
]


@pytest.mark.parametrize(("expected", "resources"), DATED)
def test_what_is_taken_now_bears_the_oldest_date_on_which_it_was_said(
    expected: str | None, resources: list[Resource], rulebook: Rulebook
) -> None:
    found = read(rulebook, condition(), *resources)
    assert "serd" in found.answers["treatments_now"]
    assert found.dates.get("treatments_now") == expected
