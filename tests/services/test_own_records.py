"""A file of somebody's records never replaces an answer of theirs unless they say so."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.own_records import is_about_another, joined, others

GROWS: list[tuple[str, Any, Any, set[str]]] = [
    ("cancer", ["breast", "ovarian"], ["breast", "unknown"], {"breast", "ovarian"}),
    (
        *("treatments", ["surgery", "tamoxifen"], ["chemotherapy", "unknown"]),
        {"surgery", "tamoxifen", "chemotherapy", "unknown"},
    ),
    ("treatments", ["unknown"], ["surgery", "unknown"], {"surgery", "unknown"}),
]
OTHERS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"her2": "low"}, {"her2": "positive"}, "her2"),
    ({"er": "declined"}, {"er": "positive"}, "er"),
    ({"treatments": ["none"]}, {"treatments": ["surgery", "unknown"]}, "treatments"),
    ({"treatments": ["surgery", "unknown"]}, {"treatments": ["tamoxifen"]}, "treatments"),
    ({"tumor": {"ESR1": "none"}}, {"tumor": {"ESR1": "mutation"}}, "tumor.ESR1"),
    ({"tumor": "declined"}, {"tumor": {"ESR1": "mutation"}}, "tumor.ESR1"),
]


@pytest.mark.parametrize(("key", "mine", "theirs", "both"), GROWS)
def test_a_list_grows(rulebook: Rulebook, key: str, mine: Any, theirs: Any, both: set[str]) -> None:
    assert others({key: mine}, {key: theirs}, rulebook) == []
    assert set(joined({key: mine}, {key: theirs}, rulebook)[key]) == both


@pytest.mark.parametrize(("here", "found", "unit"), OTHERS)
def test_another_answer_stays_unless_the_files_is_taken(
    rulebook: Rulebook, here: dict[str, Any], found: dict[str, Any], unit: str
) -> None:
    assert [one.unit for one in others(here, found, rulebook)] == [unit]
    assert joined(here, found, rulebook) == here
    taken = joined(here, found, rulebook, taken=[unit])
    assert taken[unit.partition(".")[0]] == found[unit.partition(".")[0]]


def test_what_was_not_known_is_filled_in(rulebook: Rulebook) -> None:
    here = {"er": "unknown", "pr": "low", "tumor": {"PIK3CA": "none"}}
    found = {"er": "positive", "pr": "low", "tumor": {"ESR1": {"result": "none", "on": "2026"}}}
    assert others(here, found, rulebook) == []
    assert joined(here, found, rulebook) == {
        "er": "positive",
        "pr": "low",
        "tumor": {"PIK3CA": "none", "ESR1": {"result": "none", "on": "2026"}},
    }


def test_with_two_cancers_of_a_file_what_was_answered_stays_with_the_first(
    rulebook: Rulebook,
) -> None:
    here = {"cancer": ["breast"], "extent": "metastatic", "lines": 1}
    found = {"cancer": ["breast", "colorectal", "unknown"], "age": 50}
    assert joined(here, found, rulebook)["main_cancer"] == "breast"
    # Who said nothing about the first one is asked which is the main one.
    assert "main_cancer" not in joined({"cancer": ["breast"]}, found, rulebook)


def test_who_takes_another_cancer_for_theirs_takes_nothing_along(rulebook: Rulebook) -> None:
    here = {"cancer": ["breast"], "extent": "metastatic", "lines": 1, "age": 50}
    found = {"cancer": ["ovarian"], "stage": "2"}
    after = joined(here, found, rulebook, taken=["cancer"])
    assert after == {"cancer": ["ovarian"], "stage": "2", "age": 50}


def test_who_would_not_say_which_cancer_has_named_none(rulebook: Rulebook) -> None:
    here = {"cancer": ["declined"], "stage": "2"}
    found = {"cancer": ["colorectal", "unknown"]}
    assert "main_cancer" not in joined(here, found, rulebook, taken=["cancer"])


def test_the_stage_of_another_cancer_is_not_taken(rulebook: Rulebook) -> None:
    here = {"cancer": ["ovarian"]}
    found = {"cancer": ["breast", "unknown"], "main_cancer": "breast", "stage": "4", "age": 50}
    assert is_about_another(here, found, rulebook)
    after = joined(here, found, rulebook, taken=["main_cancer", "stage"])
    assert set(after.pop("cancer")) == {"breast", "ovarian", "unknown"}
    assert after == {"main_cancer": "ovarian", "age": 50}
    assert not is_about_another({"cancer": ["breast"]}, found, rulebook)
