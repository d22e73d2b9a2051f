"""zen-engine: three compiled list expressions for each person: tags, criteria, studies."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from matcher.bench.contest import Answer, Columns, Contest
from matcher.bench.rivals.pairs import Pairs, Words, answer_each, facts_as_pairs

TITLE = "zen-engine"
PACKAGES = ("zen-engine",)
METHOD = (
    "compiled list expressions over pairs of booleans (surely, possibly), person by person: tags,"
    " criteria, then one packed integer for each study; a decision graph was several times slower"
)
WORDS = Words(both=" and ", either=" or ", no="not ", divided="floor(({}) / {})")


def make(contest: Contest, columns: Columns) -> Callable[[], Answer]:
    """A run over one dictionary of booleans for each person. Needs `zen`."""
    zen = import_module("zen")

    pairs = Pairs(contest, WORDS)
    evaluates = [
        (names, zen.compile_expression(f"[{', '.join(texts)}]").evaluate)
        for names, texts in pairs.stages()
    ]
    people = facts_as_pairs(columns)
    return lambda: answer_each(pairs, evaluates, people)
