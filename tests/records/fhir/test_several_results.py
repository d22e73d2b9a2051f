"""Several results about one thing: the newest final one, or a contradiction with its dates."""

from __future__ import annotations

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    ABSENT,
    GERMLINE,
    NEGATIVE,
    POSITIVE,
    PRESENT,
    component,
    condition,
    observation,
    patient,
    read,
    variant,
)

ER = "40556-3"


def test_the_newest_final_result_counts_and_the_older_stands_under_dates(
    rulebook: Rulebook,
) -> None:
    old = observation(ER, POSITIVE, on="2020-01-10")
    new = observation(ER, NEGATIVE, on="2024-06-01")
    draft = read(rulebook, patient(), condition(), new, old)
    assert draft.answers["er"] == "negative"
    assert draft.dates == {
        "er": "2024-06-01",
        "earlier": [{"key": "er", "value": "positive", "on": "2020-01-10"}],
    }
    assert draft.clashes == ()


def test_a_newer_preliminary_result_does_not_count(rulebook: Rulebook) -> None:
    old = observation(ER, POSITIVE, on="2020-01-10")
    new = observation(ER, NEGATIVE, on="2024-06-01", status="preliminary")
    draft = read(rulebook, patient(), condition(), new, old)
    assert draft.answers["er"] == "positive"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-06-01", "2024-06-01"),
        (None, "2024-06-01"),
        (None, None),
        ("2024", "2024-06-01"),
        ("2031-01-01", "2024-06-01"),
    ],
)
def test_without_an_order_of_dates_it_is_a_contradiction(
    first: str | None, second: str | None, rulebook: Rulebook
) -> None:
    one = observation(ER, POSITIVE, on=first, id="o1")
    other = observation(ER, NEGATIVE, on=second, id="o2")
    draft = read(rulebook, patient(), condition(), one, other)
    assert "er" not in draft.answers
    (clash,) = draft.clashes
    assert clash.key == "er"
    assert set(clash.values) == {"positive", "negative"}
    told = {on if on != "2031-01-01" else None for on in (first, second)}
    assert set(clash.dates) == told
    assert sum("disagree" in one.why for one in draft.unused) == 2


def test_her2_of_two_rounds(rulebook: Rulebook) -> None:
    old = [
        observation("85319-2", "3+", on="2015-03-01"),
    ]
    new = [
        observation("85319-2", "2+", on="2024-03-01"),
        observation("85318-4", "Not amplified", on="2024-03-20"),
    ]
    draft = read(rulebook, patient(), condition(), *old, *new)
    assert draft.answers["her2"] == "low"
    assert draft.dates["her2"] == "2024-03-20"


def test_a_positive_score_and_a_negative_fish_are_a_contradiction(rulebook: Rulebook) -> None:
    draft = read(
        rulebook,
        patient(),
        condition(),
        observation("85319-2", "3+", on="2024-03-01"),
        observation("85318-4", "Not amplified", on="2024-03-01"),
    )
    assert "her2" not in draft.answers
    assert [clash.key for clash in draft.clashes] == ["her2"]


def test_a_later_nothing_found_does_not_undo_an_inherited_mutation(rulebook: Rulebook) -> None:
    germline = component("48002-0", GERMLINE)
    old = variant(("1101", "BRCA2"), PRESENT, germline, on="2015-01-01")
    new = variant(("1101", "BRCA2"), ABSENT, germline, on="2020-01-01")
    draft = read(rulebook, patient(), condition(), old, new)
    assert "inherited" not in draft.answers
    (clash,) = draft.clashes
    assert clash.key == "inherited.BRCA2"
    told = set(zip(clash.values, clash.dates, strict=True))
    assert told == {("mutation", "2015-01-01"), ("none", "2020-01-01")}


def test_an_earlier_nothing_found_gives_way_to_a_mutation(rulebook: Rulebook) -> None:
    old = variant(("3467", "ESR1"), ABSENT, on="2022-01-01")
    new = variant(("3467", "ESR1"), PRESENT, on="2025-01-01")
    draft = read(rulebook, patient(), condition(), old, new)
    assert draft.answers["tumor"] == {"ESR1": {"result": "mutation", "on": "2025-01"}}
