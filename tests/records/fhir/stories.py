"""Stories: whole people as records have them."""

from __future__ import annotations

from tests.records.fhir.bundles import (
    NEGATIVE,
    POSITIVE,
    Resource,
    concept,
    condition,
    observation,
    patient,
    secondary,
    statement,
    variant,
)

STAGE_FOUR = concept(("http://cancerstaging.org", "4", "IV"))


def metastatic_reader() -> list[Resource]:
    """A woman with ER+, PR+, HER2− breast cancer in bone and liver, ESR1 and PIK3CA changed."""
    return [
        patient(),
        condition(
            "408643008",
            "Infiltrating duct carcinoma of breast (disorder)",
            stage=[{"summary": STAGE_FOUR, "assessment": [{"reference": "Observation/o21908-9"}]}],
        ),
        observation("21908-9", {"valueCodeableConcept": STAGE_FOUR}),
        secondary("94181007", "Secondary malignant neoplasm of axillary lymph nodes (disorder)"),
        secondary("94381002", "Secondary malignant neoplasm of liver (disorder)"),
        secondary("94222008", "Secondary malignant neoplasm of bone (disorder)"),
        observation("40556-3", POSITIVE),
        observation("40557-1", POSITIVE),
        observation("18474-7", NEGATIVE),
        observation("62862-8", POSITIVE),
        variant(("HGNC:3467", "estrogen receptor 1"), id="v1"),
        variant(("8975", ""), id="v2"),
        statement(
            "leuprolide Injectable Product",
            "completed",
            "2019-04-01",
            meta={"profile": ["http://x/mcode-cancer-related-medication-statement"]},
        ),
        statement("fulvestrant Injectable Product", "completed", "2019-04-01"),
        statement("fulvestrant Injectable Product", "active", "2019-06-01"),
        statement("abemaciclib Oral Product", "active", "2019-04-01"),
        observation("89247-1", {"valueInteger": 1}, display="ECOG performance status"),
        {"resourceType": "Encounter", "id": "e1", "subject": {"reference": "Patient/p1"}},
    ]


METASTATIC_ANSWERS = {
    "age": 67,
    "gender": "woman",
    "cancer": ["breast", "unknown"],
    "main_cancer": "breast",
    "breast_type": "ductal",
    "cancer_status": "now",
    "stage": "4",
    "extent": "metastatic",
    "node_status": "positive",
    "er": "positive",
    "pr": "positive",
    "her2": "negative",
    "tumor": {"ESR1": "mutation", "PIK3CA": "mutation", "MSI_H": "positive"},
    "treatments": ["ovarian_suppression", "serd", "cdk46_inhibitor", "unknown"],
    "treatments_now": ["serd", "cdk46_inhibitor", "unknown"],
}
