"""Change: the smallest set of not-known answers that would make a study fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher.core.answers import UNKNOWN, Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import tags_in
from matcher.core.engine import decide
from matcher.core.facts import Facts
from matcher.core.logic import Atom, Expression, Known, walk
from matcher.core.questions import possible_answers
from matcher.core.study import Study
from matcher.core.truth import Truth

MOST_STEPS = 8
MOST_TRIALS = 3000


@dataclass(frozen=True)
class Step:
    """One answer to give: the single answer (``key`` or ``key.gene``) and its value.

    Of a list the value is one item to name; two steps may name two items of one list.
    """

    unit: str
    to: str


@dataclass(frozen=True)
class Outlook:
    """What would be known after some answers, and what of it no further answer could change."""

    facts: Facts
    certain: Facts


@dataclass(frozen=True)
class Offer:
    """An answer that an open question could get, and what would be known with it alone."""

    step: Step
    value: Value
    outlook: Outlook


Chosen = tuple[Offer, ...]


def smallest_change(
    catalogue: Catalogue, study: Study, answers: Answers, *, today: date
) -> tuple[Step, ...] | None:
    """Which not-known answers, fewest first, would make the study `fits`, in form order.

    Empty if it fits already. None if there is no such set of at most `MOST_STEPS` answers, or
    none was found in `MOST_TRIALS` trials.
    """
    alone = Catalogue.compile(catalogue.book, [study], finder=catalogue.finder)
    return _Search(alone, answers, today).smallest()


class _Search:
    """Adds answers one by one, each time one that bears on a criterion that is still unknown."""

    def __init__(self, catalogue: Catalogue, answers: Answers, today: date) -> None:
        self.catalogue = catalogue
        self.answers = answers
        self.today = today
        self.now = self._look(answers)
        self.groups = list(catalogue.groups_for(0))
        self.offers = self._offers() if self.groups else []
        criteria = {number for group in self.groups for number in group}
        self.atoms = {
            number: {part.index for part in self._parts_of(number) if isinstance(part, Atom)}
            for number in criteria
        }
        self.surely = {n for n in criteria if any(isinstance(p, Known) for p in self._parts_of(n))}
        self.useful = {number: self._useful_for(number) for number in criteria}
        self.trials = 0

    def smallest(self) -> tuple[Step, ...] | None:
        """The steps of the smallest set, or None."""
        for limit in range(MOST_STEPS + 1):
            for group in self.groups:
                found = self._descend(group, (), limit, set())
                if found is not None:
                    return tuple(one.step for one in self.offers if one in found)
        return None

    def _descend(
        self, group: tuple[int, ...], chosen: Chosen, limit: int, seen: set[frozenset[Step]]
    ) -> Chosen | None:
        """`chosen` and what must be added to it for the group to hold, if `limit` answers do."""
        steps = frozenset(one.step for one in chosen)
        self.trials += 1
        if steps in seen or self.trials > MOST_TRIALS:
            return None
        seen.add(steps)
        outlook = self._look(self._told(chosen))
        verdicts = dict(zip(group, self._verdicts(outlook, group), strict=True))
        if Truth.NO in verdicts.values() or self._contradicts(outlook):
            return None
        unknown = [number for number, verdict in verdicts.items() if verdict == Truth.UNKNOWN]
        if not unknown:
            return chosen
        if len(chosen) + self._least_number(unknown) > limit:
            return None
        narrowest = min(unknown, key=lambda number: len(self.useful[number]))
        for offer in self.useful[narrowest]:
            if offer.step not in steps and self._goes_with(offer, chosen):
                found = self._descend(group, (*chosen, offer), limit, seen)
                if found is not None:
                    return found
        return None

    def _least_number(self, unknown: list[int]) -> int:
        """At least so many answers are missing: criteria that no common answer bears on."""
        bearing: set[Step] = set()
        count = 0
        for number in unknown:
            steps = {offer.step for offer in self.useful[number]}
            if not steps & bearing:
                count += 1
                bearing |= steps
        return count

    def _offers(self) -> list[Offer]:
        """Every answer to an open question that contradicts nothing, the coarser values first."""
        offers = []
        for unit, values in possible_answers(self.catalogue, self.answers, today=self.today):
            attribute = self.catalogue.book.attributes[unit.partition(".")[0]]
            for word, value in sorted(values, key=lambda one: len(attribute.wider_than(one[0]))):
                outlook = self._look(_with(self.answers, unit, value))
                if not self._contradicts(outlook):
                    offers.append(Offer(Step(unit, word), value, outlook))
        return offers

    def _parts_of(self, number: int) -> Iterator[Expression]:
        """All that a criterion's tags are made of."""
        for key in tags_in(self.catalogue.criteria[number].condition):
            yield from walk(self.catalogue.expressions[key])

    def _useful_for(self, number: int) -> list[Offer]:
        """The offers that bear on a criterion and do not rule it out; what it asks for first."""
        vocabulary = self.catalogue.finder.vocabulary
        either = sum(1 << atom | 1 << (vocabulary.size + atom) for atom in self.atoms[number])
        asked = {vocabulary.owner[atom] for atom in self.atoms[number]}
        bearing = [
            offer
            for offer in self.offers
            if offer.outlook.facts.known & ~self.now.facts.known & either
            and self._verdicts(offer.outlook, (number,))[0] != Truth.NO
        ]
        return sorted(bearing, key=lambda offer: offer.step.unit.partition(".")[0] not in asked)

    def _verdicts(self, outlook: Outlook, criteria: tuple[int, ...]) -> list[Truth]:
        """The criteria's truths; a "no" that an answer could still turn counts as unknown."""
        rows = decide(self.catalogue, [outlook.facts, outlook.certain]).criteria
        truths = []
        for number in criteria:
            now, certain = (Truth(int(value)) for value in rows[number])
            final = certain == Truth.NO and not self._is_open(number, outlook.certain)
            truths.append(now if now != Truth.NO or final else Truth.UNKNOWN)
        return truths

    def _is_open(self, number: int, certain: Facts) -> bool:
        """Whether a "no" may be no more than "not surely"."""
        return number in self.surely and any(
            certain.value(atom) == Truth.UNKNOWN for atom in self.atoms[number]
        )

    def _contradicts(self, outlook: Outlook) -> bool:
        return not set(outlook.facts.contradictions) <= set(self.now.facts.contradictions)

    def _goes_with(self, offer: Offer, chosen: Chosen) -> bool:
        """Whether a question that was chosen already can get this answer too: an item more."""
        told = [one.value for one in chosen if one.step.unit == offer.step.unit]
        lists = [value for value in (*told, offer.value) if isinstance(value, tuple)]
        return not told or (bool(lists) and all(UNKNOWN in value for value in lists))

    def _told(self, chosen: Chosen) -> Answers:
        answers = self.answers
        for offer in chosen:
            answers = _with(answers, offer.step.unit, offer.value)
        return answers

    def _look(self, answers: Answers) -> Outlook:
        finder = self.catalogue.finder
        facts = finder.find(answers, today=self.today)
        settled = answers.without(facts.set_aside)
        return Outlook(facts, finder.find_certain(settled, today=self.today))


def _with(answers: Answers, unit: str, value: Value) -> Answers:
    """The answers with one more; a gene joins the others, an item its list."""
    key = unit.partition(".")[0]
    told = answers.given.get(key)
    if isinstance(value, tuple) and isinstance(told, tuple):
        value = tuple(sorted({*told, *value}))
    elif isinstance(value, dict):
        value = {**answers.results(key), **value}
    return Answers({**answers.given, key: value}, answers.declined)
