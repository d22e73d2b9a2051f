"""Recognising: what tells whoever sends a bundle which of its people is which.

Position, birth year, gender and the id of the Patient; no name: the desk promises to know nobody by
name, and these suffice to find a person in the record system that the file came from.
"""

from __future__ import annotations

from matcher.records.fhir.nodes import short, word
from matcher.records.fhir.record import Record, read_date

LONGEST_ID = 64
ID, BORN, GENDER = "id", "born", "gender"


def marks_of(record: Record) -> dict[str, str]:
    """The marks by which a person may be recognised, those that the file has."""
    if record.patient is None:
        return {}
    _, patient = record.patient
    born = read_date(patient.get("birthDate"))
    marks = {
        ID: short(word(patient, "id"))[:LONGEST_ID],
        BORN: born[:4] if born else "",
        GENDER: short(word(patient, "gender"))[:LONGEST_ID],
    }
    return {name: mark for name, mark in marks.items() if mark}
