"""Looking: what is known with further answers, if they contradict nothing that held before.

The same as the finder says. But to tell which answers contradict each other takes it long, and
most sets of answers that a search tries contradict something; here that is seen at once.
"""

from __future__ import annotations

from datetime import date

from matcher.core.answers import Answers
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder

MOST_WAYS_APART = 16

Units = frozenset[str]


class Looking:
    """Looks at a person's answers with others beside them; `now`: the facts without those."""

    def __init__(self, finder: FactFinder, answers: Answers, now: Facts, *, today: date) -> None:
        self.finder = finder
        self.today = today
        self.before = frozenset(now.contradictions)
        self.aside = now.set_aside
        self._apart, self._all_apart = _ways_apart(now)
        self._said = self._aside_of(self._hard(answers))

    def facts(self, answers: Answers) -> Facts | None:
        """What is known with these answers; None if they contradict where they did not before."""
        hard = self._hard(answers)
        if any(self._conflict(hard, apart) for apart in self._apart):
            return None
        if self._all_apart and self._aside_of(hard) == self._said:
            # Then nothing contradicts but what did before, and that is set aside as it was.
            rest = answers.without(self.aside) if self.aside else answers
            known = self.finder.known(rest, today=self.today)
            return Facts(known, self.finder.vocabulary.size, ())
        facts = self.finder.find(answers, today=self.today)
        return facts if self.before.issuperset(facts.contradictions) else None

    def _hard(self, answers: Answers) -> dict[str, int]:
        said = self.finder.encoder.encode(answers, today=self.today)
        return {unit: one.hard for unit, one in said.items()}

    def _aside_of(self, hard: dict[str, int]) -> dict[str, int]:
        return {unit: literals for unit, literals in hard.items() if unit in self.aside}

    def _conflict(self, hard: dict[str, int], apart: Units) -> bool:
        """Whether there is a contradiction without these answers."""
        together = 0
        for unit, literals in hard.items():
            if unit not in apart:
                together |= literals
        return self.finder.closure.contradicts(together)


def _ways_apart(now: Facts) -> tuple[list[Units], bool]:
    """The smallest sets of answers without which no contradiction is left, and if these are all.

    Where there are very many, one larger set stands for them.
    """
    ways: list[Units] = [frozenset()]
    for found in now.contradictions:
        units = frozenset(found.units)
        more = {way if way & units else way | {unit} for way in ways for unit in units}
        ways = [way for way in more if not any(other < way for other in more)]
        if len(ways) > MOST_WAYS_APART:
            return [now.set_aside], False
    return sorted(ways, key=sorted), True
