"""Way: which questions this person is asked, in which order, and where they stand.

What was answered keeps its place, in the order of answering; then come the questions that route,
then the plan's, chapter by chapter (`core.planning.conversation`). The way pauses at the check page
after ten answers, and as soon as no question can change the first page of results: whoever wants
to can go on, nobody has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from flask import g

from matcher.core.answers import Answers
from matcher.core.facts import Facts
from matcher.core.levels import Level
from matcher.core.matching import Outcome
from matcher.core.planning.conversation import (
    PLAIN_WORDS,
    chapter_of,
    in_conversation,
    number_of,
)
from matcher.core.planning.grounded import ALWAYS, MAIN, is_grounded
from matcher.core.questions import Plan, Question, is_asked, page_weights
from matcher.core.rulebook import Attribute
from matcher.schemas.profiles import ProfileError, read_profile
from matcher.services.askable import passed_over
from matcher.services.hard_topics import hard_places
from matcher.services.subscribing.adults import AGE, is_adult
from matcher.services.visits import Visit
from matcher.web.language import language, say, shown
from matcher.web.site import site

ROUND = 10
ROUTING = (*ALWAYS, MAIN)
# Children have a page of their own: who is one should not come there after nine questions.
EARLY = (AGE,)
BEGINNING = (*ROUTING, *EARLY)
UNSETTLED = (Level.MAY_FIT, Level.RELATED, Level.OPEN)


class _HasKey(Protocol):
    @property
    def key(self) -> str: ...


Keyed = TypeVar("Keyed", bound=_HasKey)
"""Whatever belongs to a question: an attribute, or an answer in words."""


@dataclass(frozen=True)
class Way:
    """The questions for one person: `answered` as they were, `waiting` as they will come.

    `steering` are the keys of those that wait and can still change the first page of results, or
    must come in any case. `others` make sense too, but no study rests on them now.
    """

    answered: tuple[Attribute, ...]
    waiting: tuple[Attribute, ...]
    steering: frozenset[str]
    others: tuple[Attribute, ...] = ()

    @property
    def next_open(self) -> Attribute | None:
        """The question to ask next; None if nothing waits."""
        return next(iter(self.waiting), None)

    def is_pause(self, *, going_on: bool) -> bool:
        """Whether it is time to pause; somebody `going_on` anyway wants all that waits."""
        left = bool(self.waiting) if going_on else bool(self.steering)
        return not left or len(self.answered) % ROUND == 0

    def before(self, key: str) -> Attribute | None:
        """The question that was answered before this one."""
        place = self.place(key)
        return self.answered[place - 2] if place > 1 else None

    def place(self, key: str) -> int:
        """The number of a question, from 1; one without an answer comes after all with one."""
        keys = [attribute.key for attribute in self.answered]
        return keys.index(key) + 1 if key in keys else len(keys) + 1

    def round_end(self, key: str) -> int:
        """The number of the question after which the way pauses at the latest."""
        return -(-self.place(key) // ROUND) * ROUND

    def is_last(self, key: str) -> bool:
        """Whether the way ends after this question, and does not only pause."""
        return self.place(key) >= len(self.answered) and not self._left(key) - {key}

    def _left(self, key: str) -> frozenset[str]:
        """What is still to come; for who goes on anyway, all that waits."""
        waits = frozenset(attribute.key for attribute in self.waiting)
        return waits if key in waits - self.steering else self.steering


def answers_of(visit: Visit) -> Answers:
    """The answers, validated. What the rules of today refuse is asked again."""
    try:
        return read_profile({"answers": dict(visit.answers)}, site().rulebook)
    except ProfileError as error:
        refused = {part for fault in error.faults for part in fault.path.split(".")[1:2]}
        refused = {part.partition("[")[0] for part in refused}
        kept = {key: value for key, value in visit.answers.items() if key not in refused}
        return read_profile({"answers": kept}, site().rulebook)


def passed_by(visit: Visit | None) -> frozenset[str]:
    """The keys of the questions on hard ground that do not come back (`askable.passed_over`)."""
    return passed_over(visit.answers, site().rulebook) if visit else frozenset()


def hard_of(visit: Visit, outcome: Outcome, places: range) -> list[int]:
    """The places on hard ground for a visitor (`hard_topics.hard_places`)."""
    return hard_places(site().matcher(), outcome, places, after_loss=visit.about == "loss")


def outcome_of(visit: Visit) -> Outcome:
    """The matches for a visit's answers today, in the visitor's language; once for a request."""
    if "outcome" not in g or g.outcome[0] is not visit:
        here = site()
        found = here.matcher().match(
            answers_of(visit),
            today=here.today,
            language=language(),
            cared_for=visit.about == "other",
            at_desk=visit.at_desk,
        )
        g.outcome = (visit, found)
    outcome = g.outcome[1]
    assert isinstance(outcome, Outcome)
    return outcome


def plan_of(visit: Visit) -> Plan:
    """What another answer would change for this person today; once for a request."""
    if "plan" not in g or g.plan[0] is not visit:
        here = site()
        g.plan = (visit, here.matcher().ask(answers_of(visit), today=here.today))
    plan = g.plan[1]
    assert isinstance(plan, Plan)
    return plan


def way_of(visit: Visit) -> Way:
    """The questions that were answered, and those that may still change something."""
    plan, answers = plan_of(visit), answers_of(visit)
    asked = _asked(answers)
    weights = page_weights(plan)
    makes_sense = {
        key
        for key, attribute in asked.items()
        if key not in visit.answers and is_grounded(attribute, answers)
    }
    can_come = {key for key in makes_sense if key in weights or key in ROUTING}
    first = [key for key in BEGINNING if key in can_come]
    then = _in_chapters(visit, {k: weights[k] for k in asked if k in can_come and k not in first})
    steering = {*first, *(question.key for question in plan.questions if question.top > 0)}
    return Way(
        answered=tuple(asked[key] for key in visit.answers if key in asked),
        waiting=tuple(asked[key] for key in (*first, *then)),
        steering=frozenset(steering.intersection(can_come)),
        others=tuple(asked[key] for key in asked if key in makes_sense - can_come),
    )


def _in_chapters(visit: Visit, weights: Mapping[str, float]) -> list[str]:
    """The plan's questions as a conversation has them; what routes opens no chapter."""
    said = [key for key in visit.answers if key not in BEGINNING]
    keys = list(visit.answers)
    talked = [key for key in keys[len(keys) // ROUND * ROUND :] if key in said]
    return in_conversation(
        site().rulebook,
        weights,
        talked=talked,
        begun=keys,
        opened=_opened(visit, weights, talked),
    )


def _opened(visit: Visit, waiting: Iterable[str], talked: Sequence[str]) -> frozenset[str]:
    """What waits in a chapter that was passed, and made no sense yet when it was passed."""
    book, keys = site().rulebook, list(visit.answers)
    passed: dict[int, list[str]] = {}
    for key in waiting:
        later = (k for k in talked if number_of(book, k) > number_of(book, key))
        first = next(later, None)
        if first is not None:
            passed.setdefault(keys.index(first), []).append(key)
    opened: set[str] = set()
    for place, behind in passed.items():
        earlier = answers_of(replace(visit, answers=dict(list(visit.answers.items())[:place])))
        facts = site().matcher().facts(earlier, today=site().today)
        opened.update(
            key for key in behind if not _made_sense(book.attributes[key], earlier, facts)
        )
    return frozenset(opened)


def _made_sense(attribute: Attribute, answers: Answers, facts: Facts) -> bool:
    catalogue = site().matcher().catalogue
    return is_grounded(attribute, answers) and is_asked(catalogue, attribute, facts)


def chapter_name(key: str) -> str:
    """The name of a question's chapter in the visitor's language, empty if it has none."""
    book = site().rulebook
    chapter = book.chapters.get(chapter_of(book, key) or "")
    if chapter is None:
        return ""
    return shown(chapter.name_other if g.get("cared_for") else chapter.name)


def by_chapter(things: Iterable[Keyed]) -> list[tuple[str, list[Keyed]]]:
    """What belongs to questions, under the names of their chapters, in the order of the form."""
    book = site().rulebook
    found: dict[str | None, list[Keyed]] = {key: [] for key in (*book.chapters, None)}
    for thing in things:
        found[chapter_of(book, thing.key)].append(thing)
    return [
        (chapter_name(members[0].key) or str(say("question.other_chapter")), members)
        for members in found.values()
        if members
    ]


def _asked(answers: Answers) -> dict[str, Attribute]:
    """The questions that make sense for a person, in the order of the rules.

    Which of several cancers is the main one is only asked where some study rests on it.
    """
    here, matcher = site(), site().matcher()
    facts = matcher.facts(answers, today=here.today)
    useful = {one.key for one in matcher.useful_questions(answers, today=here.today)}
    return {
        key: attribute
        for key, attribute in here.rulebook.attributes.items()
        if is_asked(matcher.catalogue, attribute, facts) and (key != MAIN or key in useful)
    }


def best_questions(visit: Visit, *, most: int, not_sure_last: bool = True) -> list[Question]:
    """The questions that would settle most now, one a page, those on hard ground last.

    A page of genes is told by the gene that would settle most.

    What somebody is not sure of may be offered again, as it can be found out; not so on hard
    ground, where not answering is an answer. What was never asked comes before it, unless somebody
    asks who finds things out for a living: `not_sure_last`.
    """
    answers, book, passed = answers_of(visit), site().rulebook, passed_by(visit)
    pages: dict[str, Question] = {}
    for question in plan_of(visit).questions:
        sensible = is_grounded(book.attributes[question.key], answers)
        if question.settles and sensible and question.key not in passed:
            told = pages.setdefault(question.key, question)
            pages[question.key] = max(told, question, key=_settled)
    for number, words in PLAIN_WORDS.items():
        if words in pages:
            pages.pop(number, None)
    best = list(pages.values())
    if not_sure_last:
        best.sort(key=lambda question: question.key in visit.answers)
    else:
        best.sort(key=_settled, reverse=True)
    return sorted(best[:most], key=lambda question: book.attributes[question.key].tender)


def _settled(question: Question) -> tuple[int, int]:
    return question.settles_may_fit, question.settles


def is_young(visit: Visit) -> bool:
    """Whether the answers are about a child: then there is no form and there are no results."""
    return not is_adult(visit.answers)
