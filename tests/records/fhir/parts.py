"""Parts of results and values that several tests of records name."""

from __future__ import annotations

from typing import Any

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    GERMLINE,
    HGNC,
    LOINC,
    MCODE,
    SOMATIC,
    Resource,
    component,
    concept,
    condition,
    observation,
    patient,
    read,
)

OPEN = None
ESR1, BRCA1, BRCA2, PALB2 = ("3467", "ESR1"), ("1100", "BRCA1"), ("1101", "BRCA2"), ("26144", "")
BOTH_BRCA = concept((HGNC, "HGNC:1100", ""), (HGNC, "HGNC:1101", ""))
PERCENT = {"unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
ER, ER_PERCENT, PR_PERCENT = "40556-3", "85329-1", "85325-9"
IHC, FISH = "85319-2", "85318-4"
VUS = component("53037-8", (LOINC, "LA26333-7", "Uncertain significance"))
BENIGN = component("53037-8", (LOINC, "LA6675-8", "Benign"))
IS_SOMATIC = component("48002-0", SOMATIC)
IS_GERMLINE = component("48002-0", GERMLINE)
FOR_CANCER = {"meta": {"profile": [f"{MCODE}cancer-related-medication-request"]}}


def quantity(value: float, **more: Any) -> Resource:
    return {"valueQuantity": {"value": value, **PERCENT, **more}}


def ratio(upper: float, lower: float) -> Resource:
    return {"valueRatio": {"numerator": {"value": upper}, "denominator": {"value": lower}}}


def stage(text: str, code: str = "21908-9", **more: Any) -> Resource:
    return observation(code, ("http://cancerstaging.org", text, ""), **more)


def check_beside_breast_cancer(
    book: Rulebook, key: str, expected: Any, resources: list[Resource]
) -> None:
    """What a record with a breast cancer and these resources says of one answer."""
    draft = read(book, patient(), condition(), *resources)
    assert draft.answers.get(key) == expected
    assert draft.used
    assert len(draft.unused) + len(draft.used) >= 2 + len(resources)
    if expected is OPEN:
        assert not any(one.key.partition(".")[0] == key for one in draft.used) or draft.clashes
