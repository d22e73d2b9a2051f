"""Levels: the first row of the table that holds, from the top; and the marks of a study.

`Y`, `u` and `n` are criteria that are yes, unknown and no for the person of these tests; a small
letter `y` is yes but only excludes (sex, age …), `v` is unknown and only excludes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.core.levels import Level, is_aged, marks_of
from matcher.core.study import Event, Study
from matcher.core.text import Text
from tests.core.small import TODAY, book, found, study

PERSON: dict[str, Any] = {
    "cancer": ["breast"],
    "er": "positive",
    "sex_at_birth": "female",
    "age": 50,
}
TAGS = {
    "Y": "er_positive",
    "Z": "breast_cancer",
    "u": "her2_positive",
    "w": "tumor_ESR1",
    "n": "er_negative",
    "m": "ovarian_cancer",
    "y": "women",
    "v": "lines_at_least:3:x",  # not a tag of the rules: unread
    "a": "age_at_least:50",
    "?": "? words that nobody could read",
}


def shape(text: str | None) -> Any:
    """ "Yu|n" is "(Y and u) or n"; "!Y" is "not Y"."""
    if text is None:
        return None
    groups = []
    for group in text.split("|"):
        parts: list[Any] = []
        negated = False
        for letter in group:
            if letter == "!":
                negated = True
                continue
            parts.append({"not": TAGS[letter]} if negated else TAGS[letter])
            negated = False
        groups.append(tuple(parts) if len(parts) > 1 else parts[0])
    return groups if len(groups) > 1 else groups[0]


def level(most: str | None, *also: str) -> str:
    return found(study("a", shape(most), [shape(one) for one in also]), **PERSON).level.word


@pytest.mark.parametrize(
    ("most", "also", "word"),
    [
        # fits: "most" is yes
        ("Y", (), "fits"),
        ("YZ", (), "fits"),
        ("Yy", (), "fits"),
        ("y", (), "fits"),
        ("a", (), "fits"),
        ("n|Y", (), "fits"),
        ("u|Y", (), "fits"),
        ("?|Y", (), "fits"),
        ("Y", ("n",), "fits"),
        ("Y", ("Y",), "fits"),
        ("!n", (), "fits"),
        # may_fit: "most" is unknown, and in a group that is not no something supports
        ("Yu", (), "may_fit"),
        ("Y?", (), "may_fit"),
        ("Yu|n", (), "may_fit"),
        ("u|Yu", (), "may_fit"),
        ("Yu", ("Y",), "may_fit"),
        ("Yv", (), "may_fit"),
        # … but what only excludes does not support, nor does a negation
        ("yu", (), "open"),
        ("au", (), "open"),
        ("!nu", (), "open"),
        ("y?", (), "open"),
        ("yu", ("Y",), "related"),
        # … nor a yes in a group that is no
        ("Yn|u", (), "open"),
        ("Yn|yu", ("n",), "open"),
        ("Yn|u", ("Y",), "related"),
        # related: some "also" is yes
        ("n", ("Y",), "related"),
        (None, ("Y",), "related"),
        ("u", ("Y",), "related"),
        ("n", ("n", "Y"), "related"),
        ("n", ("u", "Y"), "related"),
        ("n", ("y",), "related"),
        ("?", ("Y",), "related"),
        # open: something is unknown
        ("u", (), "open"),
        ("u", ("n",), "open"),
        ("n", ("u",), "open"),
        ("n", ("n", "u"), "open"),
        (None, ("u",), "open"),
        ("n|u", (), "open"),
        ("n", ("Yu",), "open"),
        # different: everything is no
        ("n", (), "different"),
        ("nY", (), "different"),
        ("nu", (), "different"),
        ("n?", (), "different"),
        ("n|m", (), "different"),
        ("n", ("m",), "different"),
        (None, ("n",), "different"),
        ("!Y", (), "different"),
        ("?", ("n",), "different"),
        # unlabelled: no audience with a tag that was read
        (None, (), "unlabelled"),
        ("?", (), "unlabelled"),
        ("v", (), "unlabelled"),
        (None, ("?",), "unlabelled"),
        ("?", ("?", "v"), "unlabelled"),
        ("!?", (), "unlabelled"),
    ],
)
def test_the_first_row_that_holds(most: str | None, also: tuple[str, ...], word: str) -> None:
    assert level(most, *also) == word


def test_an_audience_of_nothing_but_unread_words_takes_no_part() -> None:
    assert level("n", "?") == "different"
    assert level("Y", "?") == "fits"


def test_an_or_inside_a_criterion_supports_only_if_all_its_parts_do() -> None:
    supporting = ("her2_positive", ["er_positive", "breast_cancer"])
    assert found(study("a", supporting), **PERSON).level == Level.MAY_FIT
    mixed = ("her2_positive", ["er_positive", "women"])
    assert found(study("a", mixed), **PERSON).level == Level.OPEN
    inner_and = ("her2_positive", ["ovarian_cancer", ("er_positive", "women")])
    assert found(study("a", inner_and), **PERSON).level == Level.MAY_FIT


def test_levels_are_ordered_best_first() -> None:
    assert [one.word for one in sorted(Level)] == [
        "fits", "may_fit", "related", "open", "different", "unlabelled",
    ]  # fmt: skip


# Marks


def marks(today: date = TODAY, **more: Any) -> tuple[str, ...]:
    more.setdefault("posted", TODAY)
    return marks_of(Study("a", "A", **more), today=today, scoring=book().scoring)


@pytest.mark.parametrize(
    ("kind", "posted", "aged"),
    [
        ("Study", date(2021, 11, 22), False),
        ("Study", date(2021, 11, 21), True),
        ("Article", date(2021, 11, 21), True),
        ("Trial", date(2022, 1, 1), False),
        ("Update", date(2023, 11, 22), False),
        ("Update", date(2023, 11, 21), True),
        ("Guideline", date(2023, 11, 21), True),
        ("Guideline", date(2026, 11, 22), False),
        ("Study", date(2030, 1, 1), False),
        ("Study", None, True),
        ("Update", None, True),
    ],
)
def test_a_study_ages(kind: str, posted: date | None, aged: bool) -> None:
    one = Study("a", "A", kind=kind, posted=posted)
    assert is_aged(one, today=TODAY, scoring=book().scoring) == aged
    assert ("aged" in marks(kind=kind, posted=posted)) == aged


def test_a_leap_day_ages_like_others() -> None:
    leap = {"posted": date(2024, 2, 29), "kind": "Update"}
    assert marks(date(2027, 2, 28), **leap) == ()
    assert marks(date(2027, 3, 1), **leap) == ("aged",)


def test_marks_come_in_one_order_and_once() -> None:
    event = Event(TODAY, Text("It was withdrawn.", "Se retiró."))
    every = marks(marks=("animal", "weak", "aged"), posted=None, events=(event,),
                  standing="retracted")  # fmt: skip
    assert every == ("animal", "weak", "aged", "changed", "retracted")
    assert marks() == ()
    assert marks(standing="superseded") == ("superseded",)
    assert marks(events=(event, event)) == ("changed",)
