"""Spoken: answers in words, those that were given and those that would change something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from babel.lists import format_list

from matcher.core.answers import DECLINED, FOUND, UNKNOWN
from matcher.core.change import Step
from matcher.core.rulebook import Attribute, Rulebook
from matcher.core.text import Text
from matcher.core.wording import panel_words


@dataclass(frozen=True)
class Missing:
    """One question that waits for its answer (``key`` or ``key.gene``), and what would do."""

    unit: str
    name: str
    answer: str

    @property
    def key(self) -> str:
        """The question's key."""
        return self.unit.partition(".")[0]


@dataclass(frozen=True)
class AnswerWords:
    """Says answers in one language. `texts` holds ``frame.unknown`` and ``change.``."""

    book: Rulebook
    texts: Mapping[str, Text]
    language: str = "en"

    def name(self, key: str) -> str:
        """A question's short name."""
        return self.book.attributes[key].name.in_(self.language)

    def words(self, key: str, answer: Any) -> list[str]:
        """The parts of one answer as a profile has it; what was declined is left out."""
        attribute = self.book.attributes[key]
        if answer in (DECLINED, [DECLINED]):
            return []
        if answer == UNKNOWN:
            return [self.say("frame.unknown")]
        if isinstance(answer, Mapping):
            return [
                self._panel(attribute, gene, result)
                or f"{self._label(attribute, gene)}: {self._result(result)}"
                for gene, result in answer.items()
                if _plain_result(result) != DECLINED
            ]
        if isinstance(answer, list | tuple):
            return self._list(attribute, answer)
        if attribute.kind == "integer":
            return [self._number(attribute, int(answer))]
        return [self._label(attribute, str(answer))]

    def by_result(self, key: str, answer: Mapping[str, Any]) -> dict[str, list[str]]:
        """The genes of a results answer under each result in words, what was found first.

        A panel of genes has words of its own, and no gene under them. What is not known is left
        out.
        """
        attribute, told = self.book.attributes[key], dict[str, list[str]]()
        found_first = sorted(answer.items(), key=lambda one: _plain_result(one[1]) not in FOUND)
        for gene, result in found_first:
            if panel := self._panel(attribute, gene, result):
                told[panel] = []
            elif _plain_result(result) not in (DECLINED, UNKNOWN):
                told.setdefault(self._result(result), []).append(self._label(attribute, gene))
        return told

    def missing(self, steps: Iterable[Step]) -> list[Missing]:
        """Answers that would make a study fit, those of one list together, in form order."""
        by_unit: dict[str, list[Step]] = {}
        for step in steps:
            by_unit.setdefault(step.unit, []).append(step)
        return [self._missing(unit, told) for unit, told in by_unit.items()]

    def say(self, key: str, /, **values: object) -> str:
        """A text of the catalogues, filled in."""
        return self.texts[key].in_(self.language).format(**values)

    def listed(self, parts: list[str]) -> str:
        """A list in words: "a, b and c"."""
        return format_list(parts, locale=self.language)

    def _missing(self, unit: str, steps: list[Step]) -> Missing:
        key, _, gene = unit.partition(".")
        attribute = self.book.attributes[key]
        if gene:
            words = self.words(key, {gene: steps[0].to})[0]
        elif steps[0].span is not None:
            words = self._numbers(attribute, *steps[0].span)
        else:
            words = self.listed([word for one in steps for word in self.words(key, one.to)])
        if steps[0].whole:
            words = self.say("change.and_no_other", list=words)
        return Missing(unit, self.name(key), words)

    def _numbers(self, attribute: Attribute, low: int, high: int) -> str:
        unit = self._unit(attribute)
        if low == high:
            return self._number(attribute, low)
        form = "between"
        if high == attribute.max:
            form = "at_least"
        elif low == attribute.min:
            form = "at_most"
        return " ".join(self.say(f"change.{form}", low=low, high=high, unit=unit).split())

    def _number(self, attribute: Attribute, number: int) -> str:
        return f"{number} {self._unit(attribute, number)}".strip()

    def _unit(self, attribute: Attribute, number: int = 0) -> str:
        unit = (number == 1 and attribute.unit_one) or attribute.unit
        return unit.in_(self.language) if unit else ""

    def _label(self, attribute: Attribute, value: str) -> str:
        option = attribute.option(value)
        text = option.label if option else self.book.texts[f"answer_{value}"]
        return text.in_(self.language)

    def _list(self, attribute: Attribute, values: Sequence[str]) -> list[str]:
        labels = [self._label(attribute, value) for value in values if value != UNKNOWN]
        if UNKNOWN in values and labels:
            more = self.book.texts["answer_maybe_more"].in_(self.language)
            labels[-1] = more.format(list=labels[-1])
        return labels or [self.say("frame.unknown")]

    def _panel(self, attribute: Attribute, gene: str, result: Any) -> str:
        """What a panel of many genes found, in words of its own; empty for every other gene."""
        key = panel_words(attribute.option(gene), _plain_result(result))
        return self._dated(self.book.texts[key].in_(self.language), result) if key else ""

    def _result(self, result: Any) -> str:
        if _plain_result(result) == UNKNOWN:
            return self.say("frame.unknown")
        words = self.book.texts[f"result_{_plain_result(result)}"].in_(self.language)
        return self._dated(words, result)

    def _dated(self, words: str, result: Any) -> str:
        if isinstance(result, Mapping) and result.get("on"):
            return f"{words} ({self._when(str(result['on']))})"
        return words

    def _when(self, on: str) -> str:
        year, _, month = on.partition("-")
        if not month:
            return year
        first = date(int(year), int(month[:2]), 1)
        return format_skeleton("yMMMM", first, locale=self.language)


def _plain_result(result: Any) -> str:
    return str(result["result"] if isinstance(result, Mapping) else result)
