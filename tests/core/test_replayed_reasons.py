"""Replayed reasons: from the reasons alone anybody can come to the same level."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from matcher.core.levels import Level
from matcher.core.matching import Match
from matcher.core.reasons import Reason
from matcher.core.truth import every, some
from tests.core.small import NO, TODAY, UNKNOWN, YES, found, person, study

BREAST: dict[str, Any] = {"cancer": ["breast"]}


def replayed(one: Match) -> Level:
    """The level from the reasons alone."""
    groups: dict[int, list[Reason]] = {}
    for r in one.reasons:
        if r.strength == "most":
            groups.setdefault(r.group, []).append(r)
    verdicts = {number: every([r.verdict for r in group]) for number, group in groups.items()}
    most = some(verdicts.values()) if groups else NO
    also = [r.verdict for r in one.reasons if r.strength == "also"]
    if not one.reasons:
        return Level.UNLABELLED
    if most == YES:
        return Level.FITS
    supported = any(
        verdicts[number] != NO and any(r.supports and r.verdict == YES for r in group)
        for number, group in groups.items()
    )
    if most == UNKNOWN and supported:
        return Level.MAY_FIT
    if YES in also:
        return Level.RELATED
    return Level.OPEN if UNKNOWN in (most, *also) else Level.DIFFERENT


@pytest.mark.parametrize("seed", range(60))
def test_the_reasons_replayed_give_the_level(seed: int) -> None:
    rng = Random(seed)
    tags = ["er_positive", "women", "tumor_ESR1:breast", "metastatic", "? x", "age_at_least:40",
            "told_high_risk", "advanced:breast", "no_such_tag", "had_surgery"]  # fmt: skip

    def shape(depth: int) -> Any:
        if depth == 0 or rng.random() < 0.4:
            return rng.choice(tags)
        parts = [shape(depth - 1) for _ in range(rng.randint(1, 3))]
        return rng.choice([parts, tuple(parts), {"not": parts[0]}])

    one = study("a", rng.choice([None, shape(3)]), [shape(2) for _ in range(rng.randint(0, 2))])
    answers = rng.choice([
        {}, BREAST | {"er": "positive", "gender": "woman"}, {"cancer_status": "never", "age": 30},
        BREAST | {"extent": "locally_advanced", "treatments": ["mastectomy"], "age": 44},
        {"er": "low", "triple_negative": "yes"}, {"tumor": {"ESR1": "mutation"}, "stage": "4"},
    ])  # fmt: skip
    match = found(one, **answers)
    assert replayed(match) == match.level
    given = set(person(**answers).units())
    waiting = list(match.reasons)
    while waiting:
        r = waiting.pop()
        assert set(r.answers) <= given
        assert r.text
        assert r.label
        assert "{" not in r.text
        waiting.extend(r.parts)
    assert match.reasons == found(one, **answers, today=TODAY).reasons
