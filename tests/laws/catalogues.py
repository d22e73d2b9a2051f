"""Catalogues: random studies over all tags of the rules, the same for the same seed.

Studies are plain dicts in the referee's shape; `as_studies` turns them into the product's own.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from matcher.core.conditions import from_json
from matcher.core.study import KINDS, RATING_WORDS, SET_MARKS, Audience, Event, Ratings, Study
from matcher.core.text import Text
from tests.referee.reading import Rules

NUMBERS = (0, 1, 2, 3, 18, 30, 31, 39, 40, 45, 50, 51, 65)
LATEST = date(2026, 11, 22)


def all_tags(rules: Rules) -> list[str]:
    """Every tag, every scoped one with each site, every numbered one with some numbers."""
    scoped = [
        f"{key}:{site}"
        for key, tag in rules.tags.items()
        if tag.get("scoped")
        for site in rules.values("cancer")
    ]
    numbered = [f"{key}:{n}" for key in rules.families for n in NUMBERS]
    return [*rules.tags, *scoped, *numbered]


class StudyMaker:
    """Makes random conditions and studies; breast cancer and its tags come up most."""

    def __init__(self, rules: Rules, rng: Random) -> None:
        self.rng = rng
        self.everything = all_tags(rules)
        self.usual = [
            key for key in self.everything if ":" not in key or key.endswith((":breast", ":50"))
        ]

    def condition(self, depth: int = 2) -> dict[str, Any]:
        """A condition in the public JSON shape; nested, negated, partly unread at times."""
        chance = self.rng.random()
        if depth and chance < 0.12 + 0.15 * depth:
            parts = [self.condition(depth - 1) for _ in range(self.rng.choice([1, 2, 2, 3]))]
            return {self.rng.choice(["all", "any"]): parts}
        if chance < 0.2:
            return {"not": self.condition(max(depth - 1, 0))}
        if chance < 0.28:
            return {"unread": self.rng.choice(["some words", "other words"])}
        if chance < 0.3:
            return {"tag": self.rng.choice(["no_such_tag", "er_positive:breast", "metastatic:x"])}
        return {"tag": self.rng.choice(self.usual if chance < 0.8 else self.everything)}

    def most(self) -> dict[str, Any] | None:
        """A "most relevant" audience: usually an "and" of a few criteria, one or two groups."""
        if self.rng.random() < 0.06:
            return None
        groups = []
        for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
            parts = [self.condition(self.rng.choice([0, 0, 0, 1, 2])) for _ in range(self._few())]
            groups.append({"all": parts})
        return groups[0] if len(groups) == 1 else {"any": groups}

    def _few(self) -> int:
        return self.rng.choice([1, 1, 2, 2, 3, 4, 5])

    def study(self, number: int) -> dict[str, Any]:
        """One study in the referee's shape."""
        rng = self.rng
        also = [self.condition() for _ in range(rng.choice([0, 0, 1, 2, 3]))]
        if also and rng.random() < 0.1:
            also.append(also[0])
        days = rng.choice([0, 30, 365, 366, 3 * 365, 3 * 365 + 1, 5 * 365 + 2, 4000])
        return {
            "key": f"study-{number}",
            "kind": rng.choice(KINDS),
            "posted": None
            if rng.random() < 0.1
            else LATEST - timedelta(days=days + rng.randint(-2, 2)),
            "most": self.most(),
            "also": also,
            "relevance": rng.choice([None, *RATING_WORDS]),
            "strength": rng.choice([None, *RATING_WORDS]),
            "marks": rng.sample(SET_MARKS, k=rng.choice([0, 0, 0, 1, 2])),
            "changed": rng.random() < 0.1,
            "standing": rng.choices(["current", "superseded", "retracted"], [94, 3, 3])[0],
        }

    def studies(self, count: int) -> list[dict[str, Any]]:
        """Several studies with different keys."""
        return [self.study(number) for number in range(count)]


def as_study(plain: dict[str, Any]) -> Study:
    """The product's own value of a plain study."""
    event = Event(on=LATEST, text=Text("It changed.", "Cambió."))
    return Study(
        key=plain["key"],
        title=plain["key"].replace("-", " "),
        kind=plain["kind"],
        posted=plain["posted"],
        most=None if plain["most"] is None else Audience("most", from_json(plain["most"])),
        also=tuple(Audience("also", from_json(also)) for also in plain["also"]),
        ratings=Ratings(relevance=plain["relevance"], strength_of_science=plain["strength"]),
        marks=tuple(plain["marks"]),
        events=(event,) if plain["changed"] else (),
        standing=plain["standing"],
    )
