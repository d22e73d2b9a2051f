"""The order of the questions: the planner's finds somebody's best studies sooner than others do.

The full form: ``MATCHER_VOLUME=1000000 pytest -m volume tests/simulation -s`` (a thousandth of it
in people, on each of two catalogues; some twenty minutes). It prints the curves. The picture in
docs/pictures is made of the same figures by ``python -m tests.simulation.picture``.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby, islice

import numpy as np
import pytest

from matcher.bench.studies import draw_studies
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.planning.conversation import chapter_of
from matcher.core.study import Study
from matcher.services.catalogue import sample_studies
from tests.laws.court import TODAY, shipped_court, volume
from tests.simulation.orders import (
    FIRST,
    STEPS,
    Asked,
    Curve,
    World,
    at_random,
    curve,
    fixed,
    in_chapters,
    planned,
)
from tests.simulation.people import complete_person

FEW = range(25)
DRAWN = 300


@cache
def world(drawn: int) -> World:
    """The sample catalogue, or so many studies drawn from it."""
    court = shipped_court()
    studies: list[Study] = sample_studies(court.book)
    if drawn:
        studies = list(islice(draw_studies(court.book, studies, seed=1, today=TODAY), drawn))
    return World.of(Catalogue.compile(court.book, studies, finder=court.finder))


def printed(name: str, found: Curve) -> str:
    """One curve as a line of percentages."""
    return f"{name:9}" + " ".join(f"{share * 100:5.1f}" for share in found)


def check(drawn: int, people: range, *, answers: int = STEPS) -> None:
    """The planner's curve lies above the others from the first answer on."""
    here = world(drawn)
    orders = {
        "planned": planned,
        "chapters": in_chapters,
        "fixed": fixed,
        "random": at_random,
    }
    curves = {}
    for name, order in orders.items():
        curves[name], count = curve(here, order, people, answers=answers)
        print(printed(name, curves[name]), count)
    # A conversation may cost a little, in the first answers most; it still beats any other order.
    assert curves["chapters"][8] > max(curves["fixed"][8], curves["random"][8])
    for other in ("fixed", "random"):
        assert (curves["planned"][1:9] > curves[other][1:9]).all()
        assert np.mean(curves["planned"][1:9] - curves[other][1:9]) > 0.2
    assert curves["planned"][6] > 0.6


@pytest.mark.parametrize(("drawn", "people"), [(0, FEW[:12]), (DRAWN, FEW[:4])])
def test_the_planned_order_finds_the_best_studies_sooner(drawn: int, people: range) -> None:
    check(drawn, people, answers=8)


@pytest.mark.volume
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("drawn", [0, DRAWN])
def test_the_planned_order_finds_the_best_studies_sooner_at_volume(drawn: int) -> None:
    check(drawn, range(volume() // 1000))


def test_simulated_people_are_complete_and_contradict_nothing() -> None:
    catalogue = world(0).catalogue
    statuses = set()
    for number in FEW:
        person = complete_person(catalogue.finder, number)
        facts = catalogue.finder.find(person, today=TODAY)
        assert not facts.contradictions
        assert len(person.given) > 12
        assert person == complete_person(catalogue.finder, number)
        statuses.add(person.given["cancer_status"])
    assert statuses == {"now", "past", "never"}


def test_a_page_that_does_not_arise_counts_as_asked() -> None:
    person = world(0).person(0)
    absent = next(key for key in ("lines", "pregnant", "main_cancer") if key not in person.given)
    one = Asked(person, 0, person.only(frozenset({"cancer_status"})))
    before = one.answers
    one.ask(absent)
    assert one.answers == before
    assert absent in one.asked
    assert absent not in [*world(0).waiting(one)]
    assert STEPS > 8


SPREAD_BREAST = {
    "cancer_status": "now",
    "cancer": ("breast",),
    "age": 56,
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "gender": "woman",
}


def test_the_receptors_come_within_the_first_ten_and_no_chapter_comes_twice() -> None:
    here = world(0)
    told = Answers(SPREAD_BREAST)
    one = Asked(told, 0, told.only(frozenset({"cancer_status"})))
    while len(one.said) < 10:
        key = in_chapters(here, one)
        assert key is not None
        one.ask(key)
    assert {"extent", "er", "her2"} <= set(one.said)
    assert one.said.index("extent") < one.said.index("er")
    talked = [chapter_of(here.catalogue.book, key) for key in one.said if key not in FIRST]
    assert [chapter for chapter, _ in groupby(talked)] == list(dict.fromkeys(talked))
