"""Stages and nodes where several diagnoses or results could be meant."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import Resource, concept, condition, observation, patient, read
from tests.records.fhir.parts import OPEN, stage

OVER = concept(("", "resolved", ""))
LEFT = condition(display="Malignant neoplasm of left breast", id="l", clinicalStatus=OVER)
RIGHT = condition(display="Malignant neoplasm of right breast", id="r")
IN_SITU = condition("86616005", "Intraductal carcinoma in situ of breast")


def of(name: str) -> Resource:
    return {"focus": [{"reference": f"Condition/{name}"}]}


def nodes(count: int, on: str | None, name: str) -> Resource:
    return observation("21893-3", {"valueInteger": count}, on=on, id=name)


CASES = [
    ("stage", OPEN, [LEFT, RIGHT, stage("III", **of("l"))]),
    ("stage", OPEN, [LEFT, RIGHT, stage("III")]),
    ("stage", "2", [LEFT, RIGHT, stage("II", **of("r"))]),
    ("stage", "3", [LEFT, stage("III", **of("l"))]),
    ("stage", OPEN, [{**LEFT, "stage": [{"summary": {"text": "Stage III"}}]}, RIGHT]),
    ("stage", "2", [LEFT, {**RIGHT, "stage": [{"summary": {"text": "Stage II"}}]}]),
    ("stage", OPEN, [IN_SITU, stage("II")]),
    ("extent", OPEN, [IN_SITU, stage("II")]),
    ("extent", "in_situ", [IN_SITU, stage("0")]),
    ("stage", "0", [IN_SITU, stage("0")]),
    ("positive_nodes", 3, [RIGHT, nodes(3, "2025-02-01", "n"), nodes(0, "2025-01-01", "o")]),
    ("positive_nodes", OPEN, [RIGHT, nodes(3, None, "n"), nodes(0, None, "o")]),
    ("positive_nodes", 2, [RIGHT, nodes(2, None, "n")]),
]


@pytest.mark.parametrize(("key", "expected", "resources"), CASES)
def test_which_diagnosis_and_which_result(
    key: str, expected: Any, resources: list[Resource], rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), *resources)
    assert draft.answers.get(key) == expected


def test_a_stage_that_an_in_situ_cancer_cannot_have_is_a_contradiction(
    rulebook: Rulebook,
) -> None:
    draft = read(rulebook, patient(), IN_SITU, stage("II"))
    assert [(one.key, one.values) for one in draft.clashes] == [("stage", ("0", "2"))]
