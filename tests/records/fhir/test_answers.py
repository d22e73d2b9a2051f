"""What each part of a record becomes, and what must stay open."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    ABSENT,
    GERMLINE,
    LOINC,
    MCODE,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    SNOMED,
    SOMATIC,
    Resource,
    component,
    concept,
    condition,
    observation,
    order,
    patient,
    procedure,
    read,
    region,
    secondary,
    statement,
    variant,
)

OPEN = None
ESR1, BRCA1, BRCA2, PALB2 = ("3467", "ESR1"), ("1100", "BRCA1"), ("1101", "BRCA2"), ("26144", "")
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
    ("tumor", {"MSI_H": "positive"}, [observation("62862-8", POSITIVE)]),
    ("tumor", {"MSI_H": "negative"}, [observation("62862-8", "Stable")]),
    ("tumor", {"MSI_H": "negative"}, [observation("62862-8", "MSI-L")]),
    ("tumor", {"MSI_H": "positive"}, [observation("81695-9", "MSI-H")]),
    ("tumor", OPEN, [observation("94076-7", quantity(12), display="Mutations/Megabase")]),
]
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
    ("stage", OPEN, [stage("2"), stage("3", "21902-2")]),
    ("stage", "3", [stage("2", on="2020-01-01"), stage("3", "21902-2", on="2020-03-01")]),
    ("node_status", "negative", [observation("21900-6", "pN0")]),
    ("node_status", "positive", [observation("21906-3", "cN1")]),
    ("node_status", OPEN, [observation("21906-3", "cN0")]),
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
    ("treatments", ["mastectomy", "unknown"], [procedure("Modified radical mastectomy")]),
    ("treatments", ["lumpectomy", "unknown"], [procedure("Partial mastectomy")]),
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
]
WITH_BREAST_CANCER = [*RECEPTORS, *GENES, *SPREAD, *TAKEN]


@pytest.mark.parametrize(("key", "expected", "resources"), WITH_BREAST_CANCER)
def test_beside_a_breast_cancer(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), condition(), *resources)
    assert draft.answers.get(key) == expected
    assert draft.used
    assert len(draft.unused) + len(draft.used) >= 2 + len(resources)
    if expected is OPEN:
        assert not any(one.key.partition(".")[0] == key for one in draft.used) or draft.clashes


OVARY = condition("363443007", "Malignant tumor of ovary", id="c2")
IN_REMISSION = concept(("", "remission", ""))
BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
BLACK = {
    "url": "ombCategory",
    "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2054-5"},
}
PEOPLE = [
    ("age", 67, [patient()]),
    ("age", 66, [patient(birthDate="1959-12-02")]),
    ("age", 67, [patient(birthDate="1959-11")]),
    ("age", OPEN, [patient(birthDate="1959-12")]),
    ("age", OPEN, [patient(birthDate="1959")]),
    ("age", OPEN, [patient(birthDate="2030-01-01")]),
    ("age", OPEN, [patient(birthDate="1959-02-31")]),
    ("age", OPEN, [patient(deceasedBoolean=True)]),
    ("gender", "woman", [patient()]),
    ("gender", OPEN, [patient(gender="other")]),
    ("sex_at_birth", OPEN, [patient()]),
    ("sex_at_birth", "male", [patient(extension=[{"url": BIRTH_SEX, "valueCode": "M"}])]),
    ("sex_at_birth", OPEN, [patient(extension=[{"url": BIRTH_SEX, "valueCode": "UNK"}])]),
    (
        "race_ethnicity",
        ["black", "unknown"],
        [patient(extension=[{"url": RACE, "extension": [BLACK]}])],
    ),
    ("country", "MX", [patient(address=[{"country": "MX"}])]),
    ("cancer", ["breast", "unknown"], [condition()]),
    ("cancer_status", "now", [condition()]),
    ("cancer_status", "past", [condition(clinicalStatus=IN_REMISSION)]),
    ("cancer_status", OPEN, [condition(clinicalStatus={})]),
    ("cancer", OPEN, [condition(verificationStatus=concept(("", "refuted", "")))]),
    ("cancer", OPEN, [condition(verificationStatus=concept(("", "provisional", "")))]),
    ("cancer", OPEN, [condition("38341003", "Hypertensive disorder")]),
    ("cancer", OPEN, [condition("", "Lobular carcinoma in situ of breast")]),
    ("cancer", OPEN, [condition("", "Family history of malignant neoplasm of breast")]),
    ("cancer", ["breast", "unknown"], [condition("", "History of malignant neoplasm of breast")]),
    (
        "cancer",
        ["breast", "unknown"],
        [
            condition(
                "363346000",
                "Malignant neoplastic disease",
                bodySite=[concept((SNOMED, "76752008", ""))],
            )
        ],
    ),
    (
        "breast_type",
        "lobular",
        [condition("278054005", "Infiltrating lobular carcinoma of breast")],
    ),
    ("extent", "in_situ", [condition("", "Ductal carcinoma in situ of breast")]),
    ("recurrent", "yes", [condition(clinicalStatus=concept(("", "recurrence", "")))]),
    ("age_at_diagnosis", 60, [patient(), condition(onsetDateTime="2019-05-01")]),
    ("age_at_diagnosis", OPEN, [patient(birthDate="1959"), condition(onsetDateTime="2019-05")]),
    ("main_cancer", OPEN, [condition(), OVARY]),
    ("main_cancer", "breast", [condition(), {**OVARY, "clinicalStatus": IN_REMISSION}]),
    ("stage", OPEN, [condition(), OVARY, stage("2")]),
    (
        "stage",
        "2",
        [
            condition(),
            {**OVARY, "clinicalStatus": IN_REMISSION},
            stage("2", focus=[{"reference": "Condition/c1"}]),
        ],
    ),
    (
        "stage",
        OPEN,
        [
            condition(),
            {**OVARY, "clinicalStatus": IN_REMISSION},
            stage("2", focus=[{"reference": "Condition/c2"}]),
        ],
    ),
    ("er", OPEN, [OVARY, observation(ER, POSITIVE)]),
    (
        "treatments",
        ["hormone_therapy", "unknown"],
        [condition("399068003", "Malignant tumor of prostate"), order("leuprolide", **FOR_CANCER)],
    ),
    ("treatments", OPEN, [statement("tamoxifen")]),
    (
        "pregnant",
        "yes",
        [observation("82810-3", (LOINC, "LA15173-0", "Pregnant"), on="2026-11-01")],
    ),
    ("pregnant", OPEN, [observation("82810-3", (LOINC, "LA15173-0", "Pregnant"), on="2025-11-01")]),
    ("menopause", "post", [observation("", "Postmenopausal", display="Menopausal status")]),
    ("menopause", OPEN, [observation("", "Premenopausal", display="Menopausal status")]),
]


@pytest.mark.parametrize(("key", "expected", "resources"), PEOPLE)
def test_of_a_person(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    assert read(rulebook, *resources).answers.get(key) == expected


def relative(code: str, cancer: Resource) -> Resource:
    role = concept(("http://terminology.hl7.org/CodeSystem/v3-RoleCode", code, ""))
    return {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "relationship": role,
        "condition": [{"code": cancer}],
    }


def test_family_history_counts_close_blood_relatives(rulebook: Rulebook) -> None:
    ovary = concept(("", "", "Malignant tumor of ovary"))
    assert read(rulebook, relative("MTH", ovary)).answers["family_history"] == [
        "ovarian",
        "unknown",
    ]
    assert "family_history" not in read(rulebook, relative("COUSN", ovary)).answers
    assert "family_history" not in read(rulebook, relative("ADOPTF", ovary)).answers
