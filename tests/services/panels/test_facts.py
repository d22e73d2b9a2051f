"""Facts: the single answers of a profile, and the same answers made of them again."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.panels.facts import answers_of, changed_units, good_for, units_of
from matcher.services.panels.profile import Fact
from tests.services.panels.clinic import ANSWERS

MONTHS = {
    "er": 12,
    "pr": 12,
    "her2": 12,
    "triple_negative": 12,
    "extent": 12,
    "treatments_now": 12,
    "tumor.ESR1": 6,
}


def test_answers_come_apart_and_together_again() -> None:
    units = units_of(ANSWERS)
    assert list(units) == ["cancer", "cancer_status", "er", "tumor.ESR1", "tumor.PIK3CA"]
    assert answers_of(units) == ANSWERS
    assert units_of({"er": "unknown", "pr": None, "cancer": [], "tumor": {"ESR1": ""}}) == {}


def test_a_list_in_another_order_is_the_same() -> None:
    assert changed_units({"cancer": ["a", "b"]}, {"cancer": ["b", "a"]}) == ()
    assert changed_units({"er": "low", "age": 5}, {"er": "positive"}) == ("age", "er")


@pytest.mark.parametrize(
    ("on", "day"),
    [("2026-03-17", (2026, 3, 17)), ("2026-03", (2026, 3, 1)), ("2026", (2026, 1, 1))],
)
def test_a_date_that_is_not_whole_counts_as_its_earliest_day(
    on: str, day: tuple[int, int, int]
) -> None:
    assert Fact("report", on, "2026-12-01T09:00:00+00:00").found_on == date(*day)
    assert Fact("told", None, "2026-12-01T09:00:00+00:00").found_on == date(2026, 12, 1)


def test_the_shipped_rules_say_how_long_a_fact_is_good_for(rulebook: Rulebook) -> None:
    units = [
        unit
        for key, attribute in rulebook.attributes.items()
        for unit in (
            [f"{key}.{option.value}" for option in attribute.options]
            if attribute.kind == "results"
            else [key]
        )
    ]
    found = {unit: months for unit in units if (months := good_for(rulebook, unit))}
    assert found == MONTHS
    assert good_for(rulebook, "nothing.here") is None
