"""Cuts: which given answers must be among those that differ, so that no others need be tried.

If a criterion cannot come to hold with some answers taken back, then every set of answers that
lets it hold has one of the others in it that stand in its way. The answers that are taken back are
open again, and whatever was said of them before can be said again; so to take back more never
hinders, and the sets can be made as large as they go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.changes.budget import Budget
from matcher.core.changes.search import Search
from matcher.core.study import Study

Units = frozenset[str]


class Cuts:
    """For each alternative of "most", sets of given answers of each of which one must differ.

    `units`: the given answers that may differ; `aside`: those that contradict each other now.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        study: Study,
        answers: Answers,
        *,
        units: Sequence[str],
        aside: Units,
        today: date,
        budget: Budget,
    ) -> None:
        self.catalogue, self.study, self.answers = catalogue, study, answers
        self.units, self.aside = units, aside
        self.today, self.budget = today, budget
        self.of_group: dict[int, list[Units]] = {}
        self._hopeless: dict[Units, list[list[int]]] = {}

    def forbid(self, units: Units, groups: int) -> bool:
        """Whether nothing can come of it if exactly these answers differ."""
        return all(
            any(not cut & units for cut in self.of_group.get(group, ())) for group in range(groups)
        )

    def learn(self, failed: Search, units: Units) -> None:
        """Remember why a search in which these answers might differ found nothing."""
        for group in range(len(failed.groups)):
            if any(not cut & units for cut in self.of_group.get(group, ())):
                continue
            ways = set(failed.hopeless(group))
            for criterion in sorted(ways.intersection(self._without(units)[group])):
                self.of_group.setdefault(group, []).append(self._cut(group, criterion, units))
                break

    def _cut(self, group: int, criterion: int, units: Units) -> Units:
        """The answers that are left once as many are taken back as do not help."""
        idle = units
        for unit in self.units:
            more = idle | {unit}
            if more != idle and criterion in self._without(more)[group]:
                idle = more
        return frozenset(self.units) - idle

    def _without(self, units: Units) -> list[list[int]]:
        """For each group the criteria that are out of reach even with these answers taken back.

        All questions count as asked, and what contradicts something now as taken back too.
        """
        if units not in self._hopeless:
            open_ = units | self.aside
            search = Search(
                self.catalogue,
                self.study,
                self.answers.without(open_),
                today=self.today,
                free=open_,
                budget=self.budget,
            )
            search.ask_everything()
            groups = range(len(search.groups))
            self._hopeless[units] = [search.hopeless(group) for group in groups]
        return self._hopeless[units]
