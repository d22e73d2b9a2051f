"""Way: which questions this person is asked, in which order, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from matcher.core.answers import Answers
from matcher.core.rulebook import Attribute
from matcher.schemas.profiles import ProfileError, read_profile
from matcher.services.visits import Visit
from matcher.web.site import site

ADULT = 18


@dataclass(frozen=True)
class Way:
    """The questions for one person, in order, and those that have an answer."""

    asked: tuple[Attribute, ...]
    answered: frozenset[str]

    def next_open(self, *, after: str | None = None) -> Attribute | None:
        """The first question without an answer after `after`, else the first of all."""
        keys = [attribute.key for attribute in self.asked]
        start = keys.index(after) + 1 if after in keys else 0
        waiting = [a for a in (*self.asked[start:], *self.asked) if a.key not in self.answered]
        return waiting[0] if waiting else None

    def before(self, key: str) -> Attribute | None:
        """The question before this one."""
        keys = [attribute.key for attribute in self.asked]
        place = keys.index(key) if key in keys else 0
        return self.asked[place - 1] if place else None

    def place(self, key: str) -> int:
        """The number of a question, from 1; 0 for one that is not on the way."""
        keys = [attribute.key for attribute in self.asked]
        return keys.index(key) + 1 if key in keys else 0


def answers_of(visit: Visit) -> Answers:
    """The answers, validated. What the rules of today refuse is asked again."""
    if "answers" not in g or g.answers[0] is not visit:
        try:
            answers = read_profile({"answers": dict(visit.answers)}, site().rulebook)
        except ProfileError as error:
            refused = {fault.path.split(".")[1] for fault in error.faults if "." in fault.path}
            kept = {k: v for k, v in visit.answers.items() if k not in refused}
            answers = read_profile({"answers": kept}, site().rulebook)
        g.answers = (visit, answers)
    found = g.answers[1]
    assert isinstance(found, Answers)
    return found


def way_of(visit: Visit) -> Way:
    """The questions that matter to some study and may apply to this person."""
    useful = site().matcher().useful_questions(answers_of(visit), today=site().today)
    several = len(_cancers(visit)) > 1
    asked = tuple(a for a in useful if a.key != "main_cancer" or several)
    return Way(asked, frozenset(visit.answers))


def is_young(visit: Visit) -> bool:
    """Whether the answers are about a child: then there is no form and there are no results."""
    age = visit.answers.get("age")
    return isinstance(age, int) and age < ADULT


def _cancers(visit: Visit) -> list[str]:
    given = visit.answers.get("cancer")
    return given if isinstance(given, list) else []
