"""Hard: which matches stand on hard ground that the person did not say concerns them."""

from __future__ import annotations

from matcher.core.matching import Outcome
from matcher.core.truth import Truth
from matcher.web.cards import hard_topics
from matcher.web.site import site


def hard_places(outcome: Outcome, places: range) -> list[int]:
    """The places of the studies on hard ground that the person did not say concerns them."""
    hard = hard_topics(site().matcher())
    verdicts = {tag: outcome.verdict(tag) for tag in frozenset().union(*hard.values())}
    concerning = {tag for tag, verdict in verdicts.items() if verdict == Truth.YES}
    return [
        place
        for place, study in zip(places, outcome.matches.studies(places), strict=True)
        if study.key in hard and not hard[study.key] & concerning
    ]
