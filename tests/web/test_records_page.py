"""Records from a file: read, shown in words, and taken only when the person says so."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pytest
from flask import Flask

from tests.web.person import Person
from tests.web.test_genes import kept

TABLE = "cancer,stage,er,tumor\nbreast,IV,ER+,ESR1=mutation@2026-03\n"
_SEALED = re.compile(r'name="answers" value="([^"]+)"')


def load(person: Person, content: bytes | str, **fields: Any) -> int:
    """Load a file on its page."""
    person.open("/records")
    data = content.encode() if isinstance(content, str) else content
    sent = (io.BytesIO(data), "Maria Lopez.csv")
    return person.send("/records/read", file=sent, **fields).status_code


def sealed(person: Person) -> str:
    """What the form of the page carries."""
    found = _SEALED.search(person.page)
    assert found is not None
    return found[1]


def test_a_file_is_read_shown_and_used(person: Person, app: Flask) -> None:
    assert load(person, TABLE, about="self") == 200
    assert "Estrogen receptor (ER)" in person.text
    assert "ESR1: mutation found (March 2026)" in person.text
    assert kept(person, app) == {}
    person.send("/records/use", answers=sealed(person))
    assert person.path == "/check"
    assert kept(person, app) == {
        "cancer": ["breast", "unknown"],
        "stage": "4",
        "er": "positive",
        "tumor": {"ESR1": {"result": "mutation", "on": "2026-03"}},
        "main_cancer": "breast",
    }


@pytest.mark.parametrize(("take", "er"), [([], "negative"), (["er"], "positive")])
def test_what_was_answered_stays_unless_the_persons_takes_the_files(
    person: Person, app: Flask, take: list[str], er: str
) -> None:
    person.begin()
    person.answer("her2", "low")
    person.answer("er", "negative")
    person.answer_gene("tumor", "PIK3CA", "none")
    assert load(person, TABLE) == 200
    assert "Your own answers stay" in person.page
    assert "The file says something else than you" in person.page
    assert "You answered: ER-negative" in person.text
    assert kept(person, app)["er"] == "negative"
    person.send("/records/use", answers=sealed(person), take=take)
    after = kept(person, app)
    assert (after["her2"], after["er"]) == ("low", er)
    assert set(after["tumor"]) == {"PIK3CA", "ESR1"}


def test_what_was_not_used_and_what_does_not_go_together_is_told(person: Person) -> None:
    person.begin()
    load(person, "er,triple_negative,shoe size\npos,yes,38\n")
    assert "1 thing that we did not use" in person.page
    assert "None of our questions has this name" in person.page
    assert "<li>shoe size</li>" in person.page
    assert "Please look at these again" in person.page


RECORD = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "gender": "female"}},
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "subject": {"reference": "Patient/p"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "85337-4"}]},
                "valueCodeableConcept": {
                    "coding": [{"system": "http://snomed.info/sct", "code": "10828004"}]
                },
            }
        },
    ],
}


def test_a_health_record_is_read_too(person: Person, app: Flask) -> None:
    person.begin()
    assert load(person, json.dumps(RECORD)) == 200
    assert "Estrogen receptor (ER)" in person.text
    person.send("/records/use", answers=sealed(person))
    assert kept(person, app) == {"er": "positive", "gender": "woman"}


def test_a_file_without_answers_offers_nothing_to_use(person: Person) -> None:
    person.begin()
    assert load(person, "code,er\nA-1,\n") == 200
    assert "We found nothing in this file" in person.page
    assert "/records/use" not in person.page


ODD = [
    (b"", "Choose the file with the records"),
    (b"hello", "We cannot read this file as a table"),
    (b"er,pr\n", "tells about nobody"),
    (b"er,pr\npos,\nneg,\n", "tells about more than one person"),
    (b"er,pr\npos,\nneg,\n", "Take the row of one person"),
    (b"er,pr\nmaybe,perhaps\nnever,\npos,\n", "tells about more than one person"),
    (b'{"resourceType": "Bundle", "type": "collection", "entry": []}', "tells about nobody"),
    (b"er,pr\nmaybe,\n", "“Estrogen receptor (ER)”: we cannot use the answer “maybe”"),
    (b"PK\x03\x04...", "It must be a .csv file"),
    (b"code,er\nMaria,pos\n", "This looks like a name"),
    (b'{"resourceType": ', "It may be cut off or changed"),
    (b"er\n<script>alert(1)</script>\n", "<script>alert(1)"),
]


@pytest.mark.parametrize(("content", "told"), ODD, ids=range(len(ODD)))
def test_what_cannot_be_read_is_told_and_nothing_is_lost(
    person: Person, app: Flask, content: bytes, told: str
) -> None:
    person.begin()
    person.answer("her2", "low")
    assert load(person, content) == 422
    assert told in html.unescape(person.page)
    assert "<script" not in person.page
    assert "<title>Error: " in person.page
    assert 'href="#file"' in person.page
    assert "Maria Lopez" not in person.page
    assert kept(person, app) == {"her2": "low"}


def test_without_a_visit_it_is_asked_whom_the_answers_are_about(person: Person) -> None:
    assert load(person, TABLE) == 422
    assert "Choose whom the answers are about" in person.page
    assert load(person, TABLE, about="other") == 200
    person.open("/questions/age")
    assert "the person you care for" in person.page


def test_a_child_in_the_file_gets_the_kind_page(person: Person) -> None:
    load(person, "age\n12\n", about="self")
    person.send("/records/use", answers=sealed(person))
    assert person.path == "/under-18"


def test_answers_of_another_visit_or_changed_ones_are_not_taken(person: Person, app: Flask) -> None:
    load(person, TABLE, about="self")
    mine = sealed(person)
    other = Person(app.test_client())
    other.begin(shared="yes")
    for carried in (mine, mine[:-8] + "AAAAAAA=", "", "x", "🙂"):
        other.open("/records")
        assert other.send("/records/use", answers=carried).status_code == 422
        assert "no longer here" in other.page
        assert kept(other, app) == {}


def test_the_form_does_not_tell_the_answers(person: Person) -> None:
    load(person, TABLE, about="self")
    assert "positive" not in sealed(person)


def test_a_large_file_is_read_here_alone_and_never_lies_on_the_disk(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file on the disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    person.begin()
    rest = "# " + "x" * 997 + "\n"
    assert load(person, TABLE + rest * 3_000) == 200
    assert load(person, TABLE + rest * 22_000) == 413
    person.open("/records")
    assert person.send("/records/use", answers="x" * 200_000).status_code == 413


@pytest.mark.parametrize("path", ["/who", "/check"])
def test_the_way_leads_there(person: Person, path: str) -> None:
    person.begin()
    person.open(path)
    assert 'href="/records"' in person.page
