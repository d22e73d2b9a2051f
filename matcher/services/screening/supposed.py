"""Supposed: the facts of people who differ from others by one answer each.

The same as `FactFinder.people`, faster: what somebody shares with the person whose other answers
they have is put into the table of answers once, with that person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers, Value
from matcher.core.finder import FactFinder
from matcher.core.finding.answer_table import AnswerTable, Column
from matcher.core.machine.people import People
from matcher.services.screening.hypotheses import Asked


def suppose(finder: FactFinder, asked: Sequence[Asked], *, today: date) -> People:
    """What is known of everybody in `asked`: of each the person as now, then those supposed."""
    return finder.columns.find(_table(finder, asked), today=today)


def _table(finder: FactFinder, asked: Sequence[Asked]) -> AnswerTable:
    encoder = finder.encoder
    base = AnswerTable.of((each.people[0] for each in asked), encoder)
    counts = [len(each.people) for each in asked]
    merged = {key: one.merged_from for key, one in encoder.attributes.items() if one.merged_from}
    columns = {
        column.key: _Growing(merged.get(column.key), column, np.repeat(column.codes, counts))
        for column in base.columns
    }
    people = tuple(one for each in asked for one in each.people)
    changed = [key for each in asked for key in ("", *each.changed)]
    for number, key in enumerate(changed):
        if key:
            for name in (key, *(one for one, other in merged.items() if other == key)):
                value = people[number].given.get(name)
                if value is not None:
                    if name not in columns:
                        nobody = np.zeros(len(people), dtype=np.int32)
                        columns[name] = _Growing(merged.get(name), Column(name, (), nobody), nobody)
                    columns[name].put(number, value, people[number])
    return AnswerTable(people, tuple(one.column() for one in columns.values()))


class _Growing:
    """A column of answers to which more are added; `beside`: the list that its key hangs on."""

    def __init__(self, beside: str | None, column: Column, codes: NDArray[np.int32]) -> None:
        self.key, self.beside, self.codes = column.key, beside, codes
        self.values = list(column.values)
        self._numbers: dict[Any, int] = {}

    def put(self, person: int, value: Value, answers: Answers) -> None:
        """Give a person their answer."""
        other = answers.given.get(self.beside) if self.beside else None
        name = (frozenset(value.items()) if isinstance(value, Mapping) else value, other)
        code = self._numbers.get(name)
        if code is None:
            given = {self.key: value}
            if self.beside and other is not None:
                given[self.beside] = other
            self.values.append(Answers(given))
            code = self._numbers[name] = len(self.values)
        self.codes[person] = code

    def column(self) -> Column:
        """The column as it is now."""
        return Column(self.key, tuple(self.values), self.codes)
