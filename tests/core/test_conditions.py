"""Conditions: one form for each meaning, groups and criteria, and JSON both ways."""

from __future__ import annotations

import json
from itertools import permutations
from random import Random
from typing import Any

import pytest

from matcher.core.conditions import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Tag,
    Unread,
    canonical,
    from_json,
    groups_of,
    sort_key,
    tags_in,
    to_json,
    unread_in,
)
from tests.core.small import cond

A, B, C, D = (Tag(name) for name in "abcd")


@pytest.mark.parametrize(
    ("shape", "form"),
    [
        ("a", A),
        ("? some words", Unread("some words")),
        (("b", "a"), AllOf((A, B))),
        (["b", "a"], AnyOf((A, B))),
        (("a", "a"), A),
        (["a", "a"], A),
        (("a", ("b", "c")), AllOf((A, B, C))),
        (("a", ("b", ("c", "a"))), AllOf((A, B, C))),
        (["a", ["b", ["c"]]], AnyOf((A, B, C))),
        (("a", ["b", "c"]), AllOf((AnyOf((B, C)), A))),
        ((["a"], ["a"]), A),
        ((["c", "b"], ["b", "c"]), AnyOf((B, C))),
        ({"not": {"not": "a"}}, A),
        ({"not": {"not": {"not": "a"}}}, Not(A)),
        ({"not": ("a", "a")}, Not(A)),
        (("b", {"not": {"not": ("a", "c")}}), AllOf((A, B, C))),
        ({"not": ["b", "a"]}, Not(AnyOf((A, B)))),
        (("a", "? x", "? x"), AllOf((A, Unread("x")))),
    ],
)
def test_one_form_for_each_meaning(shape: Any, form: Condition) -> None:
    assert canonical(cond(shape)) == form
    assert canonical(canonical(cond(shape))) == form


def test_what_looks_like_a_pair_of_opposites_is_kept() -> None:
    """ "a or not a" is not always yes, so it must not be dropped."""
    assert canonical(cond(["a", {"not": "a"}])) == AnyOf((Not(A), A))
    assert canonical(cond(("a", {"not": "a"}))) == AllOf((Not(A), A))


def test_the_order_of_parts_does_not_matter() -> None:
    parts = [A, Not(B), AnyOf((C, D)), Unread("x")]
    forms = {canonical(AllOf(tuple(order))) for order in permutations(parts)}
    assert len(forms) == 1
    assert sorted(parts, key=sort_key) == list(next(iter(forms)).parts)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("shape", "groups"),
    [
        ("a", ((A,),)),
        (("a", "b"), ((A, B),)),
        (["a", "b"], ((A,), (B,))),
        ([("a", "b"), "c"], ((A, B), (C,))),
        ([("a", "b"), ("b", "a")], ((A, B),)),
        ([["a"], ["b", ["c"]]], ((A,), (B,), (C,))),
        (("a", ["b", "c"]), ((AnyOf((B, C)), A),)),
        ({"not": ["a", "b"]}, ((Not(AnyOf((A, B))),),)),
        ("? x", ((Unread("x"),),)),
        ([("a", "? x"), "b"], ((A, Unread("x")), (B,))),
    ],
)
def test_groups_and_criteria(shape: Any, groups: tuple[tuple[Condition, ...], ...]) -> None:
    assert groups_of(cond(shape)) == groups


def test_tags_and_unread_words_are_found_wherever_they_stand() -> None:
    shape = cond(("a", ["b", {"not": ("c", "? one")}], {"not": "? two"}, "a"))
    assert list(tags_in(shape)) == ["a", "b", "c", "a"]
    assert list(unread_in(shape)) == ["one", "two"]
    assert list(tags_in(Unread("x"))) == []
    assert list(unread_in(A)) == []


# JSON

PAIRS: list[tuple[Condition | None, Any]] = [
    (None, None),
    (A, {"tag": "a"}),
    (Unread("x"), {"unread": "x"}),
    (Not(A), {"not": {"tag": "a"}}),
    (AllOf((A, B)), {"all": [{"tag": "a"}, {"tag": "b"}]}),
    (AnyOf((A,)), {"any": [{"tag": "a"}]}),
    (
        AnyOf((AllOf((A, Not(B))), Unread("x"))),
        {"any": [{"all": [{"tag": "a"}, {"not": {"tag": "b"}}]}, {"unread": "x"}]},
    ),
    (Tag(""), {"tag": ""}),
]


@pytest.mark.parametrize(("condition", "shape"), PAIRS)
def test_json_both_ways(condition: Condition | None, shape: Any) -> None:
    assert to_json(condition) == shape
    assert from_json(shape) == condition
    assert from_json(json.loads(json.dumps(to_json(condition)))) == condition


def _random(rng: Random, depth: int) -> Condition:
    if depth == 0 or rng.random() < 0.3:
        return rng.choice([A, B, C, Unread("x")])
    parts = tuple(_random(rng, depth - 1) for _ in range(rng.randint(1, 3)))
    return rng.choice([AllOf(parts), AnyOf(parts), Not(parts[0])])


@pytest.mark.parametrize("seed", range(50))
def test_random_conditions_survive_json_and_have_one_form(seed: int) -> None:
    rng = Random(seed)
    condition = _random(rng, 5)
    assert from_json(to_json(condition)) == condition
    form = canonical(condition)
    assert canonical(form) == form
    assert set(tags_in(form)) == set(tags_in(condition))
    assert groups_of(form) == groups_of(condition)


@pytest.mark.parametrize(
    "shape",
    [
        "a", 5, True, [], ["a"], {}, {"tag": 5}, {"tag": None}, {"tag": ["a"]}, {"unread": 1},
        {"not": None}, {"not": []}, {"not": "a"}, {"all": []}, {"any": []}, {"all": None},
        {"all": "a"}, {"all": {"tag": "a"}}, {"all": [None]}, {"any": [{"tag": "a"}, None]},
        {"tags": "a"}, {"tag": "a", "not": {"tag": "b"}}, {"all": [{"tag": 1}]}, {"none": []},
        {"not": {"all": []}}, {5: "a"},
    ],
)  # fmt: skip
def test_other_shapes_are_refused(shape: Any) -> None:
    with pytest.raises(ValueError, match="condition"):
        from_json(shape)


@pytest.mark.parametrize("name", ["not", "all", "any"])
def test_depth_has_a_limit(name: str) -> None:
    def nested(depth: int) -> Any:
        shape: Any = {"tag": "a"}
        for _ in range(depth):
            shape = {name: shape if name == "not" else [shape]}
        return shape

    assert from_json(nested(MAX_DEPTH)) is not None
    with pytest.raises(ValueError, match="nested 60 deep at most"):
        from_json(nested(MAX_DEPTH + 1))
    with pytest.raises(ValueError, match="nested 60 deep at most"):
        from_json(nested(900))
