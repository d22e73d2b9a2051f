"""Results that stand inside a report are read as if they were entries of their own."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    ABSENT,
    POSITIVE,
    PRESENT,
    Resource,
    condition,
    observation,
    patient,
    read,
    region,
    variant,
)
from tests.records.fhir.parts import BRCA1, BRCA2, ER, OPEN


def report(text: str, *results: Resource, **more: Any) -> Resource:
    """A report that holds its results; these say nothing of the person."""
    inside = [
        {key: value for key, value in one.items() if key != "subject"} | {"id": f"r{number}"}
        for number, one in enumerate(results)
    ]
    return {
        "resourceType": "DiagnosticReport",
        "id": "dr",
        "status": "final",
        "code": {"text": text},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-02-02",
        "contained": [*inside, {"resourceType": "Specimen", "id": "tissue"}],
        "result": [{"reference": f"#{one['id']}"} for one in inside],
        **more,
    }


GERMLINE_PANEL = "Hereditary cancer panel, germline"
CASES = [
    ("er", "positive", report("Pathology", observation(ER, POSITIVE))),
    ("er", OPEN, report("Pathology", observation(ER, POSITIVE, status="preliminary"))),
    (
        "er",
        OPEN,
        report("Pathology", observation(ER, POSITIVE), subject={"reference": "Patient/other"}),
    ),
    ("er", OPEN, report("Pathology", observation(ER, POSITIVE), status="entered-in-error")),
    *(
        ("er", OPEN, report("Pathology", observation(ER, POSITIVE), status=status))
        for status in ("preliminary", "registered", "cancelled", "unknown")
    ),
    (
        "er",
        "positive",
        report("Pathology", observation(ER, POSITIVE), status="partial"),
    ),
    (
        "inherited",
        {"BRCA2": {"result": "mutation", "on": "2024-02"}},
        report(GERMLINE_PANEL, variant(BRCA2)),
    ),
    (
        "inherited",
        {
            "BRCA1": {"result": "none", "on": "2024-02"},
            "BRCA2": {"result": "mutation", "on": "2023-01"},
        },
        report(GERMLINE_PANEL, region(BRCA1, BRCA2), variant(BRCA2, PRESENT, on="2023-01-05")),
    ),
    ("inherited", OPEN, report("Panel", variant(BRCA2, ABSENT))),
]


@pytest.mark.parametrize(("key", "expected", "resource"), CASES)
@pytest.mark.parametrize("name", ["dr", ""])
def test_a_result_within_a_report(
    key: str, expected: Any, resource: Resource, name: str, rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), condition(), {**resource, "id": name})
    assert draft.answers.get(key) == expected
    if expected is OPEN:
        assert sum(one.what.startswith("Observation") for one in draft.unused) == 1


THEIRS = {"reference": "#sister"}
OWN = {"reference": "Condition/c1"}


@pytest.mark.parametrize(
    ("expected", "focus", "own"),
    [
        ("positive", None, None),
        ("positive", [OWN], None),
        (OPEN, [THEIRS], None),
        (OPEN, [THEIRS], [OWN]),
        (OPEN, None, [THEIRS]),
        (OPEN, [OWN], [THEIRS]),
    ],
)
def test_what_a_panel_is_about_its_results_are_about(
    expected: Any, focus: Any, own: Any, rulebook: Rulebook
) -> None:
    result = {**observation(ER, POSITIVE, id="r"), **({"focus": own} if own else {})}
    sister = {"resourceType": "RelatedPerson", "id": "sister"}
    panel = observation("", display="Receptor panel", id="panel", contained=[result, sister])
    panel["hasMember"] = [{"reference": "#r"}]
    told = {**panel, **({"focus": focus} if focus else {})}
    assert read(rulebook, patient(), condition(), told).answers.get("er") == expected


def test_the_reports_of_two_people_keep_their_results_apart(rulebook: Rulebook) -> None:
    theirs = report("Pathology", observation(ER, POSITIVE), subject={"reference": "Patient/p2"})
    draft = read(rulebook, patient(), condition(), {**theirs, "id": "dr2"})
    assert "er" not in draft.answers
