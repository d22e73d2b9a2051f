"""Scene: the hypothetical people behind one plan, and how the studies stand to each of them.

In one batch: the person as known now; for every open question each answer that it may get; and
the population (core.planning.population), once with everything answered, once with each page alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.core.answers import Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.levels import Level
from matcher.core.planning.asking import Open, open_questions, telling_numbers, with_answer
from matcher.core.planning.beside import Beside, is_of_one_kind
from matcher.core.planning.hypotheses import Try, answers_to_try
from matcher.core.planning.needs import Known, Needs
from matcher.core.planning.outlook import BEST, Outlook, look
from matcher.core.planning.population import Member, Population
from matcher.core.planning.sayings import Said, Sayings
from matcher.core.planning.usefulness import Usefulness

MEMBERS = 32


class Stage:
    """What stays the same for everybody: prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.usefulness = Usefulness(catalogue)
        self.sayings = Sayings(catalogue.finder)
        self.needs = Needs(catalogue)
        attributes = catalogue.book.attributes
        self.numbers = {
            a.key: telling_numbers(catalogue, a) for a in attributes.values() if a.kind == "integer"
        }
        self.population = Population(self.sayings, size=MEMBERS, numbers=self.numbers)


@dataclass(frozen=True)
class Tried:
    """An open question, the answers tried and their columns; column 0 is the person as now."""

    question: Open
    tries: tuple[Try, ...]
    columns: tuple[int, ...]

    @property
    def unit(self) -> str:
        """The single answer that is asked for."""
        return self.question.unit

    @property
    def key(self) -> str:
        """The page that it stands on."""
        return self.question.attribute.key


@dataclass
class Batch:
    """Hypothetical people, each with other answers beside the person's."""

    answers: Answers
    people: list[Answers] = field(default_factory=list)
    _columns: dict[tuple[str, object], int] = field(default_factory=dict)

    def add(self, unit: str, value: Value, effect: int) -> int:
        """The column of somebody who gives one answer more, or all results of a kind.

        Answers to one question with the same effect share a column; 0 is that of no effect.
        """
        return self._column(unit, value, effect) if effect else 0

    def known_column(self, unit: str, effect: int) -> int | None:
        """The column of answers with this effect, if there is one yet."""
        return self._columns.get((unit, effect)) if effect else 0

    def add_apart(self, unit: str, value: Value) -> int:
        """The same, but a column that no other answer shares."""
        name = tuple(value.items()) if isinstance(value, Mapping) else value
        return self._column(unit, value, ("apart", name))

    def _column(self, unit: str, value: Value, name: object) -> int:
        column = self._columns.get((unit, name))
        if column is None:
            told = with_answer(self.answers, unit.partition(".")[0], value)
            column = self._columns[unit, name] = self.put(told)
        return column

    def put(self, answers: Answers) -> int:
        """The column of somebody new."""
        self.people.append(answers)
        return len(self.people) - 1


class Scene:
    """One person's scene on one day. `pages` holds the members' columns by page."""

    def __init__(self, stage: Stage, answers: Answers, *, today: date) -> None:
        self.stage = stage
        self.catalogue = stage.catalogue
        self.today = today
        now = self.catalogue.finder.find(answers, today=today)
        sound = answers.without(now.set_aside)
        self.known = stage.sayings.certain(sound, today=today)
        self.beside = Beside(stage.sayings, answers, sound=sound, today=today)
        self.new = stage.usefulness.literals & ~self.known
        self.batch = Batch(answers)
        self.batch.put(answers)
        useful = stage.usefulness.useful
        found = open_questions(self.catalogue, answers, now, useful=useful)
        self.tried = [one for one in map(self._try, found) if any(one.columns)]
        levels = len(self.batch.people)
        self.open = frozenset(one.unit for one in self.tried)
        self.members = stage.population.beside(answers, known=self.known)
        closure = self.catalogue.finder.closure
        self.completed = [Known(closure, now, member) for member in self.members]
        self.whole = [self.batch.put(self._completed(member)) for member in self.members]
        keys = dict.fromkeys(one.key for one in self.tried)
        self.pages = {key: [self._page(key, member) for member in self.members] for key in keys}
        self.outlook: Outlook = look(self.catalogue, self.batch.people, today=today, levels=levels)
        self.page_changes = self.outlook.page_changes(self.outlook.page[0])
        self.goals = self.outlook.shown[self.whole, :BEST]

    def missing(self, row: int, level: int, member: int) -> frozenset[str]:
        """The open questions on which it rests that a member's study has its level.

        Empty if it also rests on one that is not open.
        """
        study = self.catalogue.studies[row]
        missing = self.stage.needs.units(study, Level(level), self.completed[member])
        return missing if missing <= self.open else frozenset()

    def effect(self, said: Said) -> int:
        """What an answer says that is new and bears on some study."""
        return said.brings & self.new

    def tells(self, one: Try) -> bool:
        """Whether an answer may bear on some study, alone or together with others."""
        return bool(self.effect(one.said) or one.more & self.stage.usefulness.literals)

    def is_awaited(self, one: Tried) -> bool:
        """Whether a panel or a pair of genes says more once a gene has a result."""
        return self.beside.is_open_result(one.key, one.question.gene)

    def goes_together(self, one: Said, other: Said) -> bool:
        """Whether two answers can both be true beside what is known."""
        if is_of_one_kind(one, other):
            added = [(said.unit.partition(".")[0], said.value) for said in (one, other)]
            return not self.beside.contradicts(*added)
        return not self.stage.sayings.contradicts(other.hard, self.known | one.hard)

    def look_again(self, people: list[Answers]) -> Outlook:
        """How the studies stand to more people."""
        return look(self.catalogue, people, today=self.today)

    def _try(self, question: Open) -> Tried:
        key = question.attribute.key
        numbers = self.stage.numbers.get(key, ())
        sayings = self.stage.sayings
        tries = answers_to_try(
            sayings, question, numbers=numbers, known=self.known, beside=self.beside
        )
        apart = question.option is None and self.beside.is_read_with(key)
        columns = [
            self.batch.add_apart(question.unit, t.said.value)
            if apart or t.more
            else self.batch.add(question.unit, t.said.value, self.effect(t.said))
            for t in tries
        ]
        return Tried(question, tuple(tries), tuple(columns))

    def _completed(self, member: Member) -> Answers:
        answers = self.batch.answers
        given = dict(answers.given)
        for key in member.said:
            value = member.value(key)
            if isinstance(value, Mapping):
                given[key] = {**answers.results(key), **value}
            elif value is not None:
                given[key] = value
        return Answers(given, answers.declined)

    def _page(self, key: str, member: Member) -> int:
        effect = member.brings(key) & self.new
        column = self.batch.known_column(key, effect)
        is_apart = self.beside.is_read_with(key)
        if column is not None and not is_apart:
            return column
        value = member.value(key)
        if value is None:
            return 0
        return self.batch.add_apart(key, value) if is_apart else self.batch.add(key, value, effect)

    def gene_columns(self, one: Tried) -> list[int]:
        """For each member the column of the result that they have for one gene."""
        columns = {t.said.brings: column for t, column in zip(one.tries, one.columns, strict=True)}
        return [columns.get(member.said_of(one.unit), 0) for member in self.members]


def certain(catalogue: Catalogue, answers: Answers, today: date) -> int:
    """What no further answer can change, as literals, closed. Nothing may contradict."""
    return Sayings(catalogue.finder).certain(answers, today=today)
