"""Levels: how a study stands to a person, from "fits" down; and the marks a study carries."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from matcher.core.rulebook import Scoring
from matcher.core.study import Study


class Level(IntEnum):
    """The levels, best first."""

    FITS = 0
    MAY_FIT = 1
    RELATED = 2
    OPEN = 3
    DIFFERENT = 4
    UNLABELLED = 5

    @property
    def word(self) -> str:
        """The public word, as in the JSON."""
        return self.name.lower()


def marks_of(study: Study, *, today: date, scoring: Scoring) -> tuple[str, ...]:
    """The marks of a study on a day: its own, then what its age, events and standing bring."""
    marks = list(study.marks)
    if is_aged(study, today=today, scoring=scoring):
        marks.append("aged")
    if study.events:
        marks.append("changed")
    if study.standing != "current":
        marks.append(study.standing)
    return tuple(dict.fromkeys(marks))


def is_aged(study: Study, *, today: date, scoring: Scoring) -> bool:
    """Whether a study is older than its kind allows; an undated one always is."""
    if study.posted is None:
        return True
    years = scoring.aged_years.get(study.kind, scoring.aged_years_otherwise)
    posted = study.posted
    return (posted.year + years, posted.month, posted.day) < (today.year, today.month, today.day)
