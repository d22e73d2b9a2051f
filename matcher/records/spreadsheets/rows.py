"""Rows: one row of a table of profiles as a draft, or every reason for which it has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.vocabulary import CANCER, MAIN
from matcher.records.draft import Draft, Refusal, Unused, Used
from matcher.records.person_code import code_fault
from matcher.records.spreadsheets.cells import CellError, Cells, folded
from matcher.records.spreadsheets.columns import Columns
from matcher.records.spreadsheets.table import Row
from matcher.records.spreadsheets.writing import CODE, plain_cell

LONGEST_SHOWN = 80
SHOWN_ROWS = 5
SOURCES = {"report": ("report", "informe"), "told": ("told", "dicho"), "file": ("file", "archivo")}
CODE_FAULTS: Mapping[str, str] = {
    "empty": "is empty",
    "email": "looks like an email address",
    "birth_date": "looks like a date, such as a birth date",
    "address": "looks like an address",
    "record_number": "looks like a record or telephone number",
    "name": "looks like a name",
    "long": "is too long",
    "signs": "has other signs than letters, digits and - _ . / #",
}
NO_ANSWER = "no_answer"
CODE_MEND = "Use a code such as A-117"


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self, name: str, columns: Columns, cells: Cells, several: Mapping[str, Sequence[int]]
    ) -> None:
        self._name, self._columns, self._cells, self._several = name, columns, cells, several

    def read(self, row: Row) -> Draft | list[Refusal]:
        """The row's draft, or every reason for which it has none."""
        source = f"{self._name}, row {row.number}"
        broken = row.broken or self._ragged(row)
        if broken:
            return [Refusal(source, "", None, broken)]
        cells = [plain_cell(cell).strip() for cell in row.cells]
        cells += [""] * (len(self._columns.names) - len(cells))
        faults: list[Refusal] = []
        code = self._code(source, cells, faults)
        answers = self._answers(source, cells, faults)
        dates = self._beside(self._columns.dates, "date", source, cells, faults)
        sources = self._beside(self._columns.sources, "source", source, cells, faults)
        if faults:
            return faults
        return self._draft(source, cells, code, answers, dates, sources)

    def _ragged(self, row: Row) -> str | None:
        # Programs leave out empty cells at the end of a row; one too many has shifted the others.
        if any(map(str.strip, row.cells[len(self._columns.names) :])):
            told = "has more cells than the header: put quotation marks around a cell in which"
            return f"{told} the sign stands that divides cells, such as a list a;b"
        return None

    def _code(self, source: str, cells: list[str], faults: list[Refusal]) -> str | None:
        place = self._columns.code
        if place is None or not cells[place]:
            return None
        code = " ".join(cells[place].split())
        fault = code_fault(code)
        if fault:
            faults.append(_refusal(source, CODE, code, f"{CODE_FAULTS[fault]}. {CODE_MEND}"))
        rows = self._several.get(folded(code))
        if rows:
            listed = ", ".join(map(str, rows[:SHOWN_ROWS]))
            more = " …" if len(rows) > SHOWN_ROWS else ""
            told = f"stands in several rows ({listed}{more}): which one is right?"
            faults.append(_refusal(source, CODE, code, told))
        return code

    def _answers(self, source: str, cells: list[str], faults: list[Refusal]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for place, attribute in self._columns.answers.items():
            if not cells[place]:
                continue
            try:
                value = self._cells.read(attribute, cells[place])
            except CellError as error:
                faults.append(_refusal(source, attribute.key, cells[place], str(error)))
                continue
            if value is not None:
                answers[attribute.key] = value
        return answers

    def _beside(
        self,
        places: Mapping[str, int],
        part: str,
        source: str,
        cells: list[str],
        faults: list[Refusal],
    ) -> dict[str, str]:
        """The dates or the sources that stand beside answers."""
        found: dict[str, str] = {}
        for key, place in places.items():
            try:
                value = (self._cells.read_date if part == "date" else _read_source)(cells[place])
            except CellError as error:
                faults.append(_refusal(source, f"{key}@{part}", cells[place], str(error)))
                continue
            if value is not None:
                found[key] = value
        return found

    def _draft(
        self,
        source: str,
        cells: list[str],
        code: str | None,
        answers: dict[str, Any],
        dates: dict[str, str],
        sources: dict[str, str],
    ) -> Draft:
        names = self._columns.names
        used = [
            Used(f"{names[place]}: {cells[place][:LONGEST_SHOWN]}", one.key, answers[one.key])
            for place, one in self._columns.answers.items()
            if one.key in answers
        ]
        unused = [
            Unused(
                f"{key}@{part}: {value}",
                f"there is no answer under {key}",
                NO_ANSWER,
                {"key": key, "value": value},
            )
            for part, values in (("date", dates), ("source", sources))
            for key, value in values.items()
            if key not in answers
        ]
        self._add_main(answers, used)
        return Draft(
            source,
            _dated(answers, dates),
            {key: on for key, on in dates.items() if key in answers},
            tuple(used),
            tuple(unused),
            code=code,
            sources={key: one for key, one in sources.items() if key in answers},
        )

    def _add_main(self, answers: dict[str, Any], used: list[Used]) -> None:
        """A row that names one cancer is about that one, although the list may not be whole."""
        listed = answers.get(CANCER)
        named = [one for one in listed or () if one != UNKNOWN]
        if listed == DECLINED or UNKNOWN not in (listed or ()):
            return
        about = {one.key for one in self._columns.answers.values() if one.about == MAIN} - {MAIN}
        if len(named) != 1 or MAIN in answers or about.isdisjoint(answers):
            return
        answers[MAIN] = named[0]
        used.append(Used(f"the one cancer that the row names: {named[0]}", MAIN, named[0]))


def _dated(answers: dict[str, Any], dates: Mapping[str, str]) -> dict[str, Any]:
    """The answers with a column's date for each of its results that has none of its own."""
    dated = dict(answers)
    for key, on in dates.items():
        if isinstance(answers.get(key), dict):
            dated[key] = {
                gene: {"result": result, "on": on} if isinstance(result, str) else result
                for gene, result in answers[key].items()
            }
    return dated


def _read_source(cell: str) -> str | None:
    if not cell.strip():
        return None
    for source, words in SOURCES.items():
        if folded(cell) in words:
            return source
    raise CellError(f"is not a known source. Allowed: {', '.join(SOURCES)}")


def _refusal(source: str, path: str, value: str, problem: str) -> Refusal:
    return Refusal(source, path, value[:LONGEST_SHOWN], problem)
