"""Hypotheses: what people's open questions could be answered, and whom each answer would make.

The same questions and the same answers as in the planner (core.planning): a list is tried as people
tick it, as a whole with one item. Of a number each stretch is tried that some study tells apart.
Answers that a person's own would contradict are left out; so are questions that were declined, and
those by which a person would only show that they had cancer, or which: that is a question itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.changes.looking import Looking
from matcher.core.engine import levels_of
from matcher.core.facts import Facts
from matcher.core.levels import Level
from matcher.core.logic import Known, evaluate, walk
from matcher.core.machine.people import People
from matcher.core.planning.asking import Open, with_answer
from matcher.core.planning.beside import Beside
from matcher.core.planning.grounded import is_grounded
from matcher.core.planning.sayings import Said, Sayings
from matcher.core.planning.usefulness import Usefulness
from matcher.core.rulebook import Attribute, Option
from matcher.core.truth import Truth

AS_NOW = 0
"""The column of an answer that changes no study: the person as now."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Choice:
    """An answer that a question could get: of a number, `span` are all that say the same.

    `said` is what each number of the span says; of anything else, one. With each come the premises
    of all implications to which something that it says belongs.
    """

    word: str
    span: Span | None
    said: tuple[tuple[Said, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Answered:
    """One possible answer, and the column of the person who gives it."""

    word: str
    span: Span | None
    column: int


@dataclass
class Asked:
    """One person's open questions. `people` are the person as now, then with one answer more.

    `changed` holds the key of the answer that each has more, from the second on. `answers` holds
    the answers to each question (``key`` or ``key.gene``) that go with the person's own. A
    question that could change no study is not there; the columns of one follow each other.
    """

    people: list[Answers]
    changed: list[str] = field(default_factory=list)
    answers: dict[str, tuple[Answered, ...]] = field(default_factory=dict)


class Questioning:
    """Finds the open questions of many people under one catalogue; prepared once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.usefulness = Usefulness(catalogue)
        self.sayings = Sayings(catalogue.finder)
        self._choices: dict[str, tuple[Choice, ...]] = {}
        attributes = catalogue.book.attributes.values()
        parts = (Open(a, part) for a in attributes for part in _parts(a))
        self._questions = [one for one in parts if one.unit in self.usefulness.useful]
        express = catalogue.finder.vocabulary.expression
        self._asked_when = {a.key: express(a.asked_when) for a in attributes if a.asked_when}

    def ask(self, answers: Answers, *, today: date, units: frozenset[str]) -> Asked:
        """What of `units` (those of `usefulness` at most) somebody has not answered yet."""
        asked = Asked([answers])
        person = _Person(self, answers, today)
        columns: dict[tuple[str, object], int] = {}
        for question in self._open(answers, person.now, units):
            found = tuple(self._answers(person, question, asked, columns))
            if any(one.column != AS_NOW for one in found):
                asked.answers[question.unit] = found
        return asked

    def surely_different(self, people: Sequence[Answers], *, today: date) -> NDArray[np.bool_]:
        """Whom no further answer can bring any study nearer: [people × studies].

        Cautious: of others it may be so as well.
        """
        closure = self.sayings.closure
        certain = [self.sayings.certain(one, today=today) for one in people]
        known = People.known(certain, size=closure.size)
        different: NDArray[np.bool_] = levels_of(self.catalogue, known).T == Level.DIFFERENT
        for person, (answers, literals) in enumerate(zip(people, certain, strict=True)):
            if closure.conflict(literals) or self._may_take_back(answers):
                different[person] = False
        # "Not surely so" may turn into no by knowing more.
        parts = (part for one in self.catalogue.expressions.values() for part in walk(one))
        if any(isinstance(part, Known) for part in parts):
            different[:] = False
        return different

    def _may_take_back(self, answers: Answers) -> bool:
        """Whether results of single genes may overrule one that stands for several."""
        return any(
            answers.results(key)[gene].found
            for key, gene in self.sayings.several
            if gene in answers.results(key)
        )

    def _open(self, answers: Answers, now: Facts, units: frozenset[str]) -> Iterator[Open]:
        """The same as `open_questions` of the planner, for whose rules all is prepared.

        Nobody is asked what takes for granted something that they did not tell.
        """
        senseless: dict[str, bool] = {}
        for question in self._questions:
            key, unit = question.attribute.key, question.unit
            if unit not in units or not answers.declined.isdisjoint((key, unit)):
                continue
            if _is_told(answers, key, question.gene):
                continue
            if key not in senseless:
                asked_when = self._asked_when.get(key)
                senseless[key] = not is_grounded(question.attribute, answers) or (
                    asked_when is not None and evaluate(asked_when, now.value) == Truth.NO
                )
            if not senseless[key]:
                yield question

    def _answers(
        self,
        person: _Person,
        question: Open,
        asked: Asked,
        columns: dict[tuple[str, object], int],
    ) -> Iterator[Answered]:
        key, unit = question.attribute.key, question.unit
        is_read_with = person.is_read_with(key)
        for choice in self._choices_of(question):
            for said, premises in choice.said:
                # What a list says for certain it says alone: what others add is silence only.
                with_more = is_read_with and question.option is not None
                more = person.beside.more(unit, said.value) if with_more else 0
                if not person.goes(said, premises, more):
                    continue
                # Answers with the same effect make the same person, unless something else counts.
                effect = said.brings & person.new
                apart = more or (is_read_with and question.option is None)
                name = (unit, choice.word) if apart else (unit, effect)
                column = AS_NOW
                if effect or apart:
                    column = columns.setdefault(name, len(asked.people))
                    if column == len(asked.people):
                        asked.people.append(with_answer(person.answers, key, said.value))
                        asked.changed.append(key)
                yield Answered(choice.word, choice.span, column)
                break

    def words(self, unit: str) -> tuple[str, ...]:
        """The answers to a question that was asked, in form order."""
        return tuple(choice.word for choice in self._choices[unit])

    def _choices_of(self, question: Open) -> tuple[Choice, ...]:
        found = self._choices.get(question.unit)
        if found is None:
            found = self._choices[question.unit] = tuple(self._made(question))
        return found

    def _made(self, question: Open) -> Iterator[Choice]:
        attribute, option = question.attribute, question.option
        say = partial(self._say, attribute.key)
        if attribute.kind == "integer":
            numbers, bearing = range(attribute.min, attribute.max + 1), self.usefulness.literals
            for _, alike in groupby(numbers, lambda number: say(number)[0].brings & bearing):
                span = tuple(alike)
                yield Choice(str(span[0]), (span[0], span[-1]), tuple(map(say, span)))
            return
        values: list[tuple[str, Value]]
        if option is not None:
            values = [(word, {option.value: Result(word)}) for word in ("mutation", "none")]
        elif attribute.kind == "yes_no":
            values = [("yes", "yes"), ("no", "no")]
        elif attribute.kind == "one":
            values = [(one.value, one.value) for one in attribute.options]
        else:
            values = [(one.value, (one.value,)) for one in attribute.options]
        for word, value in values:
            yield Choice(word, None, (say(value),))

    def _say(self, key: str, value: Value) -> tuple[Said, tuple[int, ...]]:
        said = self.sayings.of(key, value)
        wide = self.sayings.closure.wide
        return said, tuple(rule.premise for rule in wide if rule.premise & said.hard)


def _parts(attribute: Attribute) -> tuple[Option | None, ...]:
    return attribute.options if attribute.kind == "results" else (None,)


def _is_told(answers: Answers, key: str, gene: str | None) -> bool:
    if gene is None:
        return key in answers.given
    result = answers.results(key).get(gene)
    return result is not None and result.result != "not_tested"


class _Person:
    """What is known of one person, and whether something more could be true of them."""

    def __init__(self, questioning: Questioning, answers: Answers, today: date) -> None:
        finder, sayings = questioning.catalogue.finder, questioning.sayings
        self.sayings, self.closure, self.answers = sayings, sayings.closure, answers
        self._looking: Looking | None = None
        self._read_with: dict[str, bool] = {}
        sound, certain = answers, sayings.certain(answers, today=today)
        if self.closure.conflict(certain):
            self.now = finder.find(answers, today=today)
            self._looking = Looking(finder, answers, self.now, today=today)
            sound = answers.without(self.now.set_aside)
            certain = sayings.certain(sound, today=today)
        else:
            known = finder.known(answers, today=today)
            self.now = Facts(known, finder.vocabulary.size, ())
        self.beside = Beside(sayings, answers, sound=sound, today=today)
        self.certain = certain
        self.against = self.closure.negated(certain)
        self.new = questioning.usefulness.literals & ~certain

    def is_read_with(self, key: str) -> bool:
        """Whether an answer to a question is read together with what was given."""
        found = self._read_with.get(key)
        if found is None:
            found = self._read_with[key] = self.beside.is_read_with(key)
        return found

    def goes(self, said: Said, premises: tuple[int, ...], more: int) -> bool:
        """Whether an answer contradicts nothing, or only what is contradicted already."""
        key = said.unit.partition(".")[0]
        if self._looking is not None:
            return self._looking.facts(with_answer(self.answers, key, said.value)) is not None
        if more:
            return not self.beside.contradicts((key, said.value))
        if said.hard & self.against:
            return False
        # Only where several facts together imply something is there anything to follow up.
        missing = ~(self.certain | said.hard)
        for premise in premises:
            if not premise & missing:
                return not self.sayings.contradicts(said.hard, self.certain)
        return True
