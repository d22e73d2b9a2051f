"""What a record says of the person, their cancers and their family."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    LOINC,
    POSITIVE,
    SNOMED,
    Resource,
    concept,
    condition,
    observation,
    order,
    patient,
    read,
    secondary,
    statement,
)
from tests.records.fhir.parts import (
    ER,
    FOR_CANCER,
    OPEN,
    stage,
)


def icd(code: str) -> Resource:
    told = concept(("http://hl7.org/fhir/sid/icd-10-cm", code, ""))
    return {**condition(id=code), "code": told}


ICD_BREAST = icd("C50.912")
OVARY = condition("363443007", "Malignant tumor of ovary", id="c2")
IN_REMISSION = concept(("", "remission", ""))
BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
BLACK = {
    "url": "ombCategory",
    "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2054-5"},
}
NONE_SEEN = observation("97509-4", (SNOMED, "281900007", "No abnormality detected"))
IMPROVED = observation("97509-4", (SNOMED, "268910001", "Improved"))
NOT_DETECTED = observation("97509-4", (SNOMED, "260415000", "Not detected"), on="2025-01-01")
WORSE = observation("97509-4", (SNOMED, "271299001", ""), on="2026-01-01")
NED = observation("97509-4", "No evidence of disease (NED)")
UNSAID = observation("97509-4", "See the note of the visit")
REFUTED = concept(("http://local", "R", ""), ("", "refuted", ""))
RESOLVED = concept(("http://local", "A", ""), ("", "resolved", ""))
METASTATIC_TO_BONE = condition("", "Breast cancer metastatic to bone")


def identity(display: str, code: str = "") -> list[Resource]:
    """A gender identity of the person."""
    told = concept((SNOMED if code else "", code, display))
    return [{"url": "http://x/us-core-genderIdentity", "valueCodeableConcept": told}]


def race_in_words(text: str) -> list[Resource]:
    """A race without a code."""
    return [{"url": RACE, "extension": [{"url": "text", "valueString": text}]}]


STATUSES = [
    ("cancer", OPEN, [condition(verificationStatus={"text": "Refuted"})]),
    ("cancer", OPEN, [condition(verificationStatus=REFUTED)]),
    ("cancer", OPEN, [condition(verificationStatus={"text": "Working diagnosis"})]),
    ("cancer", ["breast", "unknown"], [condition(verificationStatus={"text": "Confirmed"})]),
    ("cancer", ["breast", "unknown"], [condition(verificationStatus={})]),
    ("cancer_status", "past", [condition(clinicalStatus=RESOLVED)]),
    ("cancer_status", OPEN, [condition(clinicalStatus={"text": "Watched"})]),
    ("cancer_status", OPEN, [condition(abatementDateTime="2015-01-01")]),
    ("cancer_status", "now", [condition(clinicalStatus=concept(("", "recurrence", "")))]),
    ("cancer", ["breast", "unknown"], [METASTATIC_TO_BONE]),
    ("extent", "metastatic", [METASTATIC_TO_BONE]),
    ("extent", "metastatic", [condition("", "Breast cancer with metastasis to liver")]),
    ("cancer", OPEN, [condition("", "Carcinoma metastatic to bone")]),
    ("cancer", ["breast", "unknown"], [icd("Z85.3")]),
    ("cancer_status", "past", [icd("Z85.3")]),
]
PEOPLE = [
    *STATUSES,
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
    ("gender", "woman", [patient(extension=identity("Identifies as female gender (finding)"))]),
    ("gender", "woman", [patient(extension=identity("", "446141000124107"))]),
    ("gender", OPEN, [patient(extension=identity("Identifies as male gender (finding)"))]),
    ("gender", OPEN, [patient(extension=identity("Identifies as nonbinary gender (finding)"))]),
    ("sex_at_birth", OPEN, [patient()]),
    ("sex_at_birth", "male", [patient(extension=[{"url": BIRTH_SEX, "valueCode": "M"}])]),
    ("sex_at_birth", OPEN, [patient(extension=[{"url": BIRTH_SEX, "valueCode": "UNK"}])]),
    (
        "race_ethnicity",
        ["black", "unknown"],
        [patient(extension=[{"url": RACE, "extension": [BLACK]}])],
    ),
    ("race_ethnicity", ["white", "unknown"], [patient(extension=race_in_words("White"))]),
    ("race_ethnicity", OPEN, [patient(extension=race_in_words("Some other background"))]),
    ("country", "MX", [patient(address=[{"country": "MX"}])]),
    ("cancer", ["breast", "unknown"], [condition()]),
    ("cancer_status", "now", [condition()]),
    ("cancer_status", "past", [condition(clinicalStatus=IN_REMISSION)]),
    ("cancer_status", OPEN, [condition(clinicalStatus={})]),
    ("cancer_status", OPEN, [condition(), NONE_SEEN]),
    ("cancer_status", "now", [condition(), IMPROVED]),
    ("cancer_status", OPEN, [condition(), NOT_DETECTED]),
    ("cancer_status", "now", [condition(), NOT_DETECTED, WORSE]),
    ("cancer_status", OPEN, [condition(), WORSE, {**NOT_DETECTED, "effectiveDateTime": "2026-02"}]),
    ("cancer_status", OPEN, [condition(), WORSE, NED]),
    ("cancer_status", OPEN, [condition(), UNSAID]),
    ("extent", "metastatic", [ICD_BREAST, icd("C78.0")]),
    ("extent", "in_situ", [icd("D05.12")]),
    ("cancer_status", "now", [condition(), NONE_SEEN, secondary("94222008", "Bone")]),
    ("cancer", OPEN, [condition(verificationStatus=concept(("", "refuted", "")))]),
    ("cancer", OPEN, [condition(verificationStatus=concept(("", "provisional", "")))]),
    ("cancer", OPEN, [condition("38341003", "Hypertensive disorder")]),
    ("cancer", OPEN, [condition("", "Lobular carcinoma in situ of breast")]),
    ("cancer", OPEN, [condition("", "Breast cancer genetic marker of susceptibility positive")]),
    ("cancer", OPEN, [condition("", "Lymphedema following treatment of breast cancer")]),
    ("cancer", OPEN, [condition("", "Suspected breast cancer")]),
    ("cancer", ["breast", "unknown"], [condition("", "Adenocarcinoma of breast")]),
    ("cancer", ["endometrial", "unknown"], [condition("", "Adenocarcinoma of endometrium")]),
    ("cancer", ["breast", "unknown"], [condition("", "Malignant phyllodes tumor of breast")]),
    ("cancer", ["breast", "unknown"], [condition("", "Paget's disease of breast")]),
    ("cancer", ["breast", "unknown"], [condition("", "Cáncer de mama")]),
    ("cancer", ["breast", "unknown"], [condition("", "Carcinoma ductal infiltrante de mama")]),
    ("cancer", ["ovarian", "unknown"], [condition("", "Primary peritoneal carcinoma")]),
    ("cancer", ["other", "unknown"], [condition("", "Squamous carcinoma of skin of breast")]),
    ("cancer", ["other", "unknown"], [condition("", "Adenocarcinoma of lung")]),
    ("cancer", ["other", "unknown"], [condition("", "Leiomyosarcoma of uterus")]),
    ("cancer", ["other", "unknown"], [condition("", "Angiosarcoma of breast")]),
    ("cancer", OPEN, [condition("", "Unspecified type of carcinoma in situ of left breast")]),
    ("cancer", OPEN, [condition("", "Carcinoma in situ of breast")]),
    (
        "cancer",
        ["breast", "unknown"],
        [
            condition(
                "",
                "Invasive carcinoma of no special type",
                bodySite=[concept((SNOMED, "76752008", ""))],
            )
        ],
    ),
    ("extent", "metastatic", [condition("", "Metastatic breast cancer")]),
    ("extent", OPEN, [condition("", "Non-metastatic breast cancer")]),
    ("extent", "metastatic", [ICD_BREAST, icd("C79.51")]),
    ("node_status", "positive", [ICD_BREAST, icd("C77.3")]),
    ("stage", OPEN, [ICD_BREAST, icd("C79.2"), stage("2")]),
    ("stage", "4", [ICD_BREAST, icd("C79.2"), stage("4")]),
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
    ("extent", OPEN, [condition("", "Infiltrating duct carcinoma of breast with DCIS in situ")]),
    ("cancer", ["other", "unknown"], [condition("", "Malignant lymphoma of breast")]),
    ("cancer", ["melanoma", "unknown"], [condition("", "Malignant melanoma of skin of breast")]),
    ("recurrent", "yes", [condition(clinicalStatus=concept(("", "recurrence", "")))]),
    ("age_at_diagnosis", 60, [patient(), condition(onsetDateTime="2019-05-01")]),
    ("age_at_diagnosis", OPEN, [patient(birthDate="1959"), condition(onsetDateTime="2019-05")]),
    ("age_at_diagnosis", OPEN, [patient(), condition(onsetString="in her sixties")]),
    (
        "age_at_diagnosis",
        60,
        [
            patient(),
            condition(
                extension=[
                    {
                        "url": "http://x/obf-DateOfDiagnosis-extension",
                        "valueDateTime": "2019-05-01",
                    }
                ]
            ),
        ],
    ),
    ("castration_resistant", "yes", [condition("", "Castration-resistant prostate cancer")]),
    ("castration_resistant", "no", [condition("", "Hormone sensitive prostate cancer")]),
    ("castration_resistant", OPEN, [condition("", "Prostate cancer, not hormone refractory")]),
    ("castration_resistant", OPEN, [condition("399068003", "Malignant tumor of prostate")]),
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
    ("menopause", "post", [observation("", (SNOMED, "76498008", ""), display="Menopausal state")]),
    ("menopause", "post", [condition("76498008", "Postmenopausal state (finding)")]),
    ("menopause", OPEN, [condition("", "Postmenopausal bleeding")]),
    ("menopause", OPEN, [observation("", (SNOMED, "118185001", ""), display="Menopausal state")]),
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


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("MTH", "BRCA1 gene mutation positive (finding)", ["BRCA1", "unknown"]),
        ("MTH", "BRCA1 gene mutation negative", OPEN),
        ("MTH", "Somatic BRCA1 mutation", OPEN),
        ("MTH", "BRCA1", OPEN),
        ("COUSN", "BRCA1 gene mutation positive (finding)", OPEN),
    ],
)
def test_a_mutation_of_a_close_relative(
    code: str, text: str, expected: list[str] | None, rulebook: Rulebook
) -> None:
    draft = read(rulebook, relative(code, concept(("", "", text))))
    assert draft.answers.get("family_mutation") == expected
    assert "inherited" not in draft.answers


def test_family_history_counts_close_blood_relatives(rulebook: Rulebook) -> None:
    ovary = concept(("", "", "Malignant tumor of ovary"))
    assert read(rulebook, relative("MTH", ovary)).answers["family_history"] == [
        "ovarian",
        "unknown",
    ]
    assert "family_history" not in read(rulebook, relative("COUSN", ovary)).answers
    assert "family_history" not in read(rulebook, relative("ADOPTF", ovary)).answers
    by_law = relative("CHILD", ovary)
    by_law["relationship"] = {**by_law["relationship"], "text": "adopted child"}
    assert "family_history" not in read(rulebook, by_law).answers
