"""People and studies as the benchmark draws them, and a hidden study among them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

import pytest

from matcher.bench.people import draw_people
from matcher.bench.studies import draw_studies
from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher
from tests.services.screening.trying import Tried, try_all

DAY = date(2026, 11, 22)
BREAST: dict[str, Any] = {"cancer_status": "now", "cancer": ("breast",), "er": "positive"}
CONTRADICTED = Answers({**BREAST, "triple_negative": "yes"})


@dataclass(frozen=True)
class Crowd:
    """A matcher over some studies, one of which is superseded, and some people.

    Of the first nothing is known; the second contradicts themselves.
    """

    matcher: Matcher
    studies: tuple[Study, ...]
    people: tuple[Answers, ...]
    _tried: dict[int, Tried] = field(default_factory=dict)

    def tried(self, person: int) -> Tried:
        """How the studies stand to somebody now, and after every answer that they could give."""
        if person not in self._tried:
            self._tried[person] = try_all(self.matcher.catalogue, self.people[person], today=DAY)
        return self._tried[person]


@pytest.fixture(scope="session")
def crowd(rulebook: Rulebook) -> Crowd:
    drawn = draw_studies(rulebook, sample_studies(rulebook), seed=5, today=DAY)
    studies = list(islice(drawn, 60))
    studies[7] = replace(studies[7], standing="superseded")
    matcher = Matcher(rulebook, studies)
    people = draw_people(matcher.catalogue.finder, seed=6, today=DAY)
    return Crowd(matcher, tuple(studies), (Answers(), CONTRADICTED, *islice(people, 23)))
