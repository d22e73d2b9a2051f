"""Writing: tables as CSV in which no cell can act as a formula, and such a cell read back.

Spreadsheet programs run a cell that begins with ``= + - @`` (also in full width), after blanks
too; a tab or line break at the start hides the sign from a look at the file. A program that takes
another sign as the delimiter begins a cell in the middle of ours. In each such place an apostrophe
goes before the sign: programs show the cell as text. `plain_cell` takes the apostrophes out again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.records.spreadsheets.cells import ONLY, plain_word

CODE = "code"
_SIGNS = "=+\\-@＝＋－＠﹢﹣﹦﹫−"
_FORMULA = re.compile(rf"'*[\s\ufeff]*[{_SIGNS}]")
_HIDDEN = re.compile(r"'*[\t\r\n]")
_DELIMITERS = re.compile(r"([;,\t\r\n])")


def safe_cell(text: str) -> str:
    """A text as a cell that no program takes for a formula; most texts stay as they are."""
    pieces = _DELIMITERS.split(text)
    pieces[::2] = [f"'{one}" if _FORMULA.match(one) else one for one in pieces[::2]]
    safe = "".join(pieces)
    return f"'{safe}" if _HIDDEN.match(safe) else safe


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` was given."""
    if "'" not in cell:
        return cell
    safe = cell[1:] if cell[0] == "'" and _HIDDEN.match(cell[1:]) else cell
    pieces = _DELIMITERS.split(safe)
    pieces[::2] = [
        one[1:] if one[:1] == "'" and _FORMULA.match(one[1:]) else one for one in pieces[::2]
    ]
    return "".join(pieces)


def write_rows(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a CSV file, one for each row, every cell safe; stream them as they come."""
    line = io.StringIO()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_profiles(
    people: Iterable[tuple[str, Mapping[str, Any]]],
    book: Rulebook,
    *,
    beside: Sequence[Mapping[str, str]] = (),
) -> Iterator[str]:
    """The lines of a CSV file of profiles: pairs of a code and answers as public JSON.

    `beside` are, person by person, cells of the columns beside answers (``er@date``,
    ``er@source``); a column in which nobody has any is left out. `read_rows` reads all of it back.
    """
    attributes = list(book.attributes.values())
    used = {name for cells in beside for name in cells}
    columns = [
        (attribute, [name for name in beside_names(attribute.key) if name in used])
        for attribute in attributes
    ]
    header = [name for one, names in columns for name in (one.key, *names)]
    yield from write_rows([[CODE, *header]])
    yield from write_rows(
        _row(code, answers, columns, beside[number] if beside else {})
        for number, (code, answers) in enumerate(people)
    )


def _row(
    code: str,
    answers: Mapping[str, Any],
    columns: Iterable[tuple[Attribute, Sequence[str]]],
    cells: Mapping[str, str],
) -> list[str]:
    row = [code]
    for one, names in columns:
        row.append(answer_cell(one, answers.get(one.key)))
        row += [cells.get(name, "") for name in names]
    return row


def beside_names(key: str) -> tuple[str, str]:
    """The columns beside an answer's: when it was found out, and who said it."""
    return f"{key}@date", f"{key}@source"


def answer_cell(attribute: Attribute, answer: Any) -> str:
    """One answer as the text of a cell; empty for what is not known."""
    if answer in (None, UNKNOWN, [UNKNOWN], "", [], {}):
        return ""
    if isinstance(answer, Mapping):
        return ";".join(f"{gene}={_result(result)}" for gene, result in answer.items())
    if isinstance(answer, list | tuple):
        return ";".join(_listed(attribute, list(answer)))
    return plain_word(attribute, str(answer))


def _listed(attribute: Attribute, values: list[str]) -> list[str]:
    first = attribute.option(values[0])
    alone = values == [DECLINED] or (first is not None and first.exclusive)
    return values if alone or UNKNOWN in values else [*values, ONLY]


def _result(result: Any) -> str:
    if isinstance(result, Mapping):
        on = result.get("on")
        return f"{result['result']}@{on}" if on else str(result["result"])
    return str(result)
