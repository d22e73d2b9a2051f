"""Questions: what to ask next as public JSON, and in words with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.core.levels import Level
from matcher.core.questions import Plan, PossibleAnswer, Question
from matcher.core.rulebook import Option, Rulebook
from matcher.core.text import Text

SETTLED = (Level.FITS, Level.RELATED, Level.DIFFERENT)
"""The levels where nothing more has to be known to place a study."""


@dataclass(frozen=True)
class MostSettled:
    """The most studies that one answer takes from `level` to a settled one: `count` of `of`."""

    level: Level
    count: int
    of: int

    @property
    def form(self) -> str:
        """The ending of the text that tells it: ``one`` in all, a ``single`` one, or ``many``."""
        if self.of == 1:
            return "one"
        return "single" if self.count == 1 else "many"


def most_settled(question: Question, plan: Plan) -> MostSettled | None:
    """What the best answer settles of those that may fit; if none of them, of those at open.

    None if no answer by itself settles any.
    """
    for level, of in ((Level.MAY_FIT, plan.may_fit), (Level.OPEN, plan.open)):
        counts = (_settled_from(level, answer) for answer in question.answers)
        if count := max(counts, default=0):
            return MostSettled(level, count, of)
    return None


def _settled_from(level: Level, answer: PossibleAnswer) -> int:
    changes = answer.changes.items()
    return sum(n for (before, after), n in changes if before == level and after in SETTLED)


@dataclass(frozen=True)
class PlanWords:
    """A plan in words. `texts` holds the texts whose keys begin with ``ask.``."""

    book: Rulebook
    texts: Mapping[str, Text]
    language: str = "en"

    def question(self, question: Question) -> str:
        """The question; for one gene, with the gene's name before it."""
        text = self.book.attributes[question.key].question.in_(self.language)
        option = self._option(question.key, question.gene)
        return f"{option.label.in_(self.language)}: {text}" if option else text

    def unit(self, unit: str) -> str:
        """The short name of a single answer (``key`` or ``key.gene``)."""
        key, _, gene = unit.partition(".")
        name = self.book.attributes[key].name.in_(self.language)
        option = self._option(key, gene)
        return f"{option.label.in_(self.language)} – {name}" if option else name

    def settles(self, question: Question, plan: Plan) -> str:
        """How many of the studies that are not settled one answer could settle; no capital letter.

        A question that does nothing alone says with which others it would.
        """
        what = self._settled(question, plan)
        if not question.together:
            return self.say("order") if what is None else what
        names = ", ".join(map(self.unit, question.together))
        if what is None:
            return self.say("together", list=names)
        return self.say("together_settles", list=names, what=what)

    def _settled(self, question: Question, plan: Plan) -> str | None:
        if not question.settles:
            return None
        most = most_settled(question, plan)
        if most is None:
            return self.say("more")
        key = f"{most.level.word}_{most.form}"
        return self.say("alone", what=self.say(key, n=most.count, of=most.of))

    def answer(self, question: Question, answer: PossibleAnswer) -> str:
        """An answer's label."""
        attribute = self.book.attributes[question.key]
        if question.gene:
            return self.book.texts[f"result_{answer.value}"].in_(self.language)
        option = attribute.option(answer.value)
        if option is not None:
            return option.label.in_(self.language)
        if attribute.kind == "integer":
            unit = attribute.unit.in_(self.language) if attribute.unit else ""
            return self.say("number", n=answer.value, unit=unit).strip()
        return self.book.texts[f"answer_{answer.value}"].in_(self.language)

    def changes(self, answer: PossibleAnswer) -> str:
        """What an answer would change, in counts; no capital letter."""
        told = [self._change(*levels, count) for levels, count in answer.changes.items()]
        return "; ".join(told) or self.say("nothing")

    def _change(self, before: Level, after: Level, count: int) -> str:
        return self.say(
            "change",
            before=self.number(f"before_{before.word}", count),
            after=self.number(f"after_{after.word}", count),
        )

    def say(self, key: str, **values: object) -> str:
        """The text ``ask.<key>``, filled in."""
        return self.texts[f"ask.{key}"].in_(self.language).format(**values)

    def number(self, key: str, n: int) -> str:
        """The text ``ask.<key>_one`` or ``ask.<key>_many``."""
        return self.say(f"{key}_{'one' if n == 1 else 'many'}", n=n)

    def _option(self, key: str, gene: str | None) -> Option | None:
        return self.book.attributes[key].option(gene) if gene else None


def questions_json(plan: Plan, words: PlanWords, *, limit: int | None = None) -> dict[str, Any]:
    """The document of ``matcher ask --json`` and of the API's ``/questions``."""
    return {
        "questions": [_question_json(one, plan, words) for one in plan.questions[:limit]],
        "may_fit": plan.may_fit,
        "open": plan.open,
        "settled": plan.settled,
    }


def _question_json(question: Question, plan: Plan, words: PlanWords) -> dict[str, Any]:
    return {
        "key": question.key,
        "gene": question.gene,
        "question": words.question(question),
        "settles": question.settles,
        "settles_may_fit": question.settles_may_fit,
        "of": plan.may_fit,
        "text": words.settles(question, plan),
        "together": list(question.together),
        "answers": [_answer_json(question, answer, words) for answer in question.answers],
    }


def _answer_json(question: Question, answer: PossibleAnswer, words: PlanWords) -> dict[str, Any]:
    return {
        "value": answer.value,
        "label": words.answer(question, answer),
        "changes": {
            f"{before.word}>{after.word}": count
            for (before, after), count in answer.changes.items()
        },
        "text": words.changes(answer),
    }
