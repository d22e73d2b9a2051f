"""Tests of stored answers: read without checks, they are what checking them gave."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema

from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.rules import shipped_rules
from matcher.schemas.profiles import profile_json, profile_schema, read_answers
from matcher.schemas.stored_answers import answers_from_stored
from tests.laws.people import random_profile
from tests.referee.reading import Rules, read_rules

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules(shipped_rules())


@pytest.fixture(scope="module")
def schema(rulebook: Rulebook) -> type[Schema]:
    return profile_schema(rulebook)


@given(seed=st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_valid_answers_are_read_as_the_check_reads_them(
    rulebook: Rulebook, schema: type[Schema], rules: Rules, seed: int
) -> None:
    profile = random_profile(Random(seed), rules)
    checked = read_answers(profile, rulebook, schema=schema)
    assert answers_from_stored(profile, rulebook) == checked
    again = profile_json(checked)["answers"]
    assert answers_from_stored(again, rulebook) == checked


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_whatever_is_stored_gives_answers_that_the_check_would_take(
    rulebook: Rulebook, schema: type[Schema], data: st.DataObject
) -> None:
    words = st.sampled_from(["breast", "BRCA1", "none", "declined", "unknown", "mutation", "yes"])
    value = JSON | words | st.lists(words, max_size=3) | st.dictionaries(words, JSON | words)
    keys = st.sampled_from([*rulebook.attributes, "no_such_question"])
    stored = data.draw(st.dictionaries(keys, value, max_size=6))
    read = answers_from_stored(stored, rulebook)
    assert read_answers(profile_json(read)["answers"], rulebook, schema=schema) == read


@pytest.mark.parametrize(
    ("stored", "given", "declined"),
    [
        ({"cancer": ["breast", "lost"]}, {"cancer": ("breast", "unknown")}, set()),
        ({"cancer": ["lost"]}, {}, set()),
        ({"cancer": ["declined", "declined"]}, {}, {"cancer"}),
        ({"treatments": ["none", "surgery"]}, {}, set()),
        ({"er": "lost"}, {}, set()),
        ({"age": 121}, {}, set()),
        ({"age": True}, {}, set()),
        ({"inherited": {"LOST": "none", "BRCA1": "lost"}}, {}, set()),
        ({"inherited": {"BRCA1": "declined"}}, {}, {"inherited.BRCA1"}),
        ({"lost": "yes"}, {}, set()),
    ],
)
def test_what_the_rules_lost_is_left_out(
    rulebook: Rulebook, stored: dict[str, Any], given: dict[str, Any], declined: set[str]
) -> None:
    assert answers_from_stored(stored, rulebook) == Answers(given, frozenset(declined))


def test_a_question_that_the_rules_lost_is_left_out(rulebook: Rulebook) -> None:
    without = {key: one for key, one in rulebook.attributes.items() if key != "er"}
    book = replace(rulebook, attributes=without)
    assert answers_from_stored({"er": "positive", "age": 40}, book).given == {"age": 40}
