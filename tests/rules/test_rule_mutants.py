"""Wrong rules are noticed: each tag removed, turned round or weakened breaks a worked case."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from matcher.core.rulebook import All, Opposite, Rulebook, Some, TagRule, Unsure
from matcher.rules.cases import CaseEntry
from matcher.services.cases import CaseRunner
from tests.rules.test_worked_cases import CASES, runner, shipped_book

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


def cases_with(key: str) -> list[CaseEntry]:
    """The cases that name a tag."""
    return [e for e in CASES if f"'{key}'" in str(e.content) or f"'{key}:" in str(e.content)]


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


def breaks_a_case(book: Rulebook) -> bool:
    """Whether some case that holds under the shipped rules fails under these."""
    wrong = CaseRunner(book, runner().studies.values(), runner().read)
    return any(not wrong.run(entry).holds for entry in CASES)


@pytest.mark.parametrize("kind", ["implications", "defaults", "never_no"])
def test_every_missing_rule_is_noticed(kind: str) -> None:
    """Each implication, default and never-no rule left out breaks a case."""
    book = shipped_book()
    keys = [rule.key for rule in getattr(book, kind)]
    left = [key for key in keys if not breaks_a_case(without(book, kind, key))]
    assert not left
