"""Gene results beside a region studied, of other people and other cancers, and what is implied."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    ABSENT,
    GERMLINE,
    HGNC,
    LOINC,
    NEGATIVE,
    PRESENT,
    SOMATIC,
    Resource,
    component,
    concept,
    condition,
    observation,
    patient,
    read,
    region,
    variant,
)
from tests.records.fhir.parts import (
    BENIGN,
    BRCA1,
    BRCA2,
    ER,
    ESR1,
    IS_GERMLINE,
    IS_SOMATIC,
    OPEN,
    VUS,
    check_beside_breast_cancer,
)

PIK3CA, TP53, KRAS, PTEN = ("8975", "PIK3CA"), ("11998", "TP53"), ("6407", "KRAS"), ("9588", "PTEN")
STUDIED = region(BRCA1, BRCA2, source=GERMLINE)
ONLY_BRCA2 = {"BRCA2": "none"}
BOTH = {"BRCA1": "none", "BRCA2": "none"}
LIKELY = component("48002-0", (LOINC, "LA18194-3", "Likely germline"))
SECOND_GENE = component("48018-6", (HGNC, *BRCA2))
MOTHER = {"focus": [{"reference": "RelatedPerson/mother"}]}


def report(name: str, *results: str) -> Resource:
    listed = [{"reference": f"Observation/{one}"} for one in results]
    kind = {"resourceType": "DiagnosticReport", "id": name, "status": "final"}
    return {**kind, "code": {"text": "Genetic testing panel"}, "result": listed}


def named(text: str, **more: Any) -> Resource:
    gene = component("48018-6", {"valueCodeableConcept": {"text": text}})
    return observation("69548-6", PRESENT, component=[gene, IS_GERMLINE], **more)


def implied(part: Resource, **more: Any) -> Resource:
    told = observation("", component=[part], derivedFrom=[{"reference": "Observation/v1"}])
    return {**told, "id": "i1", "code": {"text": "Diagnostic implication"}, **more}


def changed(gene: tuple[str, str], kind: str, *parts: Resource) -> Resource:
    told = component("48019-4", (LOINC, kind, ""))
    return variant(gene, PRESENT, IS_SOMATIC, told, *parts)


HARMFUL = variant(BRCA1, PRESENT, IS_GERMLINE, id="v1")
LEFT_OPEN = [
    ("inherited", ONLY_BRCA2, [STUDIED, variant(BRCA1)]),
    ("inherited", ONLY_BRCA2, [STUDIED, variant(BRCA1, PRESENT, LIKELY)]),
    ("inherited", ONLY_BRCA2, [STUDIED, {**HARMFUL, "status": "preliminary"}]),
    ("inherited", ONLY_BRCA2, [STUDIED, {**HARMFUL, "status": "registered"}]),
    ("inherited", OPEN, [STUDIED, variant(BRCA1, PRESENT, IS_GERMLINE, SECOND_GENE)]),
    ("inherited", ONLY_BRCA2, [STUDIED, {**HARMFUL, "code": {"text": "Germline variant"}}]),
    ("inherited", ONLY_BRCA2, [STUDIED, variant(BRCA1, "c.68_69del", IS_GERMLINE)]),
    ("inherited", OPEN, [STUDIED, named("BRCA1 gene")]),
    ("inherited", OPEN, [STUDIED, observation("69548-6", PRESENT, component=[IS_GERMLINE])]),
    ("inherited", BOTH, [STUDIED, named("CHEK9")]),
    ("inherited", BOTH, [STUDIED, variant(TP53, PRESENT, IS_SOMATIC)]),
    ("inherited", BOTH, [STUDIED, variant(BRCA1, PRESENT, IS_SOMATIC)]),
    ("inherited", BOTH, [STUDIED, {**HARMFUL, "status": "entered-in-error"}]),
    (
        "inherited",
        OPEN,
        [
            variant(BRCA1, ABSENT, IS_GERMLINE, id="v1"),
            variant(BRCA1, "c.68_69del", IS_GERMLINE, id="v2"),
        ],
    ),
]
TOGETHER = [
    (
        "tumor",
        {"ESR1": "none", "PIK3CA": "none"},
        [
            region(ESR1, source=SOMATIC, id="r1"),
            variant(PIK3CA, ABSENT, IS_SOMATIC, id="v1"),
            report("a", "r1"),
            report("b", "v1"),
        ],
    ),
    (
        "tumor",
        {"ESR1": "none", "PIK3CA": "not_tested"},
        [
            region(ESR1, source=SOMATIC, id="r1"),
            variant(PIK3CA, ABSENT, IS_SOMATIC, id="v1"),
            report("a", "r1", "v1"),
        ],
    ),
    (
        "tumor",
        {
            "ESR1": {"result": "none", "on": "2024-01"},
            "PIK3CA": {"result": "none", "on": "2026-01"},
        },
        [
            region(ESR1, source=SOMATIC, effectiveDateTime="2024-01-01"),
            variant(PIK3CA, ABSENT, IS_SOMATIC, on="2026-01-01"),
        ],
    ),
]
PATHOGENIC = (LOINC, "LA6668-3", "Pathogenic")
LIKELY_SO = (LOINC, "LA26332-9", "Likely pathogenic")
MEANINGS = [
    ("inherited", {"BRCA1": "mutation"}, [variant(BRCA1, PATHOGENIC, IS_GERMLINE)]),
    ("inherited", {"BRCA1": "mutation"}, [variant(BRCA1, LIKELY_SO, IS_GERMLINE)]),
    ("inherited", {"BRCA1": "uncertain"}, [variant(BRCA1, "VUS", IS_GERMLINE)]),
    ("inherited", OPEN, [variant(BRCA1, "Benign", IS_GERMLINE)]),
    ("inherited", OPEN, [variant(BRCA1, "Not pathogenic", IS_GERMLINE)]),
    ("inherited", OPEN, [variant(BRCA1, (LOINC, "LA6668-3", "Not pathogenic"), IS_GERMLINE)]),
    ("inherited", OPEN, [variant(BRCA1, PATHOGENIC, IS_GERMLINE, BENIGN)]),
    ("inherited", {"BRCA1": "mutation"}, [HARMFUL]),
    ("inherited", {"BRCA1": "uncertain"}, [HARMFUL, implied(VUS)]),
    ("inherited", OPEN, [HARMFUL, implied(BENIGN)]),
    ("inherited", OPEN, [HARMFUL, implied(BENIGN, status="preliminary")]),
    ("inherited", {"BRCA1": "mutation"}, [HARMFUL, implied(BENIGN, status="entered-in-error")]),
    ("tumor", OPEN, [changed(PTEN, "LA6692-3")]),
    ("tumor", OPEN, [changed(("3430", "ERBB2"), "LA6686-5")]),
    ("tumor", OPEN, [changed(PTEN, "LA6692-3", component("48004-6", "c.80-1_1026+1del"))]),
    (
        "tumor",
        {"PTEN": "mutation"},
        [changed(PTEN, "LA6692-3", component("48004-6", "NM_000314.8:c.955_958del"))],
    ),
    ("tumor", {"PTEN": "mutation"}, [changed(PTEN, "LA6690-7")]),
    ("tumor", OPEN, [variant(PTEN, PRESENT, IS_SOMATIC, component("48019-4", "Copy number loss"))]),
]
FOCUSED = [
    ("inherited", OPEN, [{**HARMFUL, **MOTHER}]),
    ("er", OPEN, [observation(ER, NEGATIVE, **MOTHER)]),
    ("er", OPEN, [observation(ER, NEGATIVE, focus=[{"reference": "Condition/elsewhere"}])]),
    ("er", OPEN, [observation(ER, NEGATIVE, focus=[{"display": "Mother"}])]),
    ("er", "negative", [observation(ER, NEGATIVE, focus=[{"reference": "Patient/p1"}])]),
    ("er", "negative", [observation(ER, NEGATIVE, focus=[{"reference": "Condition/c1"}])]),
]


@pytest.mark.parametrize(
    ("key", "expected", "resources"), [*LEFT_OPEN, *TOGETHER, *MEANINGS, *FOCUSED]
)
def test_beside_a_breast_cancer(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    if expected is OPEN:
        draft = read(rulebook, patient(), condition(), *resources)
        assert key not in draft.answers
        assert len(draft.unused) >= 1
    else:
        check_beside_breast_cancer(rulebook, key, expected, resources)


SUSCEPTIBLE = ("http://hl7.org/fhir/sid/icd-10-cm", "Z15.01", "")
NAMED = [
    ({"BRCA1": "mutation"}, "BRCA1 gene mutation positive in female", [SUSCEPTIBLE]),
    ({"BRCA1": "mutation"}, "BRCA1 positive", [SUSCEPTIBLE]),
    ({"BRCA": "mutation"}, "BRCA positive", [SUSCEPTIBLE]),
    (OPEN, "BRCA1 positive", []),
    ({"PALB2": "mutation"}, "Monoallelic mutation of PALB2 gene", []),
    ({"CHEK2": "mutation"}, "Carrier of CHEK2 gene mutation", []),
    ({"LYNCH": "mutation"}, "Lynch syndrome (disorder)", []),
    (OPEN, "BRCA2 gene mutation positive (finding)", []),
    (OPEN, "Somatic BRCA2 mutation", []),
    (OPEN, "Monoallelic mutation of BRCA1 and BRCA2 genes", []),
    (OPEN, "Monoallelic mutation of MTHFR gene", []),
    (OPEN, "Family history of BRCA1 gene mutation", [SUSCEPTIBLE]),
    (OPEN, "BRCA1 gene mutation negative", [SUSCEPTIBLE]),
    (OPEN, "Genetic susceptibility to malignant neoplasm of breast", [SUSCEPTIBLE]),
]


@pytest.mark.parametrize(("expected", "text", "codes"), NAMED)
def test_a_mutation_among_the_diagnoses_counts_where_it_is_said_to_be_inherited(
    expected: Any, text: str, codes: list[tuple[str, str, str]], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), {**condition(), "code": concept(*codes, text=text)})
    assert draft.answers.get("inherited") == expected
    assert "cancer" not in draft.answers
    if expected is OPEN:
        assert any(text.partition(" (")[0] in one.what for one in draft.unused)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Breast cancer, BRCA1 positive", OPEN),
        ("Breast cancer, BRCA1 germline mutation", {"BRCA1": "mutation"}),
    ],
)
def test_a_gene_beside_the_name_of_the_cancer(text: str, expected: Any, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), condition("", text))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert draft.answers.get("inherited") == expected
    assert (expected is OPEN) == any("inherited or found" in one.why for one in draft.unused)


def test_a_mutation_among_the_diagnoses_wins_over_the_list_of_what_was_tested(
    rulebook: Rulebook,
) -> None:
    told = {**condition(), "code": concept(SUSCEPTIBLE, text="BRCA1 gene mutation positive")}
    draft = read(rulebook, patient(), told, region(BRCA1, BRCA2, source=GERMLINE))
    assert draft.answers["inherited"] == {"BRCA1": "mutation", "BRCA2": "none"}


OF_COLON = {"focus": [{"reference": "Condition/c2"}]}
OF_BREAST = {"focus": [{"reference": "Condition/c1"}]}


@pytest.mark.parametrize(
    ("expected", "result"),
    [
        (OPEN, observation("62862-8", "MSI-H", **OF_COLON)),
        (OPEN, observation("62862-8", "MSI-H")),
        ({"MSI_H": "positive"}, observation("62862-8", "MSI-H", **OF_BREAST)),
        (OPEN, variant(KRAS, PRESENT, IS_SOMATIC, **OF_COLON)),
        (OPEN, region(ESR1, source=SOMATIC, **OF_COLON)),
        ({"ESR1": "mutation"}, variant(ESR1, **OF_BREAST)),
    ],
)
def test_what_the_tumor_of_another_cancer_has_is_not_the_main_cancers(
    expected: Any, result: Resource, rulebook: Rulebook
) -> None:
    over = concept(("", "resolved", ""))
    colon = condition("363406005", "Malignant neoplasm of colon", id="c2", clinicalStatus=over)
    draft = read(rulebook, patient(), condition(), colon, result)
    assert draft.answers.get("tumor") == expected
    inherited = variant(BRCA1, PRESENT, IS_GERMLINE, **OF_COLON)
    draft = read(rulebook, patient(), condition(), colon, inherited)
    assert draft.answers["inherited"] == {"BRCA1": "mutation"}
