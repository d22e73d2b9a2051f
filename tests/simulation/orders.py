"""Orders: in which pages of the form are asked, and how soon each shows somebody's best studies.

A person begins with nothing but the routing question. Page by page one more is answered as the
complete profile has it; a page of genes gives all its results. A page that does not arise in the
complete profile counts as asked. After each answer the first five of the list are compared, by
key, with the first five of the complete profile. Only studies that are shown as concerning the
person (fits, may fit, related) count, on both sides. A person in whose complete list there is
none is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.planning.asking import open_questions
from matcher.core.planning.conversation import in_conversation
from matcher.core.planning.hypotheses import answers_to_try
from matcher.core.planning.outlook import BEST, NONE, look
from matcher.core.planning.scene import Stage, certain
from matcher.core.questions import Planner, page_weights
from matcher.core.vocabulary import CANCER, MAIN, STATUS
from tests.laws.court import TODAY
from tests.simulation.people import complete_person

STEPS = 12
ROUND = 10
FIRST = (STATUS, CANCER, MAIN, "age")
Curve = NDArray[np.float64]


@dataclass
class Asked:
    """One simulated person on the way: what they would say, what was asked, what they said."""

    complete: Answers
    number: int
    answers: Answers
    asked: frozenset[str] = frozenset({STATUS})
    said: tuple[str, ...] = (STATUS,)

    def ask(self, key: str) -> None:
        """Ask for one page."""
        self.asked |= {key}
        self.said += (key,)
        if key in self.complete.given:
            given = {**self.answers.given, key: self.complete.given[key]}
            self.answers = Answers(given)


@dataclass
class World:
    """A catalogue, its planner, and what was planned before (people often begin alike)."""

    catalogue: Catalogue
    planner: Planner
    plans: dict[tuple[str, frozenset[str]], Mapping[str, float]] = field(default_factory=dict)
    people: dict[int, Answers] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> World:
        """The world of a catalogue."""
        return cls(catalogue, Planner(catalogue))

    def person(self, number: int) -> Answers:
        """One simulated person, complete."""
        if number not in self.people:
            self.people[number] = complete_person(self.catalogue.finder, number)
        return self.people[number]

    def best(self, people: Iterable[Answers]) -> NDArray[np.int64]:
        """The best studies that are shown to each person: [people × best], `NONE` for none."""
        return look(self.catalogue, list(people), today=TODAY).shown[:, :BEST]

    def waiting(self, one: Asked) -> Iterator[str]:
        """The pages that may still say something new that bears on some study, in form order."""
        stage: Stage = self.planner.stage
        answers = Answers(one.answers.given, one.asked - frozenset(one.answers.given))
        facts = self.catalogue.finder.find(answers, today=TODAY)
        known = certain(self.catalogue, answers, TODAY)
        new = stage.usefulness.literals & ~known
        useful = stage.usefulness.useful
        found: set[str] = set()
        for question in open_questions(self.catalogue, answers, facts, useful=useful):
            key = question.attribute.key
            if key not in found:
                numbers = stage.numbers.get(key, ())
                tries = answers_to_try(stage.sayings, question, numbers=numbers, known=known)
                if any(each.said.brings & new for each in tries):
                    found.add(key)
                    yield key


Order = Callable[[World, Asked], str | None]


def planned(world: World, one: Asked) -> str | None:
    """The page of most weight."""
    weights = weighed(world, one)
    return max(weights, key=weights.__getitem__, default=None)


def weighed(world: World, one: Asked) -> Mapping[str, float]:
    """What each page is worth to a person as far as it is known."""
    name = (repr(sorted(one.answers.given.items())), one.asked)
    if name not in world.plans:
        answers = Answers(one.answers.given, one.asked - frozenset(one.answers.given))
        world.plans[name] = page_weights(world.planner.plan(answers, today=TODAY))
    return world.plans[name]


def in_chapters(world: World, one: Asked) -> str | None:
    """As the form asks: routing, age, then chapter by chapter what weighs enough."""
    weights = weighed(world, one)
    first = next((key for key in FIRST if key in weights), None)
    if first is not None:
        return first
    start = len(one.said) // ROUND * ROUND
    talked = [key for key in one.said[start:] if key not in FIRST]
    keys = in_conversation(world.catalogue.book, weights, talked=talked, begun=one.said)
    return next(iter(keys), None)


def fixed(world: World, one: Asked) -> str | None:
    """The next page in form order."""
    return next(world.waiting(one), None)


def at_random(world: World, one: Asked) -> str | None:
    """Any page."""
    waiting = list(world.waiting(one))
    return Random(f"{one.number} {len(one.asked)}").choice(waiting) if waiting else None


def foreseen(world: World, one: Asked) -> str | None:
    """The page that shows most of the best studies, seen in the complete profile.

    Beside what it shows at once, a page counts for its part in what a best study rests on. No
    order can know all that: it shows how far so many answers can carry.
    """
    complete = one.complete.given
    keys = [key for key in world.waiting(one) if key in complete]
    if not keys:
        return None
    less = [Answers({k: v for k, v in complete.items() if k != key}) for key in keys]
    more = [Answers({**one.answers.given, key: complete[key]}) for key in keys]
    goal, now, *found = world.best([one.complete, one.answers, *less, *more])
    lost = np.array([np.isin(goal, each, invert=True) for each in found[: len(keys)]])
    lost &= np.isin(goal, now, invert=True) & (goal != NONE)
    parts = (lost / np.maximum(lost.sum(axis=0), 1)).sum(axis=1) / (goal != NONE).sum()
    shown = [_share(goal, each) for each in found[len(keys) :]]
    return max(zip(keys, shown, parts, strict=True), key=lambda each: each[1] + each[2])[0]


def curve(world: World, order: Order, people: range, *, answers: int = STEPS) -> tuple[Curve, int]:
    """The mean share of the best studies found after 0, 1, … answers; over how many people."""
    shares = []
    for number in people:
        complete = world.person(number)
        one = Asked(complete, number, complete.only(frozenset({STATUS})))
        steps = [one.answers]
        while len(steps) <= answers:
            key = order(world, one)
            if key is not None:
                one.ask(key)
            steps.append(one.answers)
        goal, *found = world.best([complete, *steps])
        if (goal != NONE).any():
            shares.append([_share(goal, each) for each in found])
    return np.mean(shares, axis=0), len(shares)


def _share(goal: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    wanted = goal[goal != NONE]
    return float(np.isin(wanted, found).mean())
