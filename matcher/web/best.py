"""Best: the questions whose answers would tell a person most, in words with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.core.answers import UNKNOWN
from matcher.core.levels import Level
from matcher.core.planning.grounded import ALWAYS
from matcher.core.questions import Question
from matcher.schemas.questions import most_settled
from matcher.services.doctor import doctor_questions
from matcher.services.visits import Visit
from matcher.web.filters import Filter
from matcher.web.language import listed, say, speaker
from matcher.web.site import site
from matcher.web.units import unit_name
from matcher.web.way import best_questions, plan_of


@dataclass(frozen=True)
class Best:
    """A question's key and short name, what its answer could settle, and where it is asked.

    `doctor` is the question to a doctor that would find it out, for who is not sure.
    """

    key: str
    name: str
    text: str
    url: str
    doctor: tuple[str, ...]


def best_of(
    visit: Visit, *, most: int, narrowed: Filter | None = None, not_sure_last: bool = True
) -> list[Best]:
    """The best questions in words: what settles most first, but hard ground last.

    Before all of them comes what the others rest on: whether there is a cancer, and which.

    `narrowed`: what the page is narrowed to, which the way there and back keeps; then no count is
    told of all reviews. `not_sure_last`: as for `best_questions`.
    """
    book, plan = site().rulebook, plan_of(visit)

    def place(question: Question) -> tuple[bool, bool, int, int]:
        settled = most_settled(question, plan)
        level, count = (settled.level, settled.count) if settled else (Level.UNLABELLED, 0)
        tender = book.attributes[question.key].tender
        return question.key not in ALWAYS, tender, level, -count

    found = best_questions(visit, most=len(book.attributes), not_sure_last=not_sure_last)
    routing = [question for question in found if question.key in ALWAYS]
    best = best_questions(visit, most=most, not_sure_last=not_sure_last)
    others = [question for question in best if question.key not in ALWAYS]
    questions = sorted([*routing, *others][:most], key=place)
    return [tell_best(question, visit, narrowed=narrowed) for question in questions]


def tell_best(question: Question, visit: Visit, *, narrowed: Filter | None) -> Best:
    """One question in the visitor's words."""
    kept = narrowed.kept if narrowed else {}
    here: dict[str, Any] = {"from": "results", **kept}
    not_sure = visit.answers.get(question.key) == UNKNOWN
    to_doctor = (question.unit,) if not_sure else ()
    return Best(
        key=question.key,
        name=unit_name(question.unit),
        text=_settles(question, visit, with_count=not (kept or visit.leave_out)),
        url=url_for("questions.ask", key=question.key, **here),
        doctor=doctor_questions(to_doctor, site().rulebook, speaker()),
    )


def _settles(question: Question, visit: Visit, *, with_count: bool) -> str:
    most = most_settled(question, plan_of(visit))
    # The plan counts what is left out or filtered away as well: then no count is told.
    if most is None or not with_count:
        told = say("results.best_more")
    else:
        told = say(f"results.best_{most.level.word}_{most.form}", n=most.count, of=most.of)
    if not question.together:
        return told
    others = dict.fromkeys(map(unit_name, question.together))
    return say("results.best_together", list=listed(list(others)), what=told)
