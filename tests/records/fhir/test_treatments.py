"""What medicines and procedures become, and what must stay open."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    Resource,
    concept,
    condition,
    order,
    procedure,
    read,
    statement,
)
from tests.records.fhir.parts import (
    FOR_CANCER,
    OPEN,
    check_beside_breast_cancer,
)

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def billed(code: str, display: str) -> Resource:
    coded = concept(("http://www.ama-assn.org/go/cpt", code, display))
    return {**procedure(""), "code": coded}


def named(text: str) -> Resource:
    return {"medicationCodeableConcept": concept((RXNORM, "72965", text))}


def by_code(code: str) -> Resource:
    return {**statement("", "completed"), "medicationCodeableConcept": concept((RXNORM, code, ""))}


def because(display: str) -> Resource:
    elsewhere = {"reference": "Condition/elsewhere", "display": display}
    return statement("letrozole", reasonReference=[elsewhere])


def because_inside(code: str, verified: str) -> Resource:
    diagnosis = condition(code, "", id="in", verificationStatus=concept(("", verified, "")))
    reason = [{"reference": "#in"}]
    return statement("letrozole", contained=[diagnosis], reasonReference=reason)


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
    ("treatments", ["aromatase_inhibitor", "unknown"], [by_code("72965")]),
    ("treatments", ["tamoxifen", "unknown"], [by_code("10324")]),
    ("treatments", ["her2_targeted", "unknown"], [by_code("224905")]),
    ("treatments", OPEN, [by_code("3002")]),
    ("treatments", OPEN, [by_code("6809")]),
    ("treatments", OPEN, [{**by_code("72965"), **named("tamoxifen allergy")}]),
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
    ("treatments", ["aromatase_inhibitor", "unknown"], [because("Malignant neoplasm of breast")]),
    ("treatments", OPEN, [because("Female infertility")]),
    ("treatments", ["aromatase_inhibitor", "unknown"], [because("Metastasis to bone")]),
    ("treatments", OPEN, [because("Brain metastasis from lung cancer")]),
    ("treatments", OPEN, [because("Suspected breast cancer")]),
    ("treatments", ["aromatase_inhibitor", "unknown"], [because_inside("254837009", "confirmed")]),
    ("treatments", OPEN, [because_inside("254837009", "refuted")]),
    ("treatments", OPEN, [because_inside("363406005", "confirmed")]),
    ("treatments", ["mastectomy", "unknown"], [procedure("Modified radical mastectomy")]),
    ("treatments", ["lumpectomy", "unknown"], [procedure("Partial mastectomy")]),
    ("treatments", ["lumpectomy", "unknown"], [procedure("MASTECTOMY, PARTIAL")]),
    (
        "treatments",
        ["lumpectomy", "unknown"],
        [procedure("Lumpectomy with sentinel lymph node biopsy")],
    ),
    ("treatments", OPEN, [procedure("Biopsy of mastectomy scar")]),
    (
        "treatments",
        ["mastectomy", "implant_reconstruction", "unknown"],
        [procedure("Mastectomy with immediate reconstruction with implant")],
    ),
    (
        "treatments",
        ["radiation", "chemotherapy", "unknown"],
        [procedure("Combined chemotherapy and radiation therapy")],
    ),
    ("treatments", ["radiation", "unknown"], [procedure("Radiation treatment delivery, complex")]),
    ("treatments", ["mastectomy", "unknown"], [billed("19307", "")]),
    ("treatments", ["lumpectomy", "unknown"], [billed("19301", "PR MASTECTOMY PARTIAL")]),
    ("treatments", ["implant_reconstruction", "unknown"], [billed("19357", "")]),
    ("treatments", OPEN, [billed("96413", "Chemotherapy administration, IV infusion technique")]),
    ("treatments", OPEN, [billed("96413", "")]),
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


@pytest.mark.parametrize(("key", "expected", "resources"), TAKEN)
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
