"""Answer table: the answers of several people by question, every distinct answer once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers, Value
from matcher.core.finding.encoding import Encoder


@dataclass(frozen=True)
class Column:
    """One question's answers: `values` holds the distinct ones, `codes` each person's, or 0."""

    key: str
    values: tuple[Answers, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True)
class AnswerTable:
    """The answers of several people, by question."""

    people: tuple[Answers, ...]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, people: Iterable[Answers], encoder: Encoder) -> AnswerTable:
        """The answers by question. Where the meaning of one hangs on another, both count."""
        everybody = tuple(people)
        codes: dict[str, NDArray[np.int32]] = {}
        values: dict[str, dict[Any, int]] = {}
        merged = {key: a.merged_from for key, a in encoder.attributes.items() if a.merged_from}
        for number, answers in enumerate(everybody):
            given = answers.given
            for key, value in given.items():
                name: Any = value if not isinstance(value, Mapping) else frozenset(value.items())
                if key in merged:
                    name = (name, given.get(merged[key]))
                known = values.get(key)
                if known is None:
                    known = values[key] = {}
                    codes[key] = np.zeros(len(everybody), dtype=np.int32)
                code = known.get(name)
                if code is None:
                    code = known[name] = len(known) + 1
                codes[key][number] = code
        return cls(
            everybody,
            tuple(
                Column(key, tuple(_alone(key, name, merged) for name in names), codes[key])
                for key, names in values.items()
            ),
        )


def _alone(key: str, name: Any, merged: Mapping[str, str]) -> Answers:
    """One distinct answer, with the one that it hangs on."""
    given: dict[str, Value] = {}
    if key in merged:
        name, beside = name
        if beside is not None:
            given[merged[key]] = beside
    given[key] = dict(name) if isinstance(name, frozenset) else name
    return Answers(given)
