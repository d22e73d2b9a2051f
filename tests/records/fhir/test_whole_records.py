"""Whole records: what they become, and that nothing of them is dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft
from matcher.records.fhir import read_bundle
from tests.records.fhir.bundles import TODAY, bundle, read, read_all
from tests.records.fhir.stories import METASTATIC_ANSWERS, metastatic_reader

SHARED = Path(__file__).resolve().parents[4] / "shared/data/records/mcode-patient-1.json"


def test_the_reader_of_the_review(rulebook: Rulebook) -> None:
    draft = read(rulebook, *metastatic_reader())
    assert draft.answers == METASTATIC_ANSWERS
    assert draft.clashes == ()


def test_every_resource_is_in_the_report(rulebook: Rulebook) -> None:
    for left in range(len(metastatic_reader())):
        resources = metastatic_reader()
        resources.insert(left, {"resourceType": "CarePlan", "id": f"x{left}"})
        draft = read(rulebook, *resources)
        kinds = [one.what.split(":")[0] for one in (*draft.used, *draft.unused)]
        for kind in {one["resourceType"] for one in resources}:
            count = sum(one["resourceType"] == kind for one in resources)
            assert kinds.count(kind) >= count, kind


def test_reasons_are_told_in_spanish(rulebook: Rulebook) -> None:
    content = bundle(*metastatic_reader())
    (draft,) = read_bundle(content, rulebook, source="f", today=TODAY, language="es")
    assert isinstance(draft, Draft)
    assert any("No se guardan nombres" in one.why for one in draft.unused)


@pytest.mark.skipif(not SHARED.exists(), reason="the real record is not here")
def test_the_real_record(rulebook: Rulebook) -> None:
    (draft,) = read_all(rulebook, SHARED.read_bytes())
    assert isinstance(draft, Draft)
    told = {**draft.answers}
    now = set(told.pop("treatments_now"))
    expected = {**METASTATIC_ANSWERS}
    assert now == set(expected.pop("treatments_now"))
    assert told == expected
    assert draft.dates["treatments_now"] == "2019-04-01"
    assert [one.what for one in draft.unused] == ["Patient", "Observation: LOINC 89247-1 = 1"]
