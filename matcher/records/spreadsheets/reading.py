"""Reading: a table of profiles as drafts, row by row, with what was not used and why.

The header names answers in any order. A list is not known to be whole (``"unknown"`` is added to
it) unless its cell says so: by ``only`` at its end, or by ``none``. A cell that cannot be read
refuses its row, and every such cell of the row is named; all other rows are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import BinaryIO

from matcher.core.rulebook import Rulebook
from matcher.records.draft import NO_TABLE, Draft, Refusal, Unused
from matcher.records.spreadsheets.cells import Cells, folded
from matcher.records.spreadsheets.columns import Columns, HeaderError, read_columns
from matcher.records.spreadsheets.rows import RowReader
from matcher.records.spreadsheets.table import DELIMITERS, LARGEST, Row, Table, TableError
from matcher.records.spreadsheets.writing import plain_cell

NO_COLUMN, OLD_SIGNS = "no_column", "old_signs"
MOST_ROWS = 20_000
MOST_BEFORE = 1_000
"""Of comments and blank rows before the header."""


def read_rows(
    source: BinaryIO | bytes, book: Rulebook, *, name: str, today: date | None = None
) -> Iterator[Draft | Refusal]:
    """One draft for each good row, or refusals for a bad one; for a bad file one refusal.

    `name` is how the report calls the file. Columns that mean nothing here, and what is to be
    known about the file, stand once, with the first draft. Dates after `today` are refused.
    """
    content = source if isinstance(source, bytes) else source.read(LARGEST + 1)
    try:
        table = Table(content)
        delimiter, header, columns = _begin(table, book)
    except HeaderError as error:
        yield Refusal(name, error.name, None, str(error), NO_TABLE)
    except TableError as error:
        yield Refusal(name, "", None, str(error), NO_TABLE)
    else:
        reader = RowReader(
            name, columns, Cells(book, today=today), _codes(table, delimiter, columns)
        )
        notes = _notes(table, columns)
        for row in _body(table, delimiter, header):
            found = reader.read(row)
            if isinstance(found, Draft):
                yield replace(found, unused=(*notes, *found.unused))
                notes = ()
            else:
                yield from found


def _begin(table: Table, book: Rulebook) -> tuple[str, int, Columns]:
    """The delimiter by which most of the header is understood, its row's number, the columns."""
    best: tuple[str, int, Columns] | None = None
    for delimiter in DELIMITERS:
        first = islice(table.rows(delimiter), MOST_BEFORE)
        header = next((row for row in first if not (row.is_silent or row.has_mark)), None)
        if header is None or header.broken:
            continue
        columns = read_columns(header.cells, book)
        if columns.known > (best[2].known if best else 0):
            best = (delimiter, header.number, columns)
    if best is None:
        told = "has no header: its first row must name the columns, such as code, cancer, er, her2"
        raise TableError(told)
    return best


def _body(table: Table, delimiter: str, header: int) -> Iterator[Row]:
    for row in table.rows(delimiter):
        if row.number <= header:
            continue
        if row.number > MOST_ROWS:
            told = f"is one of more than {MOST_ROWS} rows. Nothing from here on was read"
            yield Row(row.number, broken=told)
            return
        if row.broken or not row.is_silent:
            yield row


def _codes(table: Table, delimiter: str, columns: Columns) -> Mapping[str, list[int]]:
    """The rows of each code that stands in several."""
    if columns.code is None:
        return {}
    first: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for row in table.rows(delimiter):
        if row.number > MOST_ROWS:
            break
        cell = row.cells[columns.code] if len(row.cells) > columns.code else ""
        code = folded(plain_cell(cell))
        if code and not row.is_silent:
            earlier = first.setdefault(code, row.number)
            if earlier != row.number:
                several.setdefault(code, [earlier]).append(row.number)
    return several


def _notes(table: Table, columns: Columns) -> tuple[Unused, ...]:
    why = "no column of profiles has this name"
    unused = tuple(
        Unused(f"column {column}", why, NO_COLUMN, {"name": column}) for column in columns.unused
    )
    return (Unused("encoding", table.note, OLD_SIGNS), *unused) if table.note else unused
