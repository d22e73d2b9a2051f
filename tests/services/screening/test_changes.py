"""Changes: what moved between two looks, and why."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.levels import Level
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.services.screening import changes as module
from matcher.services.screening.changes import (
    ANSWERS_CHANGED,
    CAUSES,
    NEW_PERSON,
    NEW_STUDY,
    PERSON_GONE,
    RULES_CHANGED,
    STUDY_CHANGED,
    STUDY_GONE,
    TIME_PASSED,
    Change,
    DamagedSnapshotError,
    Snapshot,
    SnapshotTooLargeError,
    what_changed,
)
from matcher.services.screening.grid import screen
from tests.core.small import study
from tests.services.screening.conftest import DAY, Crowd

FITS, MAY_FIT, OPEN, DIFFERENT = Level.FITS, Level.MAY_FIT, Level.OPEN, Level.DIFFERENT
BEFORE = Snapshot(
    rules="r1",
    today=DAY,
    studies={"x": 1, "y": 1},
    people={"ann": 1, "bob": 1},
    levels=bytes([FITS, OPEN, MAY_FIT, DIFFERENT]),
)


def after(*levels: Level, **other: Any) -> Snapshot:
    return replace(BEFORE, levels=bytes(levels), **other)


def test_nothing_moved_is_no_change_whatever_has_another_version() -> None:
    now = replace(BEFORE, rules="r2", studies={"x": 2, "y": 2}, people={"ann": 3, "bob": 3})
    assert what_changed(BEFORE, now) == []


@pytest.mark.parametrize(
    ("other", "causes"),
    [
        ({"studies": {"x": 2, "y": 1}}, (STUDY_CHANGED,)),
        ({"people": {"ann": 1, "bob": 2}}, (ANSWERS_CHANGED,)),
        ({"rules": "r2"}, (RULES_CHANGED,)),
        ({"today": DAY + timedelta(days=9)}, (TIME_PASSED,)),
        (
            {"rules": "r2", "studies": {"x": 2, "y": 2}, "people": {"ann": 2, "bob": 2}},
            (STUDY_CHANGED, ANSWERS_CHANGED, RULES_CHANGED),
        ),
        (  # neither this study nor this person has another version
            {"studies": {"x": 1, "y": 2}, "people": {"ann": 2, "bob": 1}},
            (TIME_PASSED,),
        ),
    ],
)
def test_a_pair_that_moved_has_its_own_causes(
    other: dict[str, Any], causes: tuple[str, ...]
) -> None:
    now = after(FITS, OPEN, FITS, DIFFERENT, **other)
    assert what_changed(BEFORE, now) == [Change(causes, "x", "bob", MAY_FIT, FITS)]


def test_what_moved_is_told_best_level_first() -> None:
    now = after(DIFFERENT, FITS, OPEN, MAY_FIT, rules="r2")
    found = [(one.study, one.person, one.after) for one in what_changed(BEFORE, now)]
    assert found == [
        ("y", "ann", FITS),
        ("y", "bob", MAY_FIT),
        ("x", "bob", OPEN),
        ("x", "ann", DIFFERENT),
    ]


def test_a_new_study_is_told_with_whom_it_may_concern() -> None:
    now = replace(
        BEFORE,
        studies={"z": 1, "x": 1, "y": 1, "w": 1},
        levels=bytes(
            [MAY_FIT, FITS, OPEN, DIFFERENT, FITS, MAY_FIT, DIFFERENT, Level.UNLABELLED],
        ),
    )
    assert what_changed(BEFORE, now) == [
        Change((NEW_STUDY,), "z"),
        Change((NEW_STUDY,), "z", "bob", None, FITS),
        Change((NEW_STUDY,), "z", "ann", None, MAY_FIT),
        Change((NEW_STUDY,), "w"),
    ]


def test_who_and_what_came_or_went_is_told_once() -> None:
    now = replace(
        BEFORE, studies={"y": 1}, people={"cat": 1, "bob": 1}, levels=bytes([FITS, DIFFERENT])
    )
    assert what_changed(BEFORE, now) == [
        Change((NEW_PERSON,), person="cat"),
        Change((STUDY_GONE,), study="x"),
        Change((PERSON_GONE,), person="ann"),
    ]
    assert {cause for one in what_changed(BEFORE, now) for cause in one.causes} < set(CAUSES)


def test_nothing_is_left_where_nobody_and_nothing_is() -> None:
    nobody = replace(BEFORE, people={}, levels=b"")
    nothing = replace(BEFORE, studies={}, levels=b"")
    assert [one.person for one in what_changed(BEFORE, nobody)] == ["ann", "bob"]
    assert [one.study for one in what_changed(BEFORE, nothing)] == ["x", "y"]
    assert what_changed(nobody, nobody) == what_changed(nothing, nothing) == []


def test_a_test_that_became_old_moves_a_pair_by_time_alone(rulebook: Rulebook) -> None:
    one = study("esr1", "tumor_ESR1")
    matcher = Matcher(rulebook, [one])
    breast = {"cancer_status": "now", "cancer": ("breast",)}
    person = Answers({**breast, "tumor": {"ESR1": Result("none", (2026, 6))}})

    def look(day: date) -> Snapshot:
        grid = screen(matcher, [person], today=day)
        return Snapshot.of(grid, rules="r1", today=day, studies={"esr1": 1}, people={"ann": 1})

    found = what_changed(look(date(2026, 11, 1)), look(date(2027, 2, 1)))
    assert found == [Change((TIME_PASSED,), "esr1", "ann", DIFFERENT, OPEN)]


def test_a_snapshot_comes_back_as_it_was(crowd: Crowd) -> None:
    grid = screen(crowd.matcher, crowd.people, today=DAY)
    snapshot = Snapshot.of(
        grid,
        rules="r1",
        today=DAY,
        studies={one.key: number for number, one in enumerate(crowd.studies)},
        people={f"p{number}": number for number in range(len(crowd.people))},
    )
    again = Snapshot.from_bytes(snapshot.to_bytes())
    assert again == snapshot
    assert (again.table == grid.levels).all()
    assert crowd.studies[7].key not in again.studies
    assert what_changed(snapshot, again) == []


HEAD = b'{"form":1,"rules":"r","today":"2026-11-22","studies":{"x":1},"people":{"a":1}}\n'


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no snapshot",
        zlib.compress(b"no snapshot"),
        zlib.compress(b"[]\n"),
        zlib.compress(HEAD),  # a level is missing
        zlib.compress(HEAD + b"\x00\x00"),
        zlib.compress(HEAD + b"\x06"),  # no level
        zlib.compress(HEAD.replace(b":1,", b":2,", 1) + b"\x00"),  # another form
        zlib.compress(HEAD.replace(b'"x":1', b'"x":"1"') + b"\x00"),
        zlib.compress(HEAD.replace(b"11-22", b"13-22") + b"\x00"),
        zlib.compress(HEAD + b"\x00")[:-2],
        zlib.compress(HEAD + b"\x00") + b"more",
    ],
)
def test_bytes_that_are_no_snapshot_are_refused(packed: bytes) -> None:
    with pytest.raises(DamagedSnapshotError):
        Snapshot.from_bytes(packed)


def test_the_same_bytes_undamaged_are_read() -> None:
    assert Snapshot.from_bytes(zlib.compress(HEAD + b"\x00")).levels == b"\x00"


def test_few_bytes_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with pytest.raises(DamagedSnapshotError):
        Snapshot.from_bytes(zlib.compress(HEAD + b"\x00" * 100_000))


def test_what_could_not_be_read_again_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Snapshot.from_bytes(zlib.compress(HEAD + b"\x00"))
    monkeypatch.setattr(module, "MOST_BYTES", len(HEAD) + 1)
    assert Snapshot.from_bytes(look.to_bytes()) == look
    monkeypatch.setattr(module, "MOST_BYTES", len(HEAD))
    with pytest.raises(SnapshotTooLargeError):
        look.to_bytes()
    with pytest.raises(DamagedSnapshotError):
        Snapshot.from_bytes(zlib.compress(HEAD + b"\x00"))
