"""Given change: the fewest given answers that would have to differ for a study to fit.

For curators, navigators and the command line: nothing of this is shown to the person. Exact for
up to three given answers together with up to four not-known ones, if the work that is allowed
suffices; a list counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from matcher.core.answers import UNKNOWN, Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.changes.budget import Budget, OutOfWorkError
from matcher.core.changes.cuts import Cuts
from matcher.core.changes.search import MOST_EXACT, Search
from matcher.core.changes.ways import influences
from matcher.core.study import Study

MOST_GIVEN = 3
MOST_DROPPED = 2
MOST_WORK = 30_000


@dataclass(frozen=True)
class Turn:
    """An answer (``key`` or ``key.gene``) that would have to be another.

    `before` is None if it was not known, `after` if it is only taken back; of a test, the result.
    """

    unit: str
    before: Value | None
    after: Value | None


Turns = tuple[Turn, ...]


@dataclass(frozen=True)
class GivenChange:
    """What was found: `turns` in form order, or None.

    If it is not `complete`, the work ran out: fewer answers, or any at all, may do.
    """

    turns: Turns | None
    complete: bool = True


def smallest_given_change(
    catalogue: Catalogue,
    study: Study,
    answers: Answers,
    *,
    today: date,
    most_work: int = MOST_WORK,
) -> GivenChange:
    """The fewest given answers to change or to take back, and what to add.

    No turns if it fits already, if up to four not-known answers alone would make it fit, or if
    more than `MOST_GIVEN` given answers or more than four beside them would have to differ.
    `most_work`: how many steps may be taken (see core.changes.search).
    """
    now = Search(catalogue, study, answers, today=today)
    if not now.groups or now.smallest(MOST_EXACT) is not None:
        return GivenChange(None)
    return _Given(catalogue, study, answers, today, now, Budget(most_work)).smallest()


class _Given:
    """Tries sets of given answers, few first, leaving out those of which nothing can come."""

    def __init__(
        self,
        catalogue: Catalogue,
        study: Study,
        answers: Answers,
        today: date,
        now: Search,
        budget: Budget,
    ) -> None:
        self.catalogue, self.study, self.answers = catalogue, study, answers
        self.today, self.now, self.budget = today, now, budget
        self.units = list(_bearing(now, answers))
        self.cuts = Cuts(
            catalogue,
            study,
            answers,
            units=self.units,
            aside=now.now.set_aside,
            today=today,
            budget=budget,
        )

    def smallest(self) -> GivenChange:
        best: Turns | None = None
        try:
            self.cuts.learn(self.now, frozenset())
            for count in range(1, MOST_GIVEN + 1):
                for chosen in combinations(self.units, count):
                    most = MOST_EXACT if best is None else len(best) - count - 1
                    found = self._turns(frozenset(chosen), most)
                    if found is not None and (best is None or len(found) < len(best)):
                        best = found
                if best is not None:
                    break
        except OutOfWorkError:
            return GivenChange(best, complete=False)
        return GivenChange(best)

    def _turns(self, units: frozenset[str], most: int) -> Turns | None:
        """What would have to differ if exactly these answers may, with at most `most` others."""
        if most < 0 or self.cuts.forbid(units, len(self.now.groups)):
            return None
        left = self.answers.without(units)
        search = Search(
            self.catalogue, self.study, left, today=self.today, free=units, budget=self.budget
        )
        found = search.smallest(most)
        if found is None:
            self.cuts.learn(search, units)
            return None
        search.budget = Budget()  # what was found is told whole
        after = search.offers.told(found)
        for key in sorted(units):
            if self.answers.listed(key):
                after = _keep_items(search, self.answers, after, key)
        return _differences(self.catalogue, self.answers, after)


def _keep_items(search: Search, answers: Answers, after: Answers, key: str) -> Answers:
    """The answers with as many of the items that a list had before as can stay."""
    had = answers.listed(key)
    exclusive = {one.value for one in search.questions.all[key].options if one.exclusive}
    items = ({*had, *after.listed(key)} - {UNKNOWN}) - exclusive
    held_open = {UNKNOWN} & set(had)
    for count in range(MOST_DROPPED + 1):
        for dropped in combinations(sorted(set(had) & items), count):
            for more in (held_open, {UNKNOWN} - held_open):
                told = tuple(sorted((items - set(dropped)) | more))
                kept = Answers({**after.given, key: told}, after.declined)
                if set(told) - {UNKNOWN} and search.would_fit(kept):
                    return kept
    return after


def _bearing(search: Search, answers: Answers) -> Iterator[str]:
    """The given answers, in form order, that could bear on the study."""
    vocabulary, closure = search.finder.vocabulary, search.finder.closure
    bearing = 0
    for group in search.groups:
        for one in group:
            bearing |= influences(search.finder, one)
    order = {key: number for number, key in enumerate(search.questions.all)}
    aside = search.now.set_aside
    for unit in sorted(answers.units(), key=lambda one: order[one.partition(".")[0]]):
        said = search.finder.encoder.encode(answers.only(frozenset({unit})), today=search.today)
        literals = said[unit].hard | said[unit].silent
        key, _, gene = unit.partition(".")
        for number, name in enumerate(vocabulary.names):
            if vocabulary.owner[number] == key and (not gene or name == f"{key}={gene}"):
                literals |= 1 << number | 1 << (vocabulary.size + number)
        if unit in aside or closure.close(literals) & bearing:
            yield unit


def _differences(catalogue: Catalogue, before: Answers, after: Answers) -> Turns:
    """The single answers that are not the same, in form order."""
    turns = []
    for attribute in catalogue.book.attributes.values():
        key = attribute.key
        old, new = before.given.get(key), after.given.get(key)
        if attribute.kind != "results":
            if old != new:
                turns.append(Turn(key, old, new))
            continue
        then, now = before.results(key), after.results(key)
        for option in attribute.options:
            was, would = then.get(option.value), now.get(option.value)
            if was != would:
                turns.append(
                    Turn(
                        f"{key}.{option.value}",
                        was.result if was else None,
                        would.result if would else None,
                    )
                )
    return tuple(turns)
