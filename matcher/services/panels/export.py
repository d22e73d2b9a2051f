"""Export: all that is kept about one person of a panel, opened; and the answers of a panel as CSV.

The export of a person goes to the person, who may ask for it; it names the accounts that wrote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from matcher.core.levels import Level
from matcher.records.spreadsheets.writing import beside_names, write_profiles
from matcher.services.digests.desk import Desk
from matcher.services.panels.looks import looks_at
from matcher.services.panels.persons import find, names_in, number
from matcher.services.panels.profile import Fact, PersonProfile, open_person, open_text
from matcher.services.panels.trail import Of, note_read
from matcher.services.panels.walls import OpenPanel
from matcher.store import panel_people, panel_work, trail
from matcher.store.panel_people import PanelPerson

INSIDE = {"id", "panel_id", "person_id", "code_key"}
"""Columns that say nothing of a person."""


def export_person(
    session: Session, desk: Desk, panel: OpenPanel, public_id: str, *, now: datetime
) -> str:
    """All that is kept about a person as one JSON text; raises `GoneError`, `SealError`."""
    row = find(session, panel, public_id)
    told = {
        "person": {**_plain([row])[0], "profile": _profile(desk, row)},
        "studies": _opened(desk, row, panel_work.states_of(session, number(row)), "reason"),
        "notes": _opened(desk, row, panel_work.notes_of(session, number(row)), "text"),
        "shares": _plain(panel_work.shares_of(session, number(row))),
        "looks": [
            {"account_id": account_id, "at": look.at, "sealed": _levels(look.levels_of(public_id))}
            for account_id, look in looks_at(session, desk, panel.id)
        ],
        "trail": _plain(trail.entries_of(session, panel.id, person=public_id)),
        "accounts": names_in(session, panel),
    }
    note_read(desk, panel, "person_exported", now=now, of=Of(person=public_id))
    return json.dumps(told, ensure_ascii=False, indent=1, default=_text)


def export_panel(session: Session, desk: Desk, panel: OpenPanel, *, now: datetime) -> list[str]:
    """The codes and answers of everybody who is on the lists, each with its source and date, as
    the lines of a CSV file that an import reads back."""
    rows = panel_people.people(session, panel.id)
    profiles = [(row.code, open_person(desk.safe, row.profile, of=row.public_id)) for row in rows]
    note_read(desk, panel, "panel_exported", now=now, of=Of(count=len(profiles)))
    people = [(code, _dated(profile)) for code, profile in profiles]
    beside = [_beside(profile) for _, profile in profiles]
    return list(write_profiles(people, desk.book, beside=beside))


def _dated(profile: PersonProfile) -> dict[str, Any]:
    """The answers, each result with its date: results of one test have no column of their own."""
    return {
        key: {gene: _result(profile, key, gene, one) for gene, one in value.items()}
        if isinstance(value, Mapping)
        else value
        for key, value in profile.answers.items()
    }


def _result(profile: PersonProfile, key: str, gene: str, value: Any) -> Any:
    fact = profile.facts.get(f"{key}.{gene}")
    if fact is None or isinstance(value, Mapping):
        return value
    # A result's own date is a month.
    return {"result": value, "on": _known_since(fact)[:7]}


def _beside(profile: PersonProfile) -> dict[str, str]:
    """The cells of date and source beside a person's answers."""
    cells: dict[str, str] = {}
    for key, value in profile.answers.items():
        date_name, source_name = beside_names(key)
        units = [f"{key}.{gene}" for gene in value] if isinstance(value, Mapping) else [key]
        facts = [profile.facts[unit] for unit in units if unit in profile.facts]
        if units == [key] and facts:
            cells[date_name] = _known_since(facts[0])
        if len({fact.source for fact in facts}) == 1:
            cells[source_name] = facts[0].source
    return cells


def _known_since(fact: Fact) -> str:
    """When a fact was found out; if nobody knows, the day on which it was noted. So an old fact
    does not look new where it is read in."""
    return fact.on or fact.noted_at[:10]


def _plain(rows: Sequence[SQLModel]) -> list[dict[str, Any]]:
    return [row.model_dump(exclude=INSIDE) for row in rows]


def _opened(
    desk: Desk, row: PanelPerson, rows: Sequence[SQLModel], sealed: str
) -> list[dict[str, Any]]:
    return [
        {
            **one,
            sealed: open_text(desk.safe, one[sealed], of=row.public_id) if one[sealed] else None,
        }
        for one in _plain(rows)
    ]


def _profile(desk: Desk, row: PanelPerson) -> dict[str, Any]:
    found = open_person(desk.safe, row.profile, of=row.public_id)
    return {
        "answers": found.answers,
        "facts": {unit: vars(fact) for unit, fact in found.facts.items()},
        "dates": found.dates,
        "leave_out": found.leave_out,
        "changes": [vars(change) for change in found.changes],
    }


def _levels(levels: dict[str, int]) -> dict[str, str]:
    return {study: Level(level).word for study, level in levels.items()}


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"not to be exported: {type(value).__name__}")
