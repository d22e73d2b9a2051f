"""Refused profiles: what is wrong is named with its key, its value and what is allowed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import ProfileError, read_profile


def faults(rulebook: Rulebook, data: object) -> list[tuple[str, Any, str]]:
    with pytest.raises(ProfileError) as caught:
        read_profile(data, rulebook)
    for fault in caught.value.faults:
        assert f"{fault.path}: {fault.problem}" in str(caught.value)
        assert isinstance(fault.allowed, tuple)
    return [(fault.path, fault.value, fault.problem) for fault in caught.value.faults]


WRONG: dict[str, list[Any]] = {
    "er": ["positiv", "Positive", "positive ", "yes", 1, 1.5, True, False, ["positive"], {"a": 1}],
    "stage": [4, 0, "5", "IV", "04"],
    "recurrent": ["maybe", "true", True, False, 1, ["yes"], {"result": "yes"}],
    "age": [-1, 121, 50.0, 50.5, "50", "fifty", True, [50], {"min": 5}, 10**400, float("nan"),
            float("inf")],
    "lines": [21, -1, False, "0"],
    "cancer": ["breast", 5, True, {"breast": True}],
    "inherited": ["BRCA1", ["BRCA1"], 7, True],
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, vs in WRONG.items() for v in vs])
def test_wrong_values_are_refused_with_key_and_value(
    rulebook: Rulebook, key: str, value: Any
) -> None:
    ((path, shown, problem),) = faults(rulebook, {"answers": {key: value}})
    assert path == f"answers.{key}"
    assert problem.startswith(("must be", "is not a known value"))
    if isinstance(value, str | bool) or (isinstance(value, int) and value < 10**15):
        assert shown == value
    else:
        assert len(str(shown)) < 100
    json.dumps(shown, allow_nan=False)


def test_what_is_allowed_is_told(rulebook: Rulebook) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": {"er": "positiv"}}, rulebook)
    assert caught.value.faults[0].allowed == ("positive", "low", "negative", "unknown", "declined")
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": {"age": 121}}, rulebook)
    assert caught.value.faults[0].allowed == ("0–120", "unknown", "declined")
    assert caught.value.faults[0].problem == "must be a whole number from 0 to 120"
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": {"recurrent": "maybe"}}, rulebook)
    assert caught.value.faults[0].allowed[:2] == ("yes", "no")
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": {"tumor": {"ESR1": "positive"}}}, rulebook)
    assert "positive" not in caught.value.faults[0].allowed
    assert "mutation" in caught.value.faults[0].allowed


@pytest.mark.parametrize(
    ("answers", "path", "problem"),
    [
        ({"cancer": ["breast", "lung"]}, "answers.cancer[1]", "is not a known value"),
        ({"cancer": [None]}, "answers.cancer[0]", "must be a text"),
        ({"cancer": ["breast", ["ovarian"]]}, "answers.cancer[1]", "must be a text"),
        ({"treatments": ["none", "surgery"]}, "answers.treatments", "'none' cannot stand"),
        ({"treatments": ["none", "unknown"]}, "answers.treatments", "'none' cannot stand"),
        ({"cancer": ["declined", "breast"]}, "answers.cancer", "'declined' cannot stand"),
        ({"inherited": {"BRCA9": "none"}}, "answers.inherited.BRCA9", "is not a known gene"),
        ({"inherited": {"ESR1": "none"}}, "answers.inherited.ESR1", "is not a known gene"),
        ({"inherited": {"BRCA1": "positive"}}, "answers.inherited.BRCA1", "is not a known value"),
        ({"inherited": {"BRCA1": "yes"}}, "answers.inherited.BRCA1", "is not a known value"),
        ({"inherited": {"BRCA1": 1}}, "answers.inherited.BRCA1", "must be a text"),
        ({"inherited": {"BRCA1": ["none"]}}, "answers.inherited.BRCA1", "must be a text"),
        ({"tumor": {"ESR1": {"result": 1}}}, "answers.tumor.ESR1", "must be a text"),
        ({"tumor": {"ESR1": {"result": {}, "of": 1}}}, "answers.tumor.ESR1", "unknown key 'of'"),
        ({"tumor": {"ESR1": {"result": "none", "on": "2026-"}}}, "answers.tumor.ESR1.on", "month"),
        ({"pregnancy": "yes"}, "answers.pregnancy", "unknown key"),
        ({"er.x": None}, "answers.er.x", "unknown key"),
        ({"": 1}, "answers.", "unknown key"),
    ],
)
def test_what_is_wrong_inside_is_named(
    rulebook: Rulebook, answers: dict[str, Any], path: str, problem: str
) -> None:
    ((told, _, what),) = faults(rulebook, {"answers": answers})
    assert told == path
    assert problem in what


@pytest.mark.parametrize(
    "on",
    ["2026-13", "2026-00", "2026-3", "26-03", "March 2026", "2026/03", "2026-03-32",
     2026, 202603, ["2026-03"], {"year": 2026}, True, "1899-01", "2126-01", "1899",
     "2126", "26", "2026\n", "２０２６-03",
     "2026-03\n", " 2026-03"],
    ids=repr,
)  # fmt: skip
def test_dates_that_are_none_are_refused(rulebook: Rulebook, on: Any) -> None:
    answers = {"answers": {"tumor": {"ESR1": {"result": "none", "on": on}}}}
    ((path, _, problem),) = faults(rulebook, answers)
    assert path == "answers.tumor.ESR1.on"
    assert problem == "must be a month or a year"


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (None, ""), ([], ""), ("", ""), (5, ""), ([{"answers": {}}], ""), ({}, "answers"),
        ({"answers": []}, "answers"), ({"answers": ""}, "answers"),
        ({"answers": "unknown"}, "answers"), ({"answers": 1}, "answers"),
        ({"er": "low"}, "er"), ({"answers": {}, "name": "A"}, "name"),
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused(rulebook: Rulebook, data: object, path: str) -> None:
    assert faults(rulebook, data)[0][0] == path


def test_all_faults_are_told_at_once(rulebook: Rulebook) -> None:
    data = {
        "name": "A",
        "answers": {
            "er": "positiv",
            "age": 500,
            "cancer": ["lung", "breast", "bones"],
            "inherited": {"BRCA9": "none", "BRCA1": "maybe", "ATM": {"on": "soon"}},
            "nothing": 1,
            "her2": "low",
        },
    }
    told = [path for path, _, _ in faults(rulebook, data)]
    assert sorted(told) == [
        "answers.age",
        "answers.cancer[0]",
        "answers.cancer[2]",
        "answers.er",
        "answers.inherited.ATM.on",
        "answers.inherited.BRCA1",
        "answers.inherited.BRCA9",
        "answers.nothing",
        "name",
    ]
