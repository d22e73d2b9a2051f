"""Grounded: nobody is asked about a cancer that they did not name."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.planning.grounded import is_grounded
from matcher.core.rulebook import Rulebook

BREAST: dict[str, Any] = {"cancer_status": "now", "cancer": ("breast",)}
PROSTATE: dict[str, Any] = {"cancer_status": "now", "cancer": ("prostate", "unknown")}


@pytest.mark.parametrize(
    ("key", "given", "grounded"),
    [
        ("er", BREAST, True),
        ("er", PROSTATE, False),
        ("er", {"cancer": ("unknown",)}, False),
        ("er", {}, False),
        ("extent", PROSTATE, True),
        ("extent", {"cancer_status": "past"}, True),
        ("extent", {}, False),
        ("main_cancer", PROSTATE, False),
        ("main_cancer", {"cancer": ("breast", "ovarian")}, True),
        ("lines", BREAST, False),
        ("lines", {**BREAST, "extent": "metastatic"}, True),
        ("cancer", {}, True),
        ("age", {}, True),
    ],
)
def test_a_question_takes_for_granted_only_what_was_told(
    rulebook: Rulebook, key: str, given: dict[str, Any], grounded: bool
) -> None:
    assert is_grounded(rulebook.attributes[key], Answers(given)) is grounded
