"""Tests of hard ground for many: it must say what the pages say of each person."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from matcher.bench.people import draw_people
from matcher.core.conditions import Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.catalogue import sample_studies
from matcher.services.digests.hard_ground import HardGround
from matcher.services.hard_topics import hard_places
from matcher.services.matching import Matcher

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("count", [1, 5, 40])
def test_it_says_for_many_what_is_said_for_one(rulebook: Rulebook, count: int) -> None:
    died = Study(key="died", title="Fewer deaths", most=Audience("women", Tag("woman")))
    matcher = Matcher(rulebook, [*sample_studies(rulebook), died])
    people = list(islice(draw_people(matcher.catalogue.finder, seed=count, today=DAY), count))
    crowd, lost = (
        matcher.catalogue.finder.people(people, today=DAY),
        [n % 2 == 0 for n in range(count)],
    )
    found = HardGround(matcher).of(crowd, after_loss=lost)
    some = 0
    for answers, rows, after_loss in zip(people, found, lost, strict=True):
        outcome = matcher.match(answers, today=DAY)
        places = range(len(outcome.matches))
        hard = hard_places(matcher, outcome, places, after_loss=after_loss)
        keys = {outcome.matches[place].study.key for place in hard}
        listed = {study.key for study in outcome.matches.studies(places)}
        assert {matcher.catalogue.studies[row].key for row in rows} & listed == keys
        some += len(keys)
    assert some


def test_without_hard_studies_there_is_no_hard_ground(rulebook: Rulebook) -> None:
    matcher = Matcher(rulebook, [])
    people = matcher.catalogue.finder.people([], today=DAY)
    assert list(HardGround(matcher).of(people)) == []
