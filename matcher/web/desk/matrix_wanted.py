"""Matrix wanted: the questions that would settle most in a panel, in words, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.services.panels.desk_view import Crowd
from matcher.services.panels.persons import Person
from matcher.services.screening.wanted import WantedFact, most_valuable
from matcher.web.language import shown
from matcher.web.site import site

MOST, NAMED = 6, 5
MOST_PAIRS = 200_000
"""So many pairs of a person and a study are looked at in one request; beyond, the first people."""


@dataclass(frozen=True)
class Asking:
    """One question of the form (`key`), its short name, and whom to ask: those who gain most
    first, `named` and the `others`. `pairs`: how many pairs their answers could settle."""

    key: str
    name: str
    named: tuple[Person, ...]
    others: tuple[Person, ...]
    pairs: int

    @property
    def people(self) -> int:
        """How many are to be asked."""
        return len(self.named) + len(self.others)


@dataclass(frozen=True)
class Wanted:
    """The best questions. `looked_at`: for how many people they were worked out, of `of`."""

    questions: tuple[Asking, ...]
    looked_at: int
    of: int


def wanted_in(crowd: Crowd) -> Wanted:
    """The questions that would settle most, one for each page of the form, the best first."""
    here, matcher = site(), site().matcher()
    most = max(1, MOST_PAIRS // max(1, len(matcher.catalogue.studies)))
    answers = crowd.answers[:most]
    best: dict[str, WantedFact] = {}
    for fact in most_valuable(matcher, answers, today=here.today):
        best.setdefault(fact.key, fact)
    questions = tuple(_asking(fact, crowd) for fact in list(best.values())[:MOST])
    return Wanted(questions, len(answers), len(crowd.answers))


def unit_name(unit: str) -> str:
    """The short name of a question, or of one gene or signature of it."""
    key, _, gene = unit.partition(".")
    attribute = site().rulebook.attributes[key]
    option = attribute.option(gene) if gene else None
    name = shown(attribute.name)
    return f"{shown(option.label)} – {name}" if option and option.is_single else name


def _asking(fact: WantedFact, crowd: Crowd) -> Asking:
    people = tuple(crowd.people[number] for number in fact.people)
    return Asking(fact.key, unit_name(fact.unit), people[:NAMED], people[NAMED:], fact.pairs)
