"""Age found: how old the person was when the main cancer was found."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.records.fhir.findings import Findings, Place
from matcher.records.fhir.nodes import Node, node, word
from matcher.records.fhir.patient import ELDEST, age_on
from matcher.records.fhir.record import Record, read_date
from matcher.records.fhir.standings import diagnosed_on

KEY = "age_at_diagnosis"


def read_age_found(
    record: Record, diagnoses: Iterable[tuple[Place, Node]], found: Findings
) -> None:
    """Read the age where all diagnoses of the main cancer that tell of it agree."""
    birth = read_date(record.patient[1].get("birthDate")) if record.patient else None
    ages: set[int | None] = set()
    told = None
    for place, resource in diagnoses:
        day = diagnosed_on(resource)
        years = node(resource, "onsetAge")
        if day is not None:
            ages.add(age_on(birth, day) if birth is not None and birth <= day else None)
        elif isinstance(years.get("value"), int) and word(years, "code") in ("a", "y", "year"):
            ages.add(years["value"])
        elif any(key.startswith("onset") for key in resource):
            ages.add(None)
        else:
            continue
        told = Place(place.number, f"{place.what}: when it was found")
    if told is None:
        return
    age = ages.pop() if len(ages) == 1 else None
    if age is None or not 0 <= age <= ELDEST:
        found.skip(told, "diagnosis_date_open")
        return
    found.use(told, KEY, age)
    found.put(KEY, age)
