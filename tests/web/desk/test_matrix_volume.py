"""The matrix at volume: how long a page and a file take, and how much they hold at once.

Measured in processor time, so that a busy machine does not count.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TypeVar

import pytest
from flask import Flask
from sqlmodel import Session

from matcher.bench.people import draw_people
from matcher.bench.studies import draw_studies
from matcher.schemas.profiles import profile_json
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher
from matcher.services.panels.people import new_row
from matcher.services.panels.persons import Details
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import OpenPanel
from matcher.store.panel_people import add_people
from matcher.web.site import EXTENSION
from tests.web.desk.panelled import Panelled, panelled
from tests.web.mails import site_of

DAY = date(2026, 11, 22)
T = TypeVar("T")


def crowd(app: Flask, monkeypatch: pytest.MonkeyPatch, *, people: int, studies: int) -> Panelled:
    """A navigator with so many people, beside so many studies."""
    here, ana = site_of(app), panelled(app)
    book = here.rulebook
    drawn = islice(draw_studies(book, sample_studies(book), seed=5, today=DAY), studies)
    matcher = Matcher(book, drawn)
    monkeypatch.setitem(app.extensions, EXTENSION, replace(here, matcher=lambda: matcher))
    who = islice(draw_people(matcher.catalogue.finder, seed=6, today=DAY), people)
    profiles = [PersonProfile(profile_json(answers)["answers"]) for answers in who]

    def put(opened: Session, panel: OpenPanel) -> None:
        rows = [
            new_row(here.desk, panel, Details(f"A-{number}"), profile, now=here.clock())
            for number, profile in enumerate(profiles)
        ]
        add_people(opened, rows)
        opened.commit()

    ana.work(put)
    return ana


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    """How long something takes, and what it gives."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def opens(ana: Panelled) -> float:
    """How long the matrix takes, once its catalogue was met."""
    ana.worker.open(f"{ana.root}/matrix")
    took, page = seconds(lambda: ana.worker.client.get(f"{ana.root}/matrix").data)
    assert b"mx__row" in page
    return took


def file_of(ana: Panelled) -> tuple[float, int]:
    """How long the file takes and how many lines it has; it is thrown away as it comes."""
    response = ana.worker.client.get(f"{ana.root}/matrix.csv", buffered=False)
    return seconds(lambda: sum(chunk.count(b"\r\n") for chunk in response.response))


def test_a_matrix_opens_at_once_and_its_file_comes_in_lines(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = crowd(desk_app, monkeypatch, people=100, studies=200)
    assert opens(ana) < 0.5
    took, lines = file_of(ana)
    assert lines == 101
    assert took < 0.5


def test_a_file_holds_few_people_at_once(desk_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = crowd(desk_app, monkeypatch, people=300, studies=400)
    file_of(ana)
    all_at_once = most_held(ana)
    monkeypatch.setattr("matcher.services.panels.desk_view.EXPORTED_PAIRS", 4000)
    assert most_held(ana) < all_at_once / 2


def most_held(ana: Panelled) -> int:
    """The most bytes that are held while the file is made."""
    tracemalloc.start()
    file_of(ana)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.volume
def test_500_people_and_1000_studies_open_within_a_second(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    took = opens(crowd(desk_app, monkeypatch, people=500, studies=1000))
    print(f"500 x 1,000: {took:.2f} s")
    assert took < 1


@pytest.mark.volume
def test_5000_people_and_1000_studies_are_a_file_within_ten_seconds(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    took, lines = file_of(crowd(desk_app, monkeypatch, people=5000, studies=1000))
    print(f"5,000 x 1,000: {took:.2f} s")
    assert lines == 5001
    assert took < 10
