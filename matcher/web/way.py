"""Way: which questions this person is asked, in which order, and where they stand.

A question is asked if some study that is not settled yet rests on it. After ten answers the way
pauses at the check page: whoever wants to can go on, nobody has to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask import g

from matcher.core.answers import DECLINED, UNKNOWN, Answers
from matcher.core.levels import Level
from matcher.core.matching import Match, Outcome
from matcher.core.reasons import Reason
from matcher.core.rulebook import Attribute
from matcher.core.truth import Truth
from matcher.schemas.profiles import ProfileError, read_profile
from matcher.services.visits import Visit
from matcher.web.cards import flat
from matcher.web.language import language
from matcher.web.reach import leading_to, tested_by, tested_in
from matcher.web.site import site

ADULT = 18
ROUND = 10
ALWAYS = ("cancer_status", "cancer")
HAD_CANCER = ("now", "past")
LOOKED_AT = 300
UNSETTLED = (Level.MAY_FIT, Level.RELATED, Level.OPEN)
RESTING = (Level.FITS, *UNSETTLED)


@dataclass(frozen=True)
class Way:
    """The questions for one person, in order, and those that have an answer."""

    asked: tuple[Attribute, ...]
    answered: frozenset[str]

    @property
    def waiting(self) -> tuple[Attribute, ...]:
        """The questions without an answer."""
        return tuple(attribute for attribute in self.asked if attribute.key not in self.answered)

    @property
    def is_pause(self) -> bool:
        """Whether it is time to pause: after every ten answers, and when nothing waits."""
        return not self.waiting or len(self.answered) % ROUND == 0

    def next_open(self, *, after: str | None = None) -> Attribute | None:
        """The first question without an answer after `after`, else the first of all."""
        start = self.place(after) if after else 0
        later = [a for a in self.asked[start:] if a.key not in self.answered]
        return next(iter([*later, *self.waiting]), None)

    def before(self, key: str) -> Attribute | None:
        """The question before this one."""
        place = self.place(key)
        return self.asked[place - 2] if place > 1 else None

    def place(self, key: str) -> int:
        """The number of a question, from 1; 0 for one that is not on the way."""
        keys = [attribute.key for attribute in self.asked]
        return keys.index(key) + 1 if key in keys else 0

    def length(self, key: str) -> int:
        """About how many questions there are up to the pause after this one."""
        rounds = -(-max(self.place(key), 1) // ROUND)
        return min(len(self.asked), rounds * ROUND)


def answers_of(visit: Visit) -> Answers:
    """The answers, validated. What the rules of today refuse is asked again."""
    try:
        return read_profile({"answers": dict(visit.answers)}, site().rulebook)
    except ProfileError as error:
        refused = {part for fault in error.faults for part in fault.path.split(".")[1:2]}
        refused = {part.partition("[")[0] for part in refused}
        kept = {key: value for key, value in visit.answers.items() if key not in refused}
        return read_profile({"answers": kept}, site().rulebook)


def outcome_of(visit: Visit) -> Outcome:
    """The matches for a visit's answers today, in the visitor's language; once for a request."""
    if "outcome" not in g or g.outcome[0] is not visit:
        here = site()
        found = here.matcher().match(answers_of(visit), today=here.today, language=language())
        g.outcome = (visit, found)
    outcome = g.outcome[1]
    assert isinstance(outcome, Outcome)
    return outcome


def way_of(visit: Visit) -> Way:
    """The questions that may settle something for this person."""
    outcome = outcome_of(visit)
    useful = site().matcher().useful_questions(outcome.answers, today=outcome.today)
    wanted = {*ALWAYS, *visit.answers, *_wanted(outcome, visit), *_taken_to_be(outcome)}
    several = len(set(outcome.answers.listed("cancer")) - {UNKNOWN}) > 1
    asked = tuple(
        attribute
        for attribute in useful
        if (several if attribute.key == "main_cancer" else attribute.key in wanted)
        and (attribute.key in visit.answers or _is_grounded(attribute, outcome.answers))
    )
    return Way(asked, frozenset(visit.answers))


def _is_grounded(attribute: Attribute, answers: Answers) -> bool:
    """Whether what a question takes for granted was told: that there is this cancer, or spread."""
    if attribute.key in ALWAYS:
        return True
    if attribute.key == "lines" and answers.given.get("extent") != "metastatic":
        return False
    named = set(answers.listed("cancer")) - {UNKNOWN}
    if attribute.about == "main_cancer":
        return bool(named) or answers.given.get("cancer_status") in HAD_CANCER
    return attribute.about == "person" or attribute.about in named


def is_young(visit: Visit) -> bool:
    """Whether the answers are about a child: then there is no form and there are no results."""
    age = visit.answers.get("age")
    return isinstance(age, int) and age < ADULT


def last_missing(outcome: Outcome) -> list[tuple[str, int]]:
    """Single answers that are all that is missing for some reviews, with how many, most first."""
    counts: Counter[str] = Counter()
    for match in _unsettled(outcome):
        counts.update({unit for units in _open_groups(match) if len(units) == 1 for unit in units})
    return counts.most_common()


def _wanted(outcome: Outcome, visit: Visit) -> set[str]:
    """The questions on which unsettled studies rest."""
    matches = _unsettled(outcome)
    reasons = [r for match in matches for group in _open_reasons(match) for r in group]
    keys = {unit.partition(".")[0] for reason in reasons for unit in reason.settle}
    return keys | _ways_round(reasons, visit)


def _ways_round(reasons: list[Reason], visit: Visit) -> set[str]:
    """What leads by the rules to an answer that the person does not know or does not give."""
    book = site().rulebook
    parts = (part for reason in reasons for part in flat(reason))
    tags = {part.tag for part in parts if part.tag and part.verdict == Truth.UNKNOWN}
    tested = {key for tag in tags for key in tested_by(tag, book)}
    return {way for key in tested if _is_not_told(key, visit) for way in leading_to(key, book)}


def _taken_to_be(outcome: Outcome) -> set[str]:
    """What no answer tells directly, though some study rests on a default for it."""
    book, given = site().rulebook, outcome.answers.given
    rules = [
        (set(tested_in(default.premise, book)), set(tested_in(default.conclusion, book)))
        for default in book.defaults
    ]
    matches = islice((m for m in outcome.matches if m.level in RESTING), LOOKED_AT)
    parts = {p for match in matches for reason in match.reasons for p in flat(reason) if p.tag}
    rests = {(part.tag, part.answers) for part in parts}
    return {
        key
        for tag, units in rests
        for premise, conclusion in rules
        if tag and premise <= {unit.partition(".")[0] for unit in units}
        for key in conclusion & tested_by(tag, book)
        if key not in given
    }


def _is_not_told(key: str, visit: Visit) -> bool:
    given = visit.answers.get(key)
    told = given if isinstance(given, list) else [given]
    return UNKNOWN in told or DECLINED in told


def _unsettled(outcome: Outcome) -> Iterator[Match]:
    """The studies that another answer can still move; the best ones of a large catalogue."""
    return islice((m for m in outcome.matches if m.level in UNSETTLED), LOOKED_AT)


def _open_groups(match: Match) -> list[set[str]]:
    """For each alternative of a label that is still possible, the answers that would settle it."""
    return [
        {unit for reason in reasons for unit in reason.settle} for reasons in _open_reasons(match)
    ]


def _open_reasons(match: Match) -> list[list[Reason]]:
    """The alternatives of a label that are still possible."""
    groups: dict[tuple[str, int], list[Reason]] = {}
    for reason in match.reasons:
        groups.setdefault((reason.strength, reason.group), []).append(reason)
    return [
        reasons
        for reasons in groups.values()
        if all(reason.verdict != Truth.NO for reason in reasons)
    ]
