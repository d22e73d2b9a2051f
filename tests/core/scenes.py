"""Scenes: studies of few criteria and people of whom little is open, drawn by a seed."""

from __future__ import annotations

from random import Random
from typing import Any

from matcher.core.answers import UNKNOWN, Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import tags_in
from matcher.core.finder import FactFinder
from matcher.core.logic import Atom, walk
from matcher.core.questions import useful_units
from matcher.core.rulebook import Attribute, Rulebook
from matcher.core.study import Study
from tests.core.changes import every_answer
from tests.core.small import TODAY, study

NUMBERED = ("age_at_least:40", "age_at_least:60", "age_at_most:39", "age_at_most:60")
RESULTS = ("mutation", "none", "none", "uncertain", "not_tested")


class Scenes:
    """Draws a study and a person under one rulebook; the same for the same seed."""

    def __init__(self, book: Rulebook, finder: FactFinder, *, open_answers: int) -> None:
        self.book = book
        self.finder = finder
        self.open_answers = open_answers
        scoped = [f"{key}:{site}" for key, tag in book.tags.items() if tag.scoped
                  for site in ("breast", "ovarian")]  # fmt: skip
        self.tags = [*book.tags, *NUMBERED, "lines_at_least:2", "lines_at_least:2:breast", *scoped]

    def draw(self, seed: int) -> tuple[Catalogue, Study, Answers, tuple[int, ...]]:
        """A catalogue of one study, the study, the person, and the numbers that tell apart."""
        random = Random(seed)
        one = study("a", self._most(random))
        catalogue = Catalogue.compile(self.book, [one], finder=self.finder)
        useful = {unit.partition(".")[0] for unit in useful_units(catalogue)}
        share = 0.4 if random.random() < 0.25 else 0.08
        given = {
            attribute.key: self._value(random, attribute)
            for attribute in self.book.attributes.values()
            if random.random() < share
        }
        told = {n for value in given.values() if isinstance(value, int) for n in (value, value + 1)}
        numbers = tuple(sorted({0, 1, *told, *_bounds(catalogue, one)}))
        answers = self._decline(random, catalogue, Answers(given), useful, numbers)
        return catalogue, one, answers, numbers

    def _decline(
        self,
        random: Random,
        catalogue: Catalogue,
        answers: Answers,
        useful: set[str],
        numbers: tuple[int, ...],
    ) -> Answers:
        """The answers, with so many questions declined that few single answers are left open."""
        units = [
            unit
            for attribute in self.book.attributes.values()
            for unit in (
                [f"{attribute.key}.{o.value}" for o in attribute.options]
                if attribute.kind == "results"
                else [attribute.key]
            )
            if unit not in answers.units()
        ]
        random.shuffle(units)
        units.sort(key=lambda unit: unit.partition(".")[0] in useful and random.random() < 0.9)
        declined: set[str] = set()
        while units:
            told = Answers(answers.given, frozenset(declined))
            open_ = every_answer(catalogue, told, today=TODAY, numbers=numbers)
            if len(open_) <= self.open_answers:
                return told
            declined.update(units[: 1 + len(units) // 8])
            del units[: 1 + len(units) // 8]
        return Answers(
            {key: _closed(value) for key, value in answers.given.items()}, frozenset(declined)
        )

    def _most(self, random: Random) -> Any:
        def criterion(depth: int = 0) -> Any:
            kind = random.random()
            if depth < 2 and kind < 0.15:
                return [criterion(depth + 1), criterion(depth + 1)]
            if kind < 0.25:
                return {"not": random.choice(self.tags)}
            return "? words" if kind < 0.26 else random.choice(self.tags)

        def group() -> Any:
            parts = tuple(criterion() for _ in range(random.choice((1, 1, 2, 2, 3))))
            return parts if len(parts) > 1 else parts[0]

        return [group(), group()] if random.random() < 0.2 else group()

    def _value(self, random: Random, attribute: Attribute) -> Value:
        options = [option.value for option in attribute.options if not option.exclusive]
        match attribute.kind:
            case "yes_no":
                return random.choice(("yes", "no"))
            case "integer":
                return random.randint(attribute.min, min(attribute.max, 80))
            case "one":
                return random.choice(options)
            case "results":
                dates = (None, (2020, 1), (2026, 10))
                genes = random.sample(options, min(len(options), 2))
                return {g: Result(random.choice(RESULTS), random.choice(dates)) for g in genes}
            case _:
                items = random.sample(options, min(len(options), random.randint(1, 2)))
                return tuple(sorted([*items, *([UNKNOWN] if random.random() < 0.3 else [])]))


def _closed(value: Value) -> Value:
    """A list without its "unknown"; any other answer as it is."""
    return tuple(one for one in value if one != UNKNOWN) if isinstance(value, tuple) else value


def _bounds(catalogue: Catalogue, one: Study) -> set[int]:
    """The numbers on each side of every bound that the study's tags set."""
    assert one.most is not None
    assert one.most.condition is not None
    tags = map(catalogue.book.tag, tags_in(one.most.condition))
    vocabulary = catalogue.finder.vocabulary
    parts = (part for tag in tags for part in walk(vocabulary.tag_expression(tag)))
    names = (vocabulary.names[part.index] for part in parts if isinstance(part, Atom))
    bounds = {int(name.partition(">=")[2]) for name in names if ">=" in name}
    return bounds | {bound - 1 for bound in bounds}
