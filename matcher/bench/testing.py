"""Testing: what tests of genes found in one person, drawn by the shares of the genes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from matcher.bench import usual
from matcher.core.answers import Result
from matcher.core.rulebook import Attribute, Option


def draw_results(rng: Random, attribute: Attribute, *, today: date) -> Mapping[str, Result]:
    """Results by gene of somebody who was tested; few genes are named, as in real answers."""
    words: dict[str, str] = {}
    panel: Option | None = None
    for option in attribute.options:
        if option.panel:
            panel = option
        elif not option.one_of:
            word = _word(rng, option)
            if word:
                words[option.value] = word
    _remember_pairs(rng, attribute, words)
    if panel and "mutation" not in words.values():
        if rng.random() < usual.PANEL_CLEAR:
            words[panel.value] = "none"
        elif not words:
            words[panel.value] = rng.choice(["mutation", "not_tested"])
    return {gene: Result(word, _month(rng, today)) for gene, word in sorted(words.items())}


def _word(rng: Random, option: Option) -> str | None:
    chance = rng.random()
    for word, share in (
        ("positive" if option.signature else "mutation", option.share or 0.0),
        ("negative" if option.signature else "none", usual.NAMED_CLEAR),
        ("uncertain", usual.UNCERTAIN),
        ("not_tested", usual.NOT_TESTED),
    ):
        chance -= share
        if chance < 0:
            return word
    return None


def _remember_pairs(rng: Random, attribute: Attribute, words: dict[str, str]) -> None:
    for pair in attribute.options:
        genes = [gene for gene in pair.one_of if words.get(gene) == "mutation"]
        if genes and rng.random() < usual.NOT_SURE_WHICH:
            for gene in pair.one_of:
                words.pop(gene, None)
            words[pair.value] = "mutation"


def _month(rng: Random, today: date) -> tuple[int, int] | None:
    if rng.random() >= usual.DATED:
        return None
    months = today.year * 12 + today.month - 1 - min(int(rng.expovariate(1 / 14)), 96)
    return months // 12, months % 12 + 1
