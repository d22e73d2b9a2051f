"""Table: the bytes of a CSV file as rows of cells, whatever program wrote it.

Rows come one by one: never is the whole table in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
LONGEST_CELL = 5_000
MOST_COLUMNS = 300
LONGEST_LINE = 2_000_000
"""Longer than a row of the most and longest cells: what is cut here is refused there."""
MOST_LINES = 100
"""Of one row whose cells hold line breaks."""
MOST_BROKEN = 1_000
DELIMITERS = (",", ";", "\t")
_BLOCK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel, Numbers or zip file. Open it there and save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file. Open it there and save it as CSV"),
    (b"%PDF", "a PDF. A table is read as CSV"),
)
OLD_ENCODING = "the file is not UTF-8: it was read as Windows-1252, look whether accents are right"


class TableError(Exception):
    """A file that cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: its number as spreadsheet programs count, its cells; `broken` says what is wrong."""

    number: int
    cells: tuple[str, ...] = ()
    broken: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the row is blank, or a comment (it begins with ``#`` and a blank)."""
        first = self.cells[0].lstrip() if self.cells else ""
        return first.startswith("sep=") or _is_comment(first) or not any(map(str.strip, self.cells))

    @property
    def has_mark(self) -> bool:
        """Whether it begins with ``#``: above the header that is a comment, below it may be a code,
        such as ``#12``."""
        return bool(self.cells) and self.cells[0].lstrip().startswith("#")


class Table:
    """A file's rows; may be gone through several times. Raises `TableError` for another file."""

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST:
            raise TableError(f"is larger than {LARGEST // MEGABYTE} MB. Split it")
        if not content.strip():
            raise TableError("is empty")
        for mark, told in _OTHER_FILES:
            if content.startswith(mark):
                raise TableError(f"is {told}")
        self._content = content
        self.encoding = _encoding_of(content)

    @property
    def note(self) -> str | None:
        """What the reader of the report should know about the file."""
        return OLD_ENCODING if self.encoding == "cp1252" else None

    def rows(self, delimiter: str) -> Iterator[Row]:
        """The rows, the first of them number 1.

        Where a quote opens that nothing closes, the row in which it stands is broken and the next
        line begins the next row. After very many of them the last row says that reading stopped.
        """
        lines, again = self._lines(), deque[str]()
        number = broken = 0
        while True:
            taken: list[str] = []
            feed = _feed(again, lines, taken)
            try:
                cells = next(_reader(feed, delimiter))
            except StopIteration:
                return
            except csv.Error:
                number, broken = number + 1, broken + 1
                yield _broken(number, taken[0], stopped=broken > MOST_BROKEN)
                if broken > MOST_BROKEN:
                    return
                again.extendleft(reversed(taken[1:]))
                continue
            number += 1
            yield _checked(number, cells)

    def _lines(self) -> Iterator[str]:
        reader = io.TextIOWrapper(io.BytesIO(self._content), self.encoding, newline="")
        while line := reader.readline(LONGEST_LINE):
            yield line
            while len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                line = reader.readline(LONGEST_LINE)


def _is_comment(text: str) -> bool:
    return text.startswith("#") and (len(text) == 1 or text[1].isspace())


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _feed(again: deque[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines of one row, noted as they are taken."""
    room = LONGEST_LINE
    while len(taken) < MOST_LINES and room > 0:
        line = again.popleft() if again else next(lines, None)
        if line is None:
            return
        taken.append(line)
        room -= len(line)
        yield line


def _broken(number: int, line: str, *, stopped: bool) -> Row:
    if _is_comment(line.lstrip(' "')):
        return Row(number)
    told = "has a quotation mark that is not closed, or a sign after one"
    if len(line) > LONGEST_CELL:
        told = f"has a cell longer than {LONGEST_CELL} signs"
    return Row(number, broken=f"{told}. Nothing after it was read" if stopped else told)


def _checked(number: int, cells: list[str]) -> Row:
    told = None
    if len(cells) > MOST_COLUMNS:
        told = f"has more than {MOST_COLUMNS} cells"
    elif any(len(cell) > LONGEST_CELL for cell in cells):
        told = f"has a cell longer than {LONGEST_CELL} signs"
    elif any("\0" in cell for cell in cells):
        told = "holds NUL bytes, which no text has. Save the file as CSV, UTF-8"
    return Row(number, broken=told) if told else Row(number, tuple(cells))


def _encoding_of(content: bytes) -> str:
    named = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (named,) if named else ("utf-8", "cp1252"):
        if _decodes(content, encoding):
            return encoding
    raise TableError("is not text in UTF-8, UTF-16 or Windows-1252. Save it as CSV, UTF-8")


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _BLOCK):
            decoder.decode(content[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
