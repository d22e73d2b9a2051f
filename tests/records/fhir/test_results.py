"""What receptors and gene results become, and what must stay open."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    ABSENT,
    GERMLINE,
    LOINC,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    SNOMED,
    Resource,
    component,
    concept,
    observation,
    region,
    variant,
)
from tests.records.fhir.parts import (
    BENIGN,
    BOTH_BRCA,
    BRCA1,
    BRCA2,
    ER,
    ER_PERCENT,
    ESR1,
    FISH,
    IHC,
    IS_GERMLINE,
    IS_SOMATIC,
    OPEN,
    PALB2,
    PR_PERCENT,
    VUS,
    check_beside_breast_cancer,
    quantity,
    ratio,
)

RECEPTORS = [
    ("er", "positive", [observation(ER, POSITIVE)]),
    ("er", "positive", [observation(ER, (LOINC, "LA6576-8", ""))]),
    ("er", "negative", [observation("85337-4", (LOINC, "LA6577-6", "Negative"))]),
    ("er", "positive", [observation("16112-5", {"valueCodeableConcept": {"text": "Positive"}})]),
    ("er", "positive", [observation(ER, "ER+")]),
    ("er", "positive", [observation(ER, {"valueBoolean": True})]),
    ("er", "positive", [observation(ER, "Positive (95%)")]),
    ("er", OPEN, [observation(ER, "Positive (5%)")]),
    ("er", OPEN, [observation(ER, "probably positive")]),
    ("er", OPEN, [observation(ER, (SNOMED, "42425007", "Equivocal"))]),
    ("er", OPEN, [observation(ER, (SNOMED, "10828004", "Negative"))]),
    ("er", OPEN, [observation(ER, quantity(95))]),
    ("er", OPEN, [observation("14130-9", {"valueQuantity": {"value": 20, "unit": "fmol/mg"}})]),
    ("er", "positive", [observation(ER, None, interpretation=[concept(POSITIVE)])]),
    ("er", "positive", [observation("99999-9", POSITIVE, display="Estrogen receptor")]),
    ("er", "negative", [observation(ER_PERCENT, quantity(0))]),
    ("er", "low", [observation(ER_PERCENT, quantity(1))]),
    ("er", "low", [observation(ER_PERCENT, quantity(10))]),
    ("er", "positive", [observation(ER_PERCENT, quantity(11))]),
    ("er", "negative", [observation(ER_PERCENT, quantity(1, comparator="<"))]),
    ("er", OPEN, [observation(ER_PERCENT, quantity(10, comparator="<"))]),
    ("er", "positive", [observation(ER_PERCENT, quantity(10, comparator=">"))]),
    ("er", OPEN, [observation(ER_PERCENT, quantity(10, comparator=">="))]),
    ("er", "positive", [observation(ER_PERCENT, ratio(95, 100))]),
    ("er", OPEN, [observation(ER_PERCENT, ratio(95, 0))]),
    ("er", "positive", [observation(ER_PERCENT, "> 90 %")]),
    ("er", "low", [observation(ER_PERCENT, "1-5%")]),
    ("er", OPEN, [observation(ER_PERCENT, "5-20%")]),
    ("er", OPEN, [observation(ER_PERCENT, quantity(950))]),
    ("er", OPEN, [observation(ER_PERCENT, {"valueQuantity": {"value": 0.95}})]),
    ("pr", "positive", [observation(PR_PERCENT, quantity(1))]),
    ("pr", "negative", [observation(PR_PERCENT, quantity(0.5))]),
    ("er", OPEN, [observation(ER, POSITIVE, status="preliminary")]),
    ("er", OPEN, [observation(ER, POSITIVE, status="entered-in-error")]),
    ("er", OPEN, [observation(ER, POSITIVE, status="cancelled")]),
    ("er", "positive", [observation(ER, POSITIVE, status="corrected")]),
    ("er", "positive", [observation("", component=[component(ER, POSITIVE)])]),
    ("er", OPEN, [observation(ER, None, dataAbsentReason=concept(("", "unknown", "")))]),
    ("her2", "positive", [observation(IHC, "3+")]),
    ("her2", OPEN, [observation(IHC, "2+")]),
    ("her2", "low", [observation(IHC, "1+")]),
    ("her2", "low", [observation(IHC, {"valueInteger": 1})]),
    ("her2", "negative", [observation(IHC, "0")]),
    ("her2", "negative", [observation("48676-1", NEGATIVE)]),
    ("her2", "negative", [observation(FISH, "not amplified")]),
    ("her2", "positive", [observation(FISH, "Amplified")]),
    ("her2", "low", [observation(IHC, "2+"), observation(FISH, "Not amplified")]),
    ("her2", "positive", [observation(IHC, "2+"), observation(FISH, POSITIVE)]),
    ("her2", "low", [observation(IHC, "1+"), observation("48676-1", NEGATIVE)]),
    ("her2", OPEN, [observation(IHC, "1+"), observation(FISH, POSITIVE)]),
    (
        "her2",
        OPEN,
        [observation(IHC, NEGATIVE, on="2019-05-01"), observation(IHC, "2+", on="2024-05-01")],
    ),
    ("her2", OPEN, [observation("42914-2", POSITIVE, display="HER2 [Mass/volume] in Serum")]),
]
GENES = [
    ("tumor", {"ESR1": "mutation"}, [variant(ESR1)]),
    ("tumor", {"ESR1": "mutation"}, [variant(("HGNC:3467", ""))]),
    ("tumor", {"ESR1": "mutation"}, [variant(("", "ESR1"))]),
    ("tumor", OPEN, [variant(("3467", "BRCA1"))]),
    ("tumor", {"ESR1": {"result": "mutation", "on": "2026-03"}}, [variant(ESR1, on="2026-03-04")]),
    ("inherited", OPEN, [variant(BRCA1)]),
    ("tumor", OPEN, [variant(BRCA1)]),
    ("inherited", {"BRCA1": "mutation"}, [variant(BRCA1, PRESENT, IS_GERMLINE)]),
    ("tumor", {"BRCA1": "mutation"}, [variant(BRCA1, PRESENT, IS_SOMATIC)]),
    ("inherited", OPEN, [variant(ESR1, PRESENT, IS_GERMLINE)]),
    ("inherited", {"BRCA2": "uncertain"}, [variant(BRCA2, PRESENT, IS_GERMLINE, VUS)]),
    ("inherited", OPEN, [variant(BRCA2, PRESENT, IS_GERMLINE, BENIGN)]),
    ("tumor", {"ESR1": "none"}, [variant(ESR1, ABSENT)]),
    ("tumor", OPEN, [variant(ESR1, ABSENT, component("48005-3", "p.Tyr537Ser"))]),
    ("tumor", OPEN, [variant(ESR1, (LOINC, "LA18198-4", "No call"))]),
    ("tumor", OPEN, [variant(ESR1, None)]),
    ("tumor", OPEN, [variant(("3430", "ERBB2"), PRESENT, IS_SOMATIC, component("82155-3", "8"))]),
    ("inherited", {"BRCA1": "none", "BRCA2": "none"}, [region(BRCA1, BRCA2, source=GERMLINE)]),
    ("inherited", OPEN, [region(BRCA1, BRCA2)]),
    ("tumor", OPEN, [region(BRCA1, source=GERMLINE)]),
    (
        "inherited",
        {"BRCA1": "none", "BRCA2": "mutation"},
        [region(BRCA1, BRCA2, source=GERMLINE), variant(BRCA2, PRESENT, IS_GERMLINE)],
    ),
    (
        "inherited",
        {"BRCA1": "none", "PALB2": "not_tested"},
        [
            region(BRCA1, source=GERMLINE),
            variant(BRCA1, ABSENT, IS_GERMLINE, id="v1"),
            variant(PALB2, ABSENT, IS_GERMLINE, id="v2"),
        ],
    ),
    ("tumor", {"ESR1": "none"}, [region(ESR1), variant(ESR1, ABSENT)]),
    ("tumor", {"ESR1": "not_tested"}, [region(BRCA1), variant(ESR1, ABSENT)]),
    (
        "inherited",
        {"BRCA1": "none", "BRCA2": "none"},
        [
            observation(
                "53041-0",
                component=[
                    component("48018-6", {"valueCodeableConcept": BOTH_BRCA}),
                    IS_GERMLINE,
                ],
            )
        ],
    ),
    (
        "inherited",
        {"BRCA2": "mutation"},
        [
            variant(BRCA2, id="v1"),
            {
                "resourceType": "DiagnosticReport",
                "status": "final",
                "code": {"text": "Germline genetic testing panel"},
                "result": [{"reference": "Observation/v1"}],
            },
        ],
    ),
    ("tumor", {"MSI_H": "positive"}, [observation("62862-8", POSITIVE)]),
    ("tumor", {"MSI_H": "negative"}, [observation("62862-8", "Stable")]),
    ("tumor", {"MSI_H": "negative"}, [observation("62862-8", "MSI-L")]),
    ("tumor", {"MSI_H": "positive"}, [observation("81695-9", "MSI-H")]),
    ("tumor", OPEN, [observation("94076-7", quantity(12), display="Mutations/Megabase")]),
]


@pytest.mark.parametrize(("key", "expected", "resources"), [*RECEPTORS, *GENES])
def test_beside_a_breast_cancer(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    check_beside_breast_cancer(rulebook, key, expected, resources)
