"""Found: what files say of people, in words, beside what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.records.draft import Clash
from matcher.services.panels.comparing import UNCLEAR, Difference, found_on
from matcher.services.panels.facts import result_date, units_of
from matcher.services.panels.importing import KNOWN, Preview, PreviewRow
from matcher.web.clashes import clash_words, sides_of
from matcher.web.desk.told import place_of
from matcher.web.language import say
from matcher.web.not_used import part_of, why_not_used
from matcher.web.units import unit_name, unit_words, when

MOST_SHOWN = 500
MOST_UNUSED = 40
GENDERS = ("female", "male", "other", "unknown")


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
    taken, as the end of a text's key; it is empty for who can. `open_facts` are so many that
    somebody has to choose about. `unused` are parts, each with why. `marks` say in words who it may
    be; no row keeps them."""

    number: int
    source: str
    code: str | None
    kind: str
    why: str
    facts: Sequence[FoundFact]
    clashes: Sequence[str]
    unused: Sequence[tuple[str, str]]
    unused_count: int
    open_facts: int
    marks: str


def found_rows(made: Preview, marks: Mapping[int, str]) -> list[FoundRow]:
    """The first people of a preview, in words; `marks` by their places, see `marks_in`."""
    return [
        _row(number, row, marks.get(number, ""))
        for number, row in enumerate(made.rows[:MOST_SHOWN])
    ]


def marks_in(made: Preview) -> dict[int, str]:
    """By what the people of a preview may be recognised, in words, by their places."""
    told = {
        number: " · ".join(
            str(say(f"desk_preview.mark_{name}", mark=_mark(name, mark)))
            for name, mark in row.draft.marks.items()
        )
        for number, row in enumerate(made.rows[:MOST_SHOWN])
    }
    return {number: words for number, words in told.items() if words}


def _mark(name: str, mark: str) -> str:
    if name != "gender" or mark not in GENDERS:
        return mark
    return str(say(f"desk_preview.gender_{mark}").unescape())


def _row(number: int, row: PreviewRow, marks: str) -> FoundRow:
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
        unused=[
            (part_of(one), why_not_used(one.reason, one.fills, one.why))
            for one in row.draft.unused[:MOST_UNUSED]
        ],
        unused_count=len(row.draft.unused),
        open_facts=sum(one.kind == UNCLEAR for one in row.differences),
        marks=marks,
    )


def _facts(row: PreviewRow) -> list[FoundFact]:
    return [
        FoundFact(
            unit,
            unit_name(unit),
            unit_words(unit, value),
            _on(value, found_on(row.draft, unit, value)),
        )
        for unit, value in sorted(units_of(row.answers).items(), key=lambda one: place_of(one[0]))
    ]


def _on(value: object, on: str | None) -> str:
    """A date in words, unless the value tells it itself."""
    return "" if result_date(value) else when(on)


def _change(one: Difference) -> FoundFact:
    return FoundFact(
        one.unit,
        unit_name(one.unit),
        unit_words(one.unit, one.after),
        _on(one.after, one.after_on),
        kind=one.kind,
        kept=unit_words(one.unit, one.before) if one.before is not None else "",
    )


def _clash(clash: Clash) -> str:
    words = clash_words(clash.key, *sides_of(clash))
    return str(say("desk_preview.clash", name=unit_name(clash.key), list=words))
