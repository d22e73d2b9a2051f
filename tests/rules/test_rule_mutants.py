"""Wrong rules are noticed: each tag removed, turned round or weakened breaks a worked case."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from matcher.core.rulebook import All, Opposite, Rulebook, Some, TagRule, Unsure
from matcher.rules.cases import CaseEntry
from matcher.services.cases import CaseRunner
from tests.rules.test_worked_cases import CASES, runner, shipped_book

WORDS = re.compile(r"\w{3,}")
MUTANTS: dict[str, Callable[[TagRule], TagRule | None]] = {
    "removed": lambda _: None,
    "turned round": lambda tag: replace(tag, when=Opposite(tag.when)),
    "never yes": lambda tag: replace(tag, when=All((tag.when, Unsure()))),
    "never no": lambda tag: replace(tag, when=Some((tag.when, Unsure()))),
}


def mutated(book: Rulebook, key: str, mutate: Callable[[TagRule], TagRule | None]) -> Rulebook:
    """The rules with one tag changed, or without it."""
    changed = mutate(book.tags[key])
    others = {name: tag for name, tag in book.tags.items() if name != key}
    return replace(book, tags=others if changed is None else others | {key: changed})


@cache
def told_cases() -> list[tuple[CaseEntry, str]]:
    """Each case with its content as text."""
    return [(entry, str(entry.content)) for entry in CASES]


@cache
def cases_with(key: str) -> list[CaseEntry]:
    """The cases that name a tag."""
    return [entry for entry, told in told_cases() if f"'{key}'" in told or f"'{key}:" in told]


def is_noticed(key: str, mutate: Callable[[TagRule], TagRule | None]) -> bool:
    """Whether some case fails when the tag is changed."""
    wrong = copy(runner())
    wrong.book = mutated(shipped_book(), key, mutate)
    return any(not wrong.run(entry).holds for entry in cases_with(key))


def unnoticed(keys: list[str]) -> list[str]:
    """The changes that no case notices."""
    return [
        f"{key} {name}"
        for key in keys
        for name, mutate in MUTANTS.items()
        if not is_noticed(key, mutate)
    ]


def test_every_wrong_tag_is_noticed() -> None:
    """Every tag, each changed in four ways."""
    keys = sorted(shipped_book().tags)
    left = unnoticed(keys)
    assert not left


def without(book: Rulebook, kind: str, key: str) -> Rulebook:
    """The rules without one implication, default or never-no rule."""
    changes: dict[str, Any] = {kind: tuple(rule for rule in getattr(book, kind) if rule.key != key)}
    return replace(book, **changes)


def nearest_first(rule: object) -> list[CaseEntry]:
    """All cases, those first that share the most words with a rule: they break the soonest."""
    words = set(WORDS.findall(str(rule)))
    found = [(len(words & set(WORDS.findall(told))), entry) for entry, told in told_cases()]
    return [entry for _, entry in sorted(found, key=lambda one: -one[0])]


def breaks_a_case(book: Rulebook, rule: object) -> bool:
    """Whether some case that holds under the shipped rules fails under these, without a rule."""
    wrong = CaseRunner(book, runner().studies.values(), runner().read)
    return any(not wrong.run(entry).holds for entry in nearest_first(rule))


@pytest.mark.parametrize("kind", ["implications", "defaults", "never_no"])
def test_every_missing_rule_is_noticed(kind: str) -> None:
    """Each implication, default and never-no rule left out breaks a case."""
    book = shipped_book()
    rules = {rule.key: rule for rule in getattr(book, kind)}
    left = [key for key in rules if not breaks_a_case(without(book, kind, key), rules[key])]
    assert not left
