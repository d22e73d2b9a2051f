"""Best: the questions whose answers would tell a person most, in words with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.core.answers import UNKNOWN
from matcher.core.questions import Question
from matcher.services.visits import Visit
from matcher.web.cards import doctor_questions
from matcher.web.language import say, shown
from matcher.web.site import site
from matcher.web.way import plan_of


@dataclass(frozen=True)
class Best:
    """A question's short name, what its answer would settle, and where it is asked.

    `doctor` is the question to a doctor that would find it out, for who is not sure.
    """

    name: str
    text: str
    url: str
    doctor: tuple[str, ...]


def tell_best(question: Question, visit: Visit) -> Best:
    """One question in the visitor's words."""
    book = site().rulebook
    attribute = book.attributes[question.key]
    option = attribute.option(question.gene) if question.gene else None
    # An entry that stands for several genes has no name that one would look for.
    single = option if option and not option.panel and not option.one_of else None
    name = shown(attribute.name)
    here: dict[str, Any] = {"from": "results"}
    not_sure = visit.answers.get(question.key) == UNKNOWN
    return Best(
        name=f"{shown(single.label)} – {name}" if single else name,
        text=_settles(question, visit),
        url=url_for("questions.ask", key=question.key, **here),
        doctor=doctor_questions((question.unit,), book) if not_sure else (),
    )


def _settles(question: Question, visit: Visit) -> str:
    plan = plan_of(visit)
    level, n, of = "may_fit", question.settles_may_fit, plan.may_fit
    if not n:
        level, n, of = "open", question.settles, plan.open
    return say(f"results.best_{level}_{'one' if of == 1 else 'many'}", n=n, of=of)
