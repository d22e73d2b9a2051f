"""Profiles: reads a person's answers from a file or standard input."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from matcher.cli.complaints import InputError
from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_profile

LARGEST = 1_000_000
DEEPEST = 200


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """The date; fails with what is allowed."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self.fail(f"{value!r} is not a date; write it as 2026-11-22", param, ctx)


def read_answers_file(source: str, book: Rulebook) -> Answers:
    """The answers in a JSON file, or on standard input for ``-``."""
    where = "standard input" if source == "-" else source
    return read_profile(load_json(_read(source, where), where), book)


def load_json(text: str, where: str) -> Any:
    """Parse JSON; every way in which it can be broken becomes one clear error."""
    mend = 'A profile looks like {"answers": {"cancer": ["breast"], "er": "positive"}}.'
    if _depth(text) > DEEPEST:
        raise InputError("the JSON is nested too deep", where, mend)
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _without_repeats(pairs, where))
    except json.JSONDecodeError as error:
        raise InputError(
            f"this is not JSON: {error.msg}", f"{where}, line {error.lineno}", mend
        ) from None
    except (ValueError, RecursionError):
        raise InputError("this is not JSON that can be read", where, mend) from None


def _without_repeats(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"the key {key[:80]!r} stands twice", where, "Keep one of the two.")
        found[key] = value
    return found


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _read(source: str, where: str) -> str:
    mend = "Give a JSON file of at most 1 MB in UTF-8."
    try:
        if source == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(source).open("rb") as file:
                content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the profile cannot be read: {reason}", where, mend) from None
    if len(content) > LARGEST:
        raise InputError("the profile is too large", where, mend)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the profile is not UTF-8 text", where, mend) from None
