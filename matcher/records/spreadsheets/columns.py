"""Columns: what the header of a table says about each of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcher.core.rulebook import Attribute, Rulebook
from matcher.records.spreadsheets.cells import folded
from matcher.records.spreadsheets.writing import CODE, plain_cell

_CODE_NAMES = (CODE, "código", "codigo")
_PARTS = {"date": "dates", "fecha": "dates", "source": "sources", "fuente": "sources"}
LONGEST_SHOWN = 80


class HeaderError(Exception):
    """A header that cannot be used; `name` is the column at fault, if it is one."""

    def __init__(self, told: str, name: str = "") -> None:
        super().__init__(told)
        self.name = name


@dataclass(frozen=True)
class Columns:
    """The positions of what is read; `unused` are the names of the other columns."""

    names: tuple[str, ...]
    code: int | None = None
    answers: Mapping[int, Attribute] = field(default_factory=dict)
    dates: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """How many columns mean something here."""
        return len(self.answers) + (self.code is not None)


def read_columns(header: Sequence[str], book: Rulebook) -> Columns:
    """The columns that a header names, in any order: keys, or names in English or Spanish.

    ``er@date`` and ``er@source`` stand beside ``er``. Raises `HeaderError` where a column stands
    twice.
    """
    keys = _names(book)
    answers: dict[int, Attribute] = {}
    parts: dict[str, dict[str, int]] = {"dates": {}, "sources": {}}
    code: int | None = None
    unused: list[str] = []
    seen: dict[str, str] = {}
    shown = tuple(plain_cell(name).strip()[:LONGEST_SHOWN] for name in header)
    for position, name in enumerate(shown):
        what, _, part = folded(name).rpartition("@") if "@" in name else (folded(name), "", "")
        key = keys.get(what.strip())
        kind = _PARTS.get(part.strip()) if part else ""
        if key is None or kind is None or (kind and key == CODE):
            unused.extend([name] if name else [])
            continue
        meant = f"{key} {kind}"
        if meant in seen:
            raise HeaderError(f"stands twice (as '{seen[meant]}' and as '{name}'): keep one", name)
        seen[meant] = name
        if kind:
            parts[kind][key] = position
        elif key == CODE:
            code = position
        else:
            answers[position] = book.attributes[key]
    return Columns(shown, code, answers, parts["dates"], parts["sources"], tuple(unused))


def _names(book: Rulebook) -> Mapping[str, str]:
    names = {folded(name): CODE for name in _CODE_NAMES}
    for attribute in book.attributes.values():
        for name in (attribute.name.en, attribute.name.es):
            names.setdefault(folded(name), attribute.key)
    # A key means what it says, whatever an attribute may be called.
    return names | {folded(key): key for key in book.attributes}
