"""Bundles of made-up people, built part by part as hospital systems write them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft, Refusal
from matcher.records.fhir import read_bundle

TODAY = date(2026, 12, 1)
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
HGNC = "http://www.genenames.org/geneId"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
Resource = dict[str, Any]

POSITIVE = (SNOMED, "10828004", "Positive (qualifier value)")
NEGATIVE = (SNOMED, "260385009", "Negative (qualifier value)")
PRESENT = (LOINC, "LA9633-4", "Present")
ABSENT = (LOINC, "LA9634-2", "Absent")
SOMATIC = (LOINC, "LA6684-0", "Somatic")
GERMLINE = (LOINC, "LA6683-2", "Germline")


def concept(*codings: tuple[str, str, str], text: str = "") -> Resource:
    """A CodeableConcept of (system, code, display); empty parts are left out."""
    names = ("system", "code", "display")
    told = [{n: v for n, v in zip(names, one, strict=True) if v} for one in codings]
    return {**({"coding": told} if told else {}), **({"text": text} if text else {})}


def patient(**more: Any) -> Resource:
    """A woman of 67."""
    return {
        "resourceType": "Patient",
        "id": "p1",
        "gender": "female",
        "birthDate": "1959-01-01",
        **more,
    }


def condition(
    code: str = "254837009", display: str = "Malignant neoplasm of breast", **more: Any
) -> Resource:
    """A confirmed, active diagnosis; breast cancer unless told otherwise."""
    return {
        "resourceType": "Condition",
        "id": "c1",
        "code": concept((SNOMED, code, display)),
        "clinicalStatus": concept(("", "active", "")),
        "verificationStatus": concept(("", "confirmed", "")),
        "subject": {"reference": "Patient/p1"},
        **more,
    }


def secondary(code: str, display: str, *, of: str | None = "c1", **more: Any) -> Resource:
    """A secondary cancer of a primary one."""
    url = f"{MCODE}related-primary-cancer-condition"
    told = [{"url": url, "valueReference": {"reference": f"Condition/{of}"}}] if of else []
    profile = {"profile": [f"{MCODE}secondary-cancer-condition"]}
    return condition(code, display, id=f"s{code}", meta=profile, extension=told, **more)


def observation(
    code: str, value: Any = None, *, display: str = "", on: str | None = None, **more: Any
) -> Resource:
    """A final result with a LOINC code; `value` is a coding, a text, or a whole value field."""
    resource = {
        "resourceType": "Observation",
        "id": f"o{code}{on or ''}",
        "status": "final",
        "code": concept((LOINC, code, display)),
        "subject": {"reference": "Patient/p1"},
        **({"effectiveDateTime": on} if on else {}),
    }
    return {**resource, **_value(value), **more}


def component(code: str, value: Any, display: str = "") -> Resource:
    """One part of a result."""
    return {"code": concept((LOINC, code, display)), **_value(value)}


def variant(
    gene: tuple[str, str],
    value: Any = PRESENT,
    *parts: Resource,
    on: str | None = None,
    **more: Any,
) -> Resource:
    """A result about one gene (HGNC code, symbol)."""
    told = component("48018-6", (HGNC, *gene))
    return observation("69548-6", value, on=on, component=[told, *parts], **more)


def region(*genes: tuple[str, str], source: Any = None, **more: Any) -> Resource:
    """Which genes were tested, and where if the record says so."""
    told = [component("48018-6", (HGNC, *gene)) for gene in genes]
    where = [component("48002-0", source)] if source else []
    return observation("53041-0", None, component=[*told, *where], **more)


def statement(drug: str, status: str = "active", on: str | None = None, **more: Any) -> Resource:
    """A statement that a medicine is or was taken."""
    return {
        "resourceType": "MedicationStatement",
        "id": f"m{drug[:5]}{status}{on or ''}",
        "status": status,
        "medicationCodeableConcept": concept(("", "1", drug)),
        "subject": {"reference": "Patient/p1"},
        **({"effectiveDateTime": on} if on else {}),
        **more,
    }


def order(drug: str, status: str = "active", on: str | None = None, **more: Any) -> Resource:
    """An order of a medicine."""
    told = statement(drug, status, **more)
    told["resourceType"], told["intent"] = "MedicationRequest", told.get("intent", "order")
    return {**told, **({"authoredOn": on} if on else {})}


def procedure(display: str, status: str = "completed", **more: Any) -> Resource:
    """Something that was done."""
    return {
        "resourceType": "Procedure",
        "id": f"pr{display[:8]}",
        "status": status,
        "code": concept(("", "1", display)),
        "subject": {"reference": "Patient/p1"},
        **more,
    }


def bundle(*resources: Resource, kind: str = "collection") -> bytes:
    """The file of a bundle."""
    entries = [
        {"fullUrl": f"urn:uuid:{one.get('id', n)}", "resource": one}
        for n, one in enumerate(resources)
    ]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()


def read(book: Rulebook, *resources: Resource) -> Draft:
    """The one draft that the resources become."""
    drafts = read_all(book, bundle(*resources))
    assert len(drafts) == 1
    assert isinstance(drafts[0], Draft)
    return drafts[0]


def read_all(book: Rulebook, content: bytes) -> list[Draft | Refusal]:
    """All that a file becomes."""
    return list(read_bundle(content, book, source="file.json", today=TODAY))


def _value(value: Any) -> Resource:
    if value is None:
        return {}
    if isinstance(value, tuple):
        return {"valueCodeableConcept": concept(value)}
    if isinstance(value, str):
        return {"valueString": value}
    assert isinstance(value, dict)
    return value
