"""Spelling: conditions as short text, for tables of tests that people read.

``woman & (breast_cancer | "lung") & not pregnant``; parts stand in one order whatever the label's.
"""

from __future__ import annotations

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, canonical

NOTHING = "nothing"


def spell(condition: Condition | None) -> str:
    """A condition as text; None is ``nothing``."""
    return NOTHING if condition is None else _spell(canonical(condition), outer=True)


def _spell(condition: Condition, *, outer: bool = False) -> str:
    match condition:
        case Tag(key):
            return key
        case Not(part):
            return f"not {_spell(part)}"
        case AllOf(parts) | AnyOf(parts):
            sign = " & " if isinstance(condition, AllOf) else " | "
            text = sign.join(sorted(map(_spell, parts)))
            return text if outer else f"({text})"
        case _:
            return f'"{condition.words}"'
