"""Hostile profiles: refused in words, briefly and quickly, whatever they hold."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import MOST_FAULTS, ProfileError, read_profile


def nested(depth: int, inside: Any = "x") -> Any:
    for _ in range(depth):
        inside = [inside]
    return inside


def nested_objects(depth: int) -> Any:
    inside: Any = "x"
    for _ in range(depth):
        inside = {"result": inside}
    return inside


HOSTILE: dict[str, Any] = {
    "a huge number": {"age": 10**5000},
    "a huge negative number": {"age": -(10**5000)},
    "not a number": {"age": float("nan")},
    "infinity": {"age": float("-inf")},
    "a tiny number": {"age": 5e-324},
    "half a character": {"er": "\ud800"},
    "half a character as a key": {"\udfff": "a"},
    "half a character as a gene": {"inherited": {"\ud83d": "none"}},
    "half a character in a list": {"cancer": ["breast\udc00"]},
    "half a character in a date": {"tumor": {"ESR1": {"result": "none", "on": "\ud800"}}},
    "half a character beside a result": {"tumor": {"ESR1": {"\ud800": 1}}},
    "a NUL": {"er": "positive\0"},
    "turned round": {"er": "\u202eevitisop"},
    "look-alikes": {"er": "pоsitive"},
    "a long text": {"er": "x" * 1_000_000},
    "a long key": {"k" * 1_000_000: 1},
    "a long gene": {"inherited": {"g" * 1_000_000: "none"}},
    "deep lists": {"er": nested(5000)},
    "deep lists in a list": {"cancer": nested(5000)},
    "deep results": {"inherited": {"BRCA1": nested_objects(5000)}},
    "many items": {"cancer": ["lung"] * 200_000},
    "many keys": {f"k{n}": n for n in range(100_000)},
    "many genes": {"inherited": {f"G{n}": "none" for n in range(100_000)}},
    "a script": {"er": "<script>alert(1)</script>"},
    "a format": {"er": "%s%n{0}{answers}"},
    "bytes": {"er": b"positive"},
    "a set": {"cancer": {"breast"}},
    "a tuple": {"cancer": ("breast",)},
    "numbers as keys": {5: "a", None: "b"},
    "a class": {"er": Rulebook},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_few_words(rulebook: Rulebook, name: str) -> None:
    started = time.process_time()
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": HOSTILE[name]}, rulebook)
    assert time.process_time() - started < 3
    faults = caught.value.faults
    assert 1 <= len(faults) <= MOST_FAULTS
    for fault in faults:
        assert len(fault.path) <= 160
        assert len(str(fault.value)) <= 100
        assert fault.problem
        shown = json.dumps([fault.path, fault.value], ensure_ascii=False, allow_nan=False)
        shown.encode("utf-8")
    str(caught.value).encode("utf-8")


def test_many_repeats_of_a_good_value_are_one(rulebook: Rulebook) -> None:
    answers = read_profile({"answers": {"cancer": ["breast"] * 100_000}}, rulebook)
    assert answers.listed("cancer") == ("breast",)


def test_extra_keys_of_a_profile_are_shown_safely(rulebook: Rulebook) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile({"answers": {}, "\ud800" + "x" * 1000: 1, 7: 2}, rulebook)
    assert len(caught.value.faults) == 2
    for fault in caught.value.faults:
        fault.path.encode("utf-8")
        assert len(fault.path) <= 80


def test_nothing_that_was_given_is_changed(rulebook: Rulebook) -> None:
    data: dict[str, Any] = {
        "answers": {
            "cancer": ["ovarian", "breast"],
            "inherited": {"BRCA1": "unknown", "ATM": "none"},
        }
    }
    before = json.dumps(data)
    read_profile(data, rulebook)
    assert json.dumps(data) == before
