"""CEL: three compiled list expressions for each person: tags, criteria, studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from matcher.bench.contest import Answer, Columns, Contest
from matcher.bench.rivals.pairs import Evaluate, Pairs, Words, answer_each, facts_as_pairs

TITLE = "CEL"
PACKAGES = ("common-expression-language",)
METHOD = (
    "compiled list expressions over pairs of booleans (surely, possibly), person by person: tags,"
    " criteria, then one packed integer for each study"
)
WORDS = Words(both=" && ", either=" || ", no="!", divided="(({}) / {})")


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over one dictionary of booleans for each person. Needs `cel`."""
    cel = import_module("cel")

    def compiled(texts: list[str]) -> Evaluate:
        program: Any = cel.compile(f"[{', '.join(texts)}]")

        def evaluate(known: dict[str, Any]) -> Sequence[Any]:
            values: Sequence[Any] = program.execute(cel.Context(known))
            return values

        return evaluate

    pairs = Pairs(contest, WORDS)
    evaluates = [(names, compiled(texts)) for names, texts in pairs.stages()]
    people = facts_as_pairs(columns)
    return lambda: answer_each(pairs, evaluates, people)
