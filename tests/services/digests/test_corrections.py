"""Tests of what counts as a correction of a study: what a mail or a page tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.core.conditions import Tag
from matcher.core.study import Audience, Event, Ratings, Section
from matcher.core.text import Text
from matcher.services.digests.corrections import told_version
from matcher.services.digests.planning import Planned, acknowledge
from tests.factories import StudyFactory
from tests.services.digests.planning_ledger import WEDNESDAY, WEEK, Ledger

STUDY = StudyFactory(title="One")
BY_MACHINE = Audience("People with breast cancer", Tag("breast_cancer"))
SETTLED = Audience("People with breast cancer", Tag("breast_cancer"), confirmed=True)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Two"},
        {"kind": "Article"},
        {"most": None},
        {"most": Audience("others", BY_MACHINE.condition)},
        {"most": replace(SETTLED, condition=Tag("cancer"))},
        {"also": ()},
        {"ratings": Ratings("Low")},
        {"marks": ("weak",)},
        {"events": (Event(date(2026, 5, 1), Text("New.", "Nuevo.")),)},
        {"standing": "retracted"},
        {"summary": Text("Other.", "Otro.")},
        {"sections": (Section("Summary", "Other"),)},
    ],
)
def test_what_is_told_makes_a_correction(change: dict[str, Any]) -> None:
    study = replace(STUDY, most=SETTLED)
    assert told_version(replace(study, **change), 5, [(4, study)]) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://example.org/moved"},
        {"posted": date(2020, 1, 1)},
        {"as_of": date(2020, 1, 1)},
        {"references": ()},
        {"topics": ()},
        # The rules read the same words otherwise: whom it moves for is told it as moved.
        {"most": replace(BY_MACHINE, condition=Tag("cancer"))},
    ],
)
def test_what_is_not_told_makes_none(change: dict[str, Any]) -> None:
    study = replace(STUDY, most=BY_MACHINE)
    assert told_version(replace(study, **change), 5, [(4, study), (3, study)]) == 3


def test_the_oldest_version_counts_that_all_later_ones_repeat() -> None:
    other = replace(STUDY, title="Other")
    assert told_version(STUDY, 1, []) == 1
    assert told_version(STUDY, 4, [(3, STUDY), (2, other), (1, STUDY)]) == 3


def test_a_new_link_is_not_mailed_and_a_new_title_is_once(each: Ledger) -> None:
    each.publish("One", "Other")
    each.subscribe()
    each.plan()
    each.follow(acknowledge, each.rows()[0])
    each.change("one", url="https://example.org/moved")
    assert each.plan(WEDNESDAY + WEEK) == Planned(empty=1)
    each.change("one", title="One, corrected")
    each.change("one", references=())
    assert each.plan(WEDNESDAY + 2 * WEEK) == Planned(due=1)
    items = each.selection(each.rows()[-1]).items
    assert [(item.study, item.why) for item in items] == [("one", "corrected")]
    each.follow(acknowledge, each.rows()[-1])
    each.change("one", references=("Another.",))
    assert each.plan(WEDNESDAY + 3 * WEEK) == Planned(empty=1)
