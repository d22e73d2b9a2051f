"""Hard: which matches stand on hard ground that the person did not say concerns them."""

from __future__ import annotations

from matcher.core.matching import Outcome
from matcher.core.truth import Truth
from matcher.web.cards import hard_topics
from matcher.web.site import site


def split_hard(outcome: Outcome, places: range) -> tuple[list[int], list[int]]:
    """The places of matches to show openly, and of those to fold."""
    hard = hard_topics(site().matcher())
    verdicts = {tag: outcome.verdict(tag) for tag in frozenset().union(*hard.values())}
    concerning = {tag for tag, verdict in verdicts.items() if verdict == Truth.YES}
    plain: list[int] = []
    folded: list[int] = []
    for place, study in zip(places, outcome.matches.studies(places), strict=True):
        is_folded = study.key in hard and not hard[study.key] & concerning
        (folded if is_folded else plain).append(place)
    return plain, folded
