"""The export: all that the desk keeps of one person, opened, and nothing of anybody else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft
from matcher.records.spreadsheets.reading import read_rows
from matcher.services.panels import export, looks, people, work
from matcher.services.panels.persons import Details, Person
from matcher.store.columns import table_of
from matcher.store.panel_people import PanelPerson
from matcher.store.panel_work import PersonNote, PersonStudy, StudyShare
from matcher.store.panels import PanelLook
from matcher.store.trail import TrailEntry
from tests.services.panels.clinic import ANSWERS, NOW, Clinic, one_store, snapshot

PARTS = {
    "person": PanelPerson,
    "studies": PersonStudy,
    "notes": PersonNote,
    "shares": StudyShare,
    "looks": PanelLook,
    "trail": TrailEntry,
}
PERSONAL = {"sealed person", "panel", "trail"}
OTHERS = {"panel_person.code_key", "trail_entry.panel_id"}
"""The code again, in small letters; the number of the panel that the export is made in."""


def exported(clinic: Clinic, person: Person) -> dict[str, Any]:
    text = clinic.look(
        lambda s, p: export.export_person(s, clinic.desk, p, person.public_id, now=NOW)
    )
    found: dict[str, Any] = json.loads(text)
    return found


def full(clinic: Clinic) -> Person:
    """A person of whom every table holds something."""
    study, person = clinic.study("a-study"), clinic.add("A-1")
    other = clinic.add("B-9")
    what = work.ToShare(study, [person.public_id, other.public_id])
    clinic.change(lambda s, p: work.share(s, p, what, now=NOW))
    clinic.set_state(person, study, "dismissed", reason="too far")
    for one, text in ((person, "call in May"), (other, "not theirs")):
        note = work.NewNote(text)
        clinic.change(
            lambda s, p, o=one, n=note: work.add_note(s, clinic.desk, p, o.public_id, n, now=NOW)
        )
    clinic.change(lambda s, p: looks.keep_look(s, clinic.desk, p, snapshot(person, other), now=NOW))
    return person


@one_store
def test_it_holds_every_column_that_is_a_persons(clinic: Clinic) -> None:
    found = exported(clinic, full(clinic))
    found["person"] = [found["person"]]
    missing = [
        name
        for part, model in PARTS.items()
        for column in table_of(model).columns
        if column.info["holds"] in PERSONAL
        if (name := f"{model.__tablename__}.{column.name}") not in OTHERS
        if not found[part] or any(column.name not in row for row in found[part])
    ]
    assert missing == []


def test_it_is_opened_and_of_one_person(clinic: Clinic) -> None:
    person = full(clinic)
    found = exported(clinic, person)
    assert found["person"]["profile"]["answers"] == ANSWERS
    assert found["studies"][0]["reason"] == "too far"
    assert [note["text"] for note in found["notes"]] == ["call in May"]
    assert found["looks"][0]["sealed"] == {"a-study": "fits"}
    assert {entry["person"] for entry in found["trail"]} == {person.public_id}
    assert found["accounts"][str(found["person"]["owner_id"])] == "Ana"
    assert "B-9" not in json.dumps(found)


@one_store
def test_a_panel_as_csv_is_read_back_to_the_same(clinic: Clinic, rulebook: Rulebook) -> None:
    clinic.add("A-1")
    away = clinic.add("A-2")
    clinic.change(
        lambda s, p: people.change_details(
            s, clinic.desk, p, away.seen, Details("A-3", next_visit=date(2027, 1, 1)), now=NOW
        )
    )
    lines = clinic.look(lambda s, p: export.export_panel(s, clinic.desk, p, now=NOW))
    found = list(read_rows("".join(lines).encode(), rulebook, name="x"))
    assert [one.code for one in found if isinstance(one, Draft)] == ["A-1", "A-3"]
    # A result without a date goes out with the month in which it was noted.
    noted = {"result": "mutation", "on": "2026-12"}
    same = {**ANSWERS, "tumor": {**ANSWERS["tumor"], "PIK3CA": noted}}
    assert all(isinstance(one, Draft) and one.answers == same for one in found)
    assert all(isinstance(one, Draft) and one.sources["er"] == "told" for one in found)
