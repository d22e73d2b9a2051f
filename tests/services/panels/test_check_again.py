"""Facts: when an answer is to be checked again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.panels.facts import check_again
from matcher.services.panels.profile import (
    Fact,
    PersonProfile,
)
from tests.services.panels.clinic import NOW

LATER = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("unit", "on", "old"),
    [
        ("tumor.ESR1", "2026-06", False),
        ("tumor.ESR1", "2026-05", True),
        ("tumor.ESR1", None, False),
        ("tumor.PIK3CA", "2001", False),
        ("er", "2025-12-31", False),
        ("er", "2025-11", True),
        ("er", "2025", True),
        ("inherited.BRCA2", "1999", False),
        ("treatments_now", "2025-11-30", True),
        ("extent", "2025-12", False),
        ("age", "2001", False),
    ],
)
def test_a_fact_is_checked_again_when_the_rules_say_so(
    rulebook: Rulebook, unit: str, on: str | None, old: bool
) -> None:
    values = {
        "tumor.ESR1": {"tumor": {"ESR1": "none"}},
        "tumor.PIK3CA": {"tumor": {"PIK3CA": "none"}},
        "inherited.BRCA2": {"inherited": {"BRCA2": "none"}},
        "treatments_now": {"treatments_now": ["tamoxifen"]},
        "er": {"er": "positive"},
        "extent": {"extent": "early"},
        "age": {"age": 50},
    }
    profile = PersonProfile(values[unit], {unit: Fact("told", on, NOW.isoformat())})
    found = check_again(profile, rulebook, today=date(2026, 12, 1))
    assert found == ((unit,) if old else ())
