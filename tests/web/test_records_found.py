"""What was found in a file: short, in both languages, and why a file is none that can be read."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from matcher.records.spreadsheets.rows import RowReader
from matcher.records.spreadsheets.table import Row
from tests.web.mails import site_of
from tests.web.person import Person
from tests.web.test_genes import kept
from tests.web.test_records_page import RECORD, TABLE, load, sealed


def switched(person: Person, to: str = "es") -> int:
    """Press the switch of the language, with the form that it belongs to."""
    button = re.search(
        rf'<button form="found" formaction="([^"]+)" name="language" value="{to}"', person.page
    )
    assert button is not None
    ticked = re.findall(r'name="take" type="checkbox" value="([^"]+)" checked', person.page)
    return person.send(button[1], answers=sealed(person), language=to, take=ticked).status_code


def test_what_was_found_is_shown_in_the_other_language_and_can_still_be_used(
    person: Person, app: Flask
) -> None:
    person.begin()
    person.answer("er", "negative")
    assert (
        load(person, "er,triple_negative,tumor,shoe size\npos,yes,ESR1=mutation@2026-03,38\n")
        == 200
    )
    person.page = person.page.replace('value="er"', 'value="er" checked')
    assert switched(person) == 200
    assert '<html lang="es"' in person.page
    assert "Lo que encontramos en el archivo" in person.text
    assert "ESR1: se encontró una mutación (marzo de 2026)" in person.text
    assert "Ninguna de nuestras preguntas se llama así" in person.text
    assert "<li>shoe size</li>" in person.page
    assert re.search(r'value="er" checked', person.page)
    assert switched(person, "en") == 200
    assert "What we found in the file" in person.text
    person.send("/records/use", answers=sealed(person), take=["er"])
    assert kept(person, app)["er"] == "positive"
    assert set(kept(person, app)["tumor"]) == {"ESR1"}


def test_the_switch_takes_nothing_of_another_visit(person: Person, app: Flask) -> None:
    load(person, TABLE, about="self")
    mine = sealed(person)
    other = Person(app.test_client())
    other.begin(shared="yes")
    other.open("/records")
    sent = other.send("/records/found", answers=mine, language="es")
    assert sent.status_code == 422
    assert "ya no está aquí" in other.text


def test_what_was_sealed_for_something_else_is_not_taken(person: Person, app: Flask) -> None:
    load(person, TABLE, about="self")
    safe = site_of(app).desk.safe
    for plain in (b"1 SECRET", b"[]", b'{"visit": "x", "found": {}}'):
        sent = person.send("/records/found", answers=safe.seal(plain).decode(), language="en")
        assert sent.status_code == 422
        person.open("/records")


OTHER_FILES = [
    (b'{"resourceType": "Patient"', "cut off or changed", "cortado o cambiado"),
    (b'{"resourceType": "Bundle", "a": "b}', "cut off or changed", "cortado o cambiado"),
    (b'[{"resourceType": "Patient"}]', "not a health record that we", "no es una historia clínica"),
    (b'{"name": "Ada"}', "not a health record that we", "no es una historia clínica"),
    (b"<html><body>Sign in</body></html>", "Ask the hospital", "Pida al hospital"),
    (b'{"a": 1}\n{"a": 2}', "Ask the hospital", "Pida al hospital"),
    (b'{"resourceType": "Bundle", "entry": [%s]}' % (b"{}," * 20_001), "only the last", "solo los"),
]


@pytest.mark.parametrize(
    ("content", "english", "spanish"), OTHER_FILES, ids=range(len(OTHER_FILES))
)
def test_why_a_file_is_no_record_is_told_in_plain_words(
    app: Flask, content: bytes, english: str, spanish: str
) -> None:
    for tongue, told in (("en", english), ("es", spanish)):
        person = Person(app.test_client(), **{"Accept-Language": tongue})
        person.begin()
        assert load(person, content) == 422
        summary = person.text.partition("error-summary")[2].partition("</ul>")[0]
        assert told in summary
        for word in ("JSON:", "FHIR Bundle", "entry", "resourceType", "delimiter", "Expecting"):
            assert word not in summary


def test_saved_answers_are_led_to_their_own_page(person: Person) -> None:
    person.begin()
    assert load(person, '{"answers": {"er": "positive"}}') == 422
    assert "a file of answers that was saved here" in person.text
    assert '<a href="/answers">Load the saved answers</a>' in person.page


def many_results(count: int) -> str:
    """A record of a woman with so many results, half of them about her cancer."""
    people = RECORD["entry"][:1]
    results = [
        {
            "resource": {
                "resourceType": "Observation",
                "id": f"o{number}",
                "status": "final",
                "subject": {"reference": "Patient/p"},
                "effectiveDateTime": f"20{10 + number % 16}-03-0{1 + number % 9}",
                "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
                "valueString": f"{number} of some unit",
            }
        }
        for number in range(count)
    ]
    return json.dumps({**RECORD, "entry": [*people, *results]})


def test_the_page_of_a_long_record_is_short(person: Person) -> None:
    person.begin()
    assert load(person, many_results(2_000)) == 200
    assert "2002 things that we did not use" in person.text
    assert "1990 more" in person.text
    assert len(person.page) < 30_000


def test_a_clash_of_many_results_names_few_dates(person: Person) -> None:
    person.begin()
    entries: list[Any] = [RECORD["entry"][0]]
    for number in range(60):
        one = json.loads(json.dumps(RECORD["entry"][1]))
        one["resource"]["id"] = f"o{number}"
        # On each day it was told both ways.
        one["resource"]["effectiveDateTime"] = f"2026-03-{1 + number // 2:02}"
        code = "10828004" if number % 2 else "260385009"
        one["resource"]["valueCodeableConcept"]["coding"][0]["code"] = code
        entries.append(one)
    assert load(person, json.dumps({**RECORD, "entry": entries})) == 200
    clash = re.search(r"<li>(Estrogen receptor \(ER\): the file says .*?)</li>", person.text)
    assert clash is not None
    assert clash[1].count("27 more") == 2
    assert clash[1].count("2026") == 6
    assert "It does not go together with other parts of the file" in person.text
    assert "positive (2026" not in person.text


def test_of_a_long_table_no_more_is_read_than_is_needed(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 0
    read = RowReader.read

    def counted(reader: RowReader, row: Row) -> Any:
        nonlocal rows
        rows += 1
        return read(reader, row)

    monkeypatch.setattr(RowReader, "read", counted)
    person.begin()
    assert load(person, "er,pr\n" + "pos,neg\n" * 50_000) == 422
    assert "more than one person" in person.text
    assert rows == 2
