"""Studies: the same for a seed, known to the rules, and varied enough to be a catalogue."""

from itertools import islice

import pytest

from matcher.bench.contest import contest_of
from matcher.bench.studies import draw_studies
from matcher.bench.workload import TODAY
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import tags_in
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.catalogue import sample_studies


@pytest.fixture(scope="module")
def drawn(rulebook: Rulebook) -> list[Study]:
    sample = sample_studies(rulebook)
    return list(islice(draw_studies(rulebook, sample, seed=1, today=TODAY), 1000))


def test_a_seed_gives_the_same_studies_however_many(rulebook: Rulebook, drawn: list[Study]) -> None:
    sample = sample_studies(rulebook)
    again = list(islice(draw_studies(rulebook, sample, seed=1, today=TODAY), 60))
    assert again == drawn[:60]
    other = list(islice(draw_studies(rulebook, sample, seed=2, today=TODAY), 60))
    assert other != again


def test_every_tag_is_one_of_the_rules(rulebook: Rulebook, drawn: list[Study]) -> None:
    audiences = [a for study in drawn for a in (study.most, *study.also) if a is not None]
    keys = {key for a in audiences if a.condition is not None for key in tags_in(a.condition)}
    assert len(keys) > 200
    assert [key for key in keys if not rulebook.knows(key)] == []


def test_a_thousand_studies_hold_several_hundred_different_criteria(
    rulebook: Rulebook, drawn: list[Study]
) -> None:
    contest = contest_of(Catalogue.compile(rulebook, drawn), today=TODAY, best=20)
    assert len(contest.criteria) > 300
    assert len(set(contest.most)) > 500


def test_marks_kinds_and_dates_are_those_of_the_sample(
    rulebook: Rulebook, drawn: list[Study]
) -> None:
    sample = sample_studies(rulebook)
    assert {study.kind for study in drawn} == {study.kind for study in sample}
    for mark in ("wider_label", "animal"):
        share = sum(mark in study.marks for study in sample) / len(sample)
        told = sum(mark in study.marks for study in drawn) / len(drawn)
        assert told == pytest.approx(share, abs=0.05)
    assert all(study.posted is None or study.posted <= TODAY for study in drawn)
    assert len({study.key for study in drawn}) == len(drawn)
