"""Best: the questions whose answers would tell a person most, in words with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.core.answers import UNKNOWN
from matcher.core.questions import Question
from matcher.schemas.questions import most_settled
from matcher.services.visits import Visit
from matcher.web.cards import doctor_questions
from matcher.web.language import listed, say, shown
from matcher.web.site import site
from matcher.web.way import plan_of


@dataclass(frozen=True)
class Best:
    """A question's short name, what its answer could settle, and where it is asked.

    `doctor` is the question to a doctor that would find it out, for who is not sure.
    """

    name: str
    text: str
    url: str
    doctor: tuple[str, ...]


def tell_best(question: Question, visit: Visit) -> Best:
    """One question in the visitor's words."""
    here: dict[str, Any] = {"from": "results"}
    not_sure = visit.answers.get(question.key) == UNKNOWN
    return Best(
        name=_name(question.unit),
        text=_settles(question, visit),
        url=url_for("questions.ask", key=question.key, **here),
        doctor=doctor_questions((question.unit,), site().rulebook) if not_sure else (),
    )


def _name(unit: str) -> str:
    key, _, gene = unit.partition(".")
    attribute = site().rulebook.attributes[key]
    option = attribute.option(gene) if gene else None
    name = shown(attribute.name)
    # An entry that stands for several genes has no name that one would look for.
    single = option and not option.panel and not option.one_of
    return f"{shown(option.label)} – {name}" if option and single else name


def _settles(question: Question, visit: Visit) -> str:
    most = most_settled(question, plan_of(visit))
    if most is None:
        told = say("results.best_more")
    else:
        told = say(f"results.best_{most.level.word}_{most.form}", n=most.count, of=most.of)
    if not question.together:
        return told
    others = dict.fromkeys(map(_name, question.together))
    return say("results.best_together", list=listed(list(others)), what=told)
