"""Questions: what to ask next. The parts stand in modules of their own; this is their front."""

from __future__ import annotations

from datetime import date

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.planning.asking import is_asked
from matcher.core.planning.plan import Plan, PossibleAnswer, Question, page_weights
from matcher.core.planning.planner import Planner
from matcher.core.planning.usefulness import useful_units

__all__ = [
    "Plan",
    "Planner",
    "PossibleAnswer",
    "Question",
    "is_asked",
    "page_weights",
    "rank_questions",
    "useful_units",
]


def rank_questions(catalogue: Catalogue, answers: Answers, *, today: date) -> Plan:
    """The plan for one person. For many people keep a `Planner`: it prepares the catalogue once."""
    return Planner(catalogue).plan(answers, today=today)
