"""Matrix wanted: the questions that would settle most in a panel, in words, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matcher.core.planning.conversation import PLAIN_WORDS
from matcher.services.panels.desk_view import Crowd
from matcher.services.panels.persons import Person
from matcher.services.screening.wanted import WantedFact, most_valuable
from matcher.web.site import site
from matcher.web.units import unit_name

MOST, NAMED = 6, 5
MOST_PAIRS = 200_000
"""So many pairs of a person and a study are looked at in one request; beyond, the first people."""


@dataclass(frozen=True)
class Asking:
    """One question of the form (`key`), its short name, and whom to ask, each with how many pairs
    their answer could settle: who gains most first."""

    key: str
    name: str
    each: tuple[tuple[Person, int], ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Who is to be asked."""
        return tuple(person for person, _ in self.each)

    @property
    def named(self) -> tuple[Person, ...]:
        """The first of them."""
        return self.people[:NAMED]

    @property
    def others(self) -> tuple[Person, ...]:
        """The rest of them."""
        return self.people[NAMED:]

    @property
    def pairs(self) -> int:
        """How many pairs of a person and a study their answers could settle."""
        return sum(pairs for _, pairs in self.each)

    def without(self, people: Iterable[Person]) -> Asking:
        """The same, asked of the others."""
        ids = {person.public_id for person in people}
        left = tuple(one for one in self.each if one[0].public_id not in ids)
        return replace(self, each=left)


@dataclass(frozen=True)
class Wanted:
    """The best questions. `looked_at`: for how many people they were worked out, of `of`."""

    questions: tuple[Asking, ...]
    looked_at: int
    of: int


def wanted_in(crowd: Crowd) -> Wanted:
    """The questions that would settle most, one for each page of the form, the best first.

    Those on hard ground come last, as in the form, and to nobody a second time.
    """
    here, matcher = site(), site().matcher()
    most = max(1, MOST_PAIRS // max(1, len(matcher.catalogue.studies)))
    answers = crowd.answers[:most]
    best: dict[str, Asking] = {}
    for fact in most_valuable(matcher, answers, today=here.today):
        if fact.key not in best:
            best[fact.key] = _asking(fact, crowd)
    for number, words in PLAIN_WORDS.items():
        if number in best and words in best:
            best[number] = best[number].without(best[words].people)
    asked = [one for one in best.values() if one.people][:MOST]
    asked.sort(key=lambda one: here.rulebook.attributes[one.key].tender)
    return Wanted(tuple(asked), len(answers), len(crowd.answers))


def _asking(fact: WantedFact, crowd: Crowd) -> Asking:
    tender = site().rulebook.attributes[fact.key].tender
    asked = (
        (crowd.people[number], pairs)
        for number, pairs in zip(fact.people, fact.settles, strict=True)
    )
    return Asking(
        fact.key,
        unit_name(fact.unit),
        tuple(one for one in asked if not (tender and fact.key in one[0].profile.answers)),
    )
