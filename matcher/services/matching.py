"""Matching: the verbs "match", "explain" and "ask" over a compiled catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.change import Step, smallest_change
from matcher.core.facts import Facts
from matcher.core.finder import FactFinder
from matcher.core.matching import Match, Outcome, match
from matcher.core.questions import Plan, Planner, is_asked
from matcher.core.rulebook import Attribute, Rulebook
from matcher.core.study import Study

MOST_PLANS = 200


class UnknownStudyError(LookupError):
    """There is no study with this key."""


@dataclass(frozen=True)
class Explanation:
    """One study for one person, and the fewest not-known answers that would make it fit."""

    outcome: Outcome
    change: tuple[Step, ...] | None

    @property
    def match(self) -> Match:
        """The study's match."""
        return self.outcome.matches[0]


class Matcher:
    """A catalogue made ready once under one rulebook; safe to share between threads."""

    def __init__(
        self, book: Rulebook, studies: Iterable[Study], *, finder: FactFinder | None = None
    ) -> None:
        self.book = book
        self.catalogue = Catalogue.compile(book, studies, finder=finder)
        self._salt = token_bytes(32)
        self._plans: dict[bytes, Plan] = {}
        self._lock = Lock()

    def match(
        self,
        answers: Answers,
        *,
        today: date,
        language: str = "en",
        cared_for: bool = False,
        at_desk: bool = False,
    ) -> Outcome:
        """Every listed study for one person, ranked and explained (see `core.matching.match`)."""
        return match(
            self.catalogue,
            answers,
            today=today,
            language=language,
            cared_for=cared_for,
            at_desk=at_desk,
        )

    def study(self, key: str) -> Study | None:
        """The study with this key, hidden ones too; None if there is none."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Study]:
        return {study.key: study for study in self.catalogue.studies}

    def explain(
        self, key: str, answers: Answers, *, today: date, language: str = "en"
    ) -> Explanation:
        """One study in full; superseded and retracted ones too. Raises `UnknownStudyError`."""
        study = self.study(key)
        if study is None:
            raise UnknownStudyError(key)
        alone = Catalogue.compile(self.book, [study], finder=self.catalogue.finder)
        outcome = match(alone, answers, today=today, language=language, with_hidden=True)
        change = smallest_change(self.catalogue, study, answers, today=today)
        return Explanation(outcome, change)

    def ask(self, answers: Answers, *, today: date) -> Plan:
        """What to ask next: the unanswered questions, most valuable first.

        The last plans are kept, for several pages show one after the other; not the answers that
        they are for, but a keyed digest of them.
        """
        told = repr((sorted(answers.given.items()), sorted(answers.declined), today))
        name = blake2b(told.encode(), key=self._salt).digest()
        with self._lock:
            plan = self._plans.pop(name, None)
        if plan is None:
            plan = self._planner.plan(answers, today=today)
        with self._lock:
            self._plans[name] = plan
            if len(self._plans) > MOST_PLANS:
                self._plans.pop(next(iter(self._plans)))
        return plan

    @cached_property
    def _planner(self) -> Planner:
        return Planner(self.catalogue)

    def facts(self, answers: Answers, *, today: date) -> Facts:
        """What is known of one person."""
        return self.catalogue.finder.find(answers, today=today)

    def useful_questions(self, answers: Answers, *, today: date) -> tuple[Attribute, ...]:
        """The questions, in form order, that some study needs and that make sense to ask."""
        facts = self.facts(answers, today=today)
        keys = {unit.partition(".")[0] for unit in self._planner.useful}
        return tuple(
            attribute
            for attribute in self.book.attributes.values()
            if attribute.key in keys and is_asked(self.catalogue, attribute, facts)
        )
