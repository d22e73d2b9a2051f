"""Contradictions: two answers that do not go together, with both and a link to each."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.core.matching import Outcome
from matcher.services.visits import Visit
from matcher.web.site import site
from matcher.web.spoken import Said, said


@dataclass(frozen=True)
class Conflict:
    """One contradiction: its sentence, and the answers that take part."""

    text: str
    answers: tuple[Said, ...]


def conflicts(outcome: Outcome, visit: Visit) -> list[Conflict]:
    """What the person should look at again."""
    book = site().rulebook
    told = []
    for found, text in outcome.contradictions:
        keys = dict.fromkeys(unit.partition(".")[0] for unit in found.units)
        answers = [
            said(book.attributes[key], visit.answers[key], book)
            for key in keys
            if key in visit.answers
        ]
        told.append(Conflict(text, tuple(answers)))
    return told


def set_aside(outcome: Outcome) -> frozenset[str]:
    """The keys of the answers from which nothing is taken while they contradict another."""
    return frozenset(unit.partition(".")[0] for unit in outcome.facts.set_aside)
