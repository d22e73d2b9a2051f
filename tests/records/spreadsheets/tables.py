"""Tables to read in tests, and short ways to read them."""

from __future__ import annotations

from typing import Any

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft, Refusal
from matcher.records.spreadsheets.reading import read_rows


def read(book: Rulebook, table: str | bytes, **more: Any) -> list[Draft | Refusal]:
    """Everything that is read from a table."""
    content = table.encode() if isinstance(table, str) else table
    return list(read_rows(content, book, name="people.csv", **more))


def drafts(book: Rulebook, table: str | bytes) -> list[Draft]:
    """The drafts of a table in which nothing is refused."""
    found = read(book, table)
    assert [one for one in found if isinstance(one, Refusal)] == []
    return [one for one in found if isinstance(one, Draft)]


def answers(book: Rulebook, header: str, row: str) -> dict[str, Any]:
    """The answers of a table's one row."""
    (draft,) = drafts(book, f"{header}\n{row}\n")
    return dict(draft.answers)


def refusal(book: Rulebook, table: str | bytes, **more: Any) -> Refusal:
    """The only thing that is read from a table, a refusal."""
    (found,) = read(book, table, **more)
    assert isinstance(found, Refusal)
    return found
