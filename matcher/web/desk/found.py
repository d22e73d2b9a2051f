"""Found: what files say of people, in words, beside what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.records.draft import Clash, Unused
from matcher.services.panels.comparing import Difference, found_on
from matcher.services.panels.facts import units_of
from matcher.services.panels.importing import KNOWN, Preview, PreviewRow
from matcher.web.desk.told import place_of, unit_name, unit_words, when
from matcher.web.language import listed, say

MOST_SHOWN = 500
MOST_UNUSED = 40


@dataclass(frozen=True)
class FoundFact:
    """One fact of a file: its name, what it says, when it was found out. `kind` is how it stands
    to what is kept (a word of `panels.comparing`, empty for somebody new), `kept` what is."""

    unit: str
    name: str
    words: str
    on: str
    kind: str = ""
    kept: str = ""


@dataclass(frozen=True)
class FoundRow:
    """One person of the files, by their place in the preview. `why` says why they cannot be
    taken, as the end of a text's key; it is empty for who can."""

    number: int
    source: str
    code: str | None
    kind: str
    why: str
    facts: Sequence[FoundFact]
    clashes: Sequence[str]
    unused: Sequence[Unused]
    unused_count: int


def found_rows(made: Preview) -> list[FoundRow]:
    """The first people of a preview, in words."""
    return [_row(number, row) for number, row in enumerate(made.rows[:MOST_SHOWN])]


def _row(number: int, row: PreviewRow) -> FoundRow:
    why = "" if row.can_be_taken else ("same" if row.kind == KNOWN else row.kind)
    return FoundRow(
        number=number,
        source=row.draft.source,
        code=row.draft.code,
        kind=row.kind,
        why=why,
        facts=[_change(one) for one in sorted(row.differences, key=lambda one: place_of(one.unit))]
        if row.kind == KNOWN
        else _facts(row),
        clashes=[_clash(one) for one in row.draft.clashes],
        unused=row.draft.unused[:MOST_UNUSED],
        unused_count=len(row.draft.unused),
    )


def _facts(row: PreviewRow) -> list[FoundFact]:
    return [
        FoundFact(
            unit, unit_name(unit), unit_words(unit, value), when(found_on(row.draft, unit, value))
        )
        for unit, value in sorted(units_of(row.answers).items(), key=lambda one: place_of(one[0]))
    ]


def _change(one: Difference) -> FoundFact:
    return FoundFact(
        one.unit,
        unit_name(one.unit),
        unit_words(one.unit, one.after),
        when(one.after_on),
        kind=one.kind,
        kept=unit_words(one.unit, one.before) if one.before is not None else "",
    )


def _clash(clash: Clash) -> str:
    told = [
        f"{_words(clash.key, value)} ({when(on)})" if on else _words(clash.key, value)
        for value, on in zip(clash.values, clash.dates, strict=True)
    ]
    return str(say("desk_preview.clash", name=unit_name(clash.key), list=listed(told)))


def _words(unit: str, value: object) -> str:
    try:
        return unit_words(unit, value)
    except (KeyError, AttributeError, TypeError):
        return str(value)
