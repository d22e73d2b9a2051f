"""People and studies as the benchmark draws them, and a hidden study among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import pytest

from matcher.bench.people import draw_people
from matcher.bench.studies import draw_studies
from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher

DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Crowd:
    """A matcher over some studies, one of which is superseded, and some people."""

    matcher: Matcher
    studies: tuple[Study, ...]
    people: tuple[Answers, ...]


@pytest.fixture(scope="session")
def crowd(rulebook: Rulebook) -> Crowd:
    drawn = draw_studies(rulebook, sample_studies(rulebook), seed=5, today=DAY)
    studies = list(islice(drawn, 60))
    studies[7] = replace(studies[7], standing="superseded")
    matcher = Matcher(rulebook, studies)
    people = draw_people(matcher.catalogue.finder, seed=6, today=DAY)
    return Crowd(matcher, tuple(studies), (Answers(), *islice(people, 24)))
