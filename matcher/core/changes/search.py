"""Search: looks for the smallest set of answers to open questions that makes a study fit.

First the ways in which each criterion could come to hold (ways.py), then sets that hold a way
for each, few answers first; of every set the facts decide. Where a set is not enough, because a
default or a silence was stopped, the search goes on from there. No set is passed over that could
do it, so that what is found is smallest; beyond `MOST_EXACT` answers the trials are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.changes.budget import Budget
from matcher.core.changes.looking import Looking
from matcher.core.changes.offers import Offers
from matcher.core.changes.open_questions import OpenQuestions
from matcher.core.changes.ways import Sets, Ways, influences
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, groups_of
from matcher.core.logic import (
    UNSURE,
    And,
    Atom,
    Expression,
    Inverse,
    Or,
    evaluate,
    walk,
)
from matcher.core.study import Study
from matcher.core.truth import Truth

MOST_EXACT = 4
MOST_TRIALS = 2000
WAYS_WORK = 10
SETS_FOR_A_STEP = 25
"""What finding the ways costs, in steps; a look at the facts or at one set costs one."""

Group = tuple[Expression, ...]


class Search:
    """Looks for the smallest set of answers to open questions that makes a study fit.

    `free`: single answers that do not count (see core.given_change). `budget` bounds the work of
    several searches: when it is spent, `OutOfWorkError` is raised.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        study: Study,
        answers: Answers,
        *,
        today: date,
        free: frozenset[str] = frozenset(),
        budget: Budget | None = None,
    ) -> None:
        self.budget = Budget() if budget is None else budget
        self.finder = catalogue.finder
        self.today = today
        self.groups = _groups(catalogue, study)
        self.now = self.finder.find(answers, today=today)
        self._looking = Looking(self.finder, answers, self.now, today=today)
        self.settled = answers.without(self.now.set_aside)
        self.questions = OpenQuestions(catalogue, answers, self.now, today=today)
        self.offers = Offers(self.questions, free, self._asked())
        self.known = self.finder.find_certain(self.settled, today=today).known
        self.silent = self._silence()
        self.most_trials = MOST_TRIALS
        self.trials: int | None = None
        self._verdicts: dict[int, list[list[bool]] | None] = {}
        self._tried: set[tuple[int, int, int]] = set()
        self._bearing: dict[Expression, int] = {}
        self._ways: dict[tuple[int, int], list[Sets]] = {}

    def smallest(self, most: int) -> int | None:
        """The smallest set, as the offers' bits, or None."""
        self.trials = None
        for limit in range(most + 1):
            if limit == MOST_EXACT + 1:
                self.trials = self.most_trials
            self._tried.clear()
            for number in range(len(self.groups)):
                found = self._try(number, 0, limit)
                if found is not None:
                    return found
        return None

    def ask_everything(self) -> None:
        """Take all questions as asked that were not declined."""
        questions = self.questions
        declined = questions.answers.declined
        questions.asked = [one for one in questions.all.values() if one.key not in declined]

    def hopeless(self, group: int) -> list[int]:
        """The criteria of a group, by number, that no answers to open questions could bring."""
        return [number for number, sets in enumerate(self._ways_from(group, 0)) if not sets]

    def _try(self, group: int, mask: int, limit: int) -> int | None:
        """`mask` if it makes the study fit, or with what must be added to it."""
        if not self._spend():
            return None
        verdicts = self._look(mask)
        if verdicts is None:
            return self._name_more(group, mask, limit)
        if _hold(verdicts):
            return mask
        ways = self._ways_from(group, mask)
        if not all(ways):
            return None
        if all(0 in sets for sets in ways):
            return self._unblock(group, mask, limit, verdicts[group])
        return self._cover(group, mask, mask, limit)

    def _cover(self, group: int, start: int, mask: int, limit: int) -> int | None:
        """Adds answers until every criterion has a way of those that there were at `start`."""
        self.budget.spend(1)
        name = (group, start, mask)
        if name in self._tried or not self._spend():
            return None
        self._tried.add(name)
        open_ = [
            sets
            for sets in self._ways_from(group, start)
            if not any(mask & one == one for one in sets)
        ]
        if not open_:
            return self._try(group, mask, limit)
        cost = self.offers.cost(mask)
        if cost + self._least(open_, mask) > limit:
            return None
        for one in min(open_, key=len):
            more = mask | one
            if self.offers.cost(more) <= limit and self._goes(more):
                found = self._cover(group, start, more, limit)
                if found is not None:
                    return found
        return None

    def _name_more(self, group: int, mask: int, limit: int) -> int | None:
        """What contradicts a list that was told as whole may belong into the list."""
        whole = sum(self.offers.whole_bits(mask))
        if not whole or self._look(mask & ~whole) is None:
            return None
        known = self.finder.closure.close(self.offers.hard(mask), beside=self.known)
        items = self.offers.items(whole)
        missing = sum(one & ~mask & ~whole for one, named in items if named & known)
        sets = [missing] if missing else [one for one, _ in items]
        return self._try_each(group, (mask | one for one in sets), mask, limit)

    def _unblock(self, group: int, mask: int, limit: int, held: list[bool]) -> int | None:
        """All is there, but a default or a silence was stopped: whatever bears on it may help."""
        open_ = [one for one, holds in zip(self.groups[group], held, strict=True) if not holds]
        bearing = min(map(self._influences, open_), key=int.bit_count)
        offers = self.questions.offers(bearing, self.known)
        return self._try_each(group, (mask | self.offers.mask(o) for o in offers), mask, limit)

    def _influences(self, criterion: Expression) -> int:
        if criterion not in self._bearing:
            self._bearing[criterion] = influences(self.finder, criterion)
        return self._bearing[criterion]

    def _try_each(self, group: int, sets: Iterable[int], mask: int, limit: int) -> int | None:
        for more in sets:
            name = (group, -1, more)
            if more == mask or name in self._tried or self.offers.cost(more) > limit:
                continue
            self._tried.add(name)
            if self._goes(more):
                found = self._try(group, more, limit)
                if found is not None:
                    return found
        return None

    def _ways_from(self, group: int, mask: int) -> list[Sets]:
        """For each criterion the ways to make it hold once the answers of `mask` are there."""
        if (group, mask) not in self._ways:
            self.budget.spend(WAYS_WORK)
            known = self.finder.closure.close(self.offers.hard(mask), beside=self.known)
            ways = Ways(self.finder, known, self.silent)
            expressions = self.groups[group]
            choice = self.questions.offers(ways.relevant(expressions), self.known)
            sets = ways.of(expressions, self.offers, choice, mask)
            made = ways.sets_made + 10 * sum(map(len, sets))  # those are put in order as well
            self.budget.spend(made // SETS_FOR_A_STEP)
            self._ways[group, mask] = [sorted(one, key=self.offers.preference) for one in sets]
        return self._ways[group, mask]

    def _least(self, open_: list[Sets], mask: int) -> int:
        """At least so many answers are missing: the most for criteria that share none."""
        needs = []
        for sets in open_:
            bearing = 0
            for one in sets:
                bearing |= one
            needs.append((min(self.offers.cost(one & ~mask) for one in sets), bearing & ~mask))
        needs.sort(key=lambda need: -need[0])
        count, used = 0, 0
        for least, bearing in needs:
            if not bearing & used:
                count += least
                used |= bearing
        return count

    def _goes(self, mask: int) -> bool:
        """Whether the answers can stand together, as far as each says by itself."""
        closure = self.finder.closure
        together = self.known | self.offers.hard(mask)
        return self.offers.goes(mask) and not closure.conflict(together)

    def fits(self, mask: int) -> bool:
        """Whether these answers make the study fit."""
        return _hold(self._look(mask))

    def would_fit(self, answers: Answers) -> bool:
        """Whether the study fits who answers so, without a contradiction that was not there."""
        return _hold(self._decide(answers))

    def _look(self, mask: int) -> list[list[bool]] | None:
        """For each group which criteria hold with these answers; None if they contradict."""
        if mask not in self._verdicts:
            self._verdicts[mask] = self._decide(self.offers.told(mask))
        return self._verdicts[mask]

    def _decide(self, answers: Answers) -> list[list[bool]] | None:
        self.budget.spend(1)
        facts = self._looking.facts(answers)
        if facts is None:
            return None
        return [[evaluate(one, facts.value) == Truth.YES for one in group] for group in self.groups]

    def _asked(self) -> frozenset[str]:
        """The questions whose answers the criteria name."""
        owner = self.finder.vocabulary.owner
        parts = (part for group in self.groups for one in group for part in walk(one))
        return frozenset(owner[part.index] for part in parts if isinstance(part, Atom))

    def _spend(self) -> bool:
        """Whether there is a trial left, and one less of them."""
        if self.trials is None:
            return True
        self.trials -= 1
        return self.trials >= 0

    def _silence(self) -> int:
        said = self.finder.encoder.encode(self.settled, today=self.today)
        together = 0
        for one in said.values():
            together |= one.silent
        return together


def _hold(verdicts: list[list[bool]] | None) -> bool:
    return verdicts is not None and any(map(all, verdicts))


def _groups(catalogue: Catalogue, study: Study) -> list[Group]:
    """The alternatives of "most", each as its criteria."""
    if study.most is None or study.most.condition is None or not catalogue.counts(study.most):
        return []
    condition = catalogue.known_condition(study.most.condition)
    return [tuple(_expression(catalogue, one) for one in group) for group in groups_of(condition)]


def _expression(catalogue: Catalogue, condition: Condition) -> Expression:
    match condition:
        case Tag(key):
            return catalogue.finder.vocabulary.tag_expression(catalogue.book.tag(key))
        case AllOf(parts):
            return And(tuple(_expression(catalogue, part) for part in parts))
        case AnyOf(parts):
            return Or(tuple(_expression(catalogue, part) for part in parts))
        case Not(part):
            return Inverse(_expression(catalogue, part))
        case Unread():
            return UNSURE
