"""Answers as a file: saved, loaded again to the same, and refused in words when they are odd."""

from __future__ import annotations

import html
import io
import json
from typing import Any

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import profile_json, read_profile
from tests.simulation.people import complete_person
from tests.simulation.test_orders import world
from tests.web.person import Person
from tests.web.test_genes import kept


def load(person: Person, content: bytes | str, **fields: Any) -> int:
    """Load a file on its page."""
    person.open("/answers")
    data = content.encode() if isinstance(content, str) else content
    sent = (io.BytesIO(data), "any name.json")
    return person.send("/answers/load", file=sent, **fields).status_code


def save(person: Person) -> Any:
    """The file that is saved, with its headers checked."""
    person.open("/answers")
    response = person.send("/answers/file")
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-answers.json"'
    assert "no-store" in response.headers["Cache-Control"]
    return json.loads(person.page)


def test_what_was_answered_is_saved_and_loaded_again(
    person: Person, app: Flask, book: Rulebook
) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", ["breast", "unknown"])
    person.answer("er", "unknown")
    person.answer("pregnant", "declined")
    person.answer_gene("tumor", "ESR1", "none", **{"month-ESR1": "3", "year-ESR1": "2026"})
    before = kept(person, app)
    profile = save(person)
    assert profile == {"answers": before}
    read_profile(profile, book)
    person.send("/clear")
    other = Person(app.test_client())
    assert load(other, json.dumps(profile), about="self") == 200
    assert other.path == "/check"
    assert kept(other, app) == before
    assert "Pregnant now" in other.page.split("What we will not ask again")[1]


def test_complete_profiles_come_back_as_they_were(
    person: Person, app: Flask, book: Rulebook
) -> None:
    person.begin()
    adults = 0
    for number in range(12):
        complete = complete_person(world(0).catalogue.finder, number)
        assert load(person, json.dumps(profile_json(complete))) == 200
        assert read_profile({"answers": kept(person, app)}, book) == complete
        if person.path == "/check":
            adults += 1
            assert read_profile(save(person), book) == complete
    assert adults


def test_a_child_in_the_file_gets_the_kind_page(person: Person) -> None:
    load(person, '{"answers": {"age": 12}}', about="self")
    assert person.path == "/under-18"
    person.open("/answers")
    person.send("/answers/file")
    assert person.path == "/under-18"


def test_without_a_visit_it_is_asked_whom_the_answers_are_about(person: Person) -> None:
    assert load(person, '{"answers": {}}') == 422
    assert "Choose whom the answers are about" in person.page
    assert load(person, '{"answers": {"er": "positive"}}', about="other") == 200
    person.open("/questions/age")
    assert "the person you care for" in person.page


def test_loading_says_before_that_it_replaces(person: Person, app: Flask) -> None:
    person.begin()
    person.open("/answers")
    assert "take the place" not in person.page
    assert "no answers to save" in person.page
    person.answer("er", "positive")
    person.open("/answers")
    assert "take the place of all the answers" in person.page
    load(person, '{"answers": {"her2": "low"}}')
    assert kept(person, app) == {"her2": "low"}


ODD = [
    ("", "Choose the file"),
    ("hello", "line 1, place 1"),
    ('{"answers": {"er": "positive"', "line 1, place 30"),
    (b"\xff\xfe\x00", "not plain text"),
    ("[]", "holds no answers"),
    ("{}", "holds no answers"),
    ('{"answers": 5}', "holds no answers"),
    ('{"answer": {"er": "positive"}}', "holds no answers"),
    ('{"answers": {}, "name": "Ada"}', "“name” is not one of our questions"),
    ('{"answers": {"eye": "blue"}}', "“eye” is not one of our questions"),
    ('{"answers": {"er": "purple"}}', "“Estrogen receptor (ER)”: we cannot use the answer"),
    ('{"answers": {"er": ["positive"]}}', "It can be ER-positive, "),
    ('{"answers": {"age": "50"}}', "“Age”: we cannot use the answer"),
    ('{"answers": {"age": true}}', "“Age”: we cannot use the answer"),
    ('{"answers": {"age": 1e400}}', "a number that is too large"),
    ('{"answers": {"age": %s}}' % ("9" * 5000), "a number that is too large"),
    ('{"answers": {"age": NaN}}', "We cannot read this file"),
    ('{"answers": {"er": "positive", "er": "low"}}', "“er” is in the file more than once"),
    ('{"answers": {"er": "\\ud800"}}', "signs that no text can hold"),
    ('{"answers": {"\\ud800": 1}}', "signs that no text can hold"),
    ('{"answers": {"tumor": {"ESR9": "mutation"}}}', ": ESR9” is not one of our"),
    (
        '{"answers": {"tumor": {"ESR1": {"result": "none", "on": "May"}}}}',
        "we cannot use the answer “May”",
    ),
    ('{"answers": {"treatments": ["none", "surgery"]}}', "Treatments so far"),
    ("[" * 100_000, "We cannot read this file"),
    ('{"a":' * 50 + "1" + "}" * 50, "parts inside parts"),
    ('{"answers": {"<script>alert(1)</script>": 1}}', "is not one of our questions"),
]


@pytest.mark.parametrize(("content", "told"), ODD, ids=range(len(ODD)))
def test_what_cannot_be_read_is_told_and_nothing_is_lost(
    person: Person, app: Flask, content: bytes | str, told: str
) -> None:
    person.begin()
    person.answer("her2", "low")
    assert load(person, content) == 422
    assert told in html.unescape(person.page)
    assert "<title>Error: " in person.page
    assert "<script" not in person.page
    assert 'href="#file"' in person.page
    assert kept(person, app) == {"her2": "low"}


NAMED = [
    ('{"answers": {"cancer": ["breast", "boob"]}}', "“boob”"),
    ('{"answers": {"tumor": {"ESR1": "yes"}}}', "mutation found"),
    ('{"answers": {"recurrent": "maybe"}}', "Yes, No, I'm not sure, or I'd rather not say"),
    ('{"answers": {"age": "50"}}', "0–120"),
    ('{"answers": {"tumor": {"ESR1": {"result": "none", "on": "May"}}}}', "“May”"),
]


@pytest.mark.parametrize(("content", "told"), NAMED)
def test_faults_name_questions_and_answers_as_the_pages_do(
    person: Person, content: str, told: str
) -> None:
    person.begin()
    assert load(person, content) == 422
    summary = person.text.partition("error-summary")[2].partition("</ul>")[0]
    assert told in summary
    for word in ("cancer[", "ESR1.on", "YYYY", "declined", "not_tested", " – "):
        assert word not in summary


def test_a_health_record_is_led_to_its_own_page(person: Person) -> None:
    person.begin()
    assert load(person, '{"resourceType": "Bundle", "entry": []}') == 422
    assert "looks like a health record" in person.text
    assert '<a href="/records">Read the health record</a>' in person.page


def test_a_file_that_is_too_large_is_refused(person: Person, app: Flask) -> None:
    person.begin()
    person.answer("her2", "low")
    assert load(person, b" " * 900_000 + b'{"answers": {"er": "low"}}') == 200
    assert load(person, b" " * 1_100_000) == 413
    assert kept(person, app) == {"er": "low"}


def test_faults_are_told_in_spanish_too(client: Any) -> None:
    person = Person(client, **{"Accept-Language": "es"})
    person.begin()
    load(person, '{"answers": {"er": "azul"}}')
    assert "no podemos usar la respuesta “azul”" in html.unescape(person.page)


def test_the_page_is_found_from_the_check_and_the_start(person: Person) -> None:
    for path in ("/", "/who"):
        person.open(path)
        assert 'href="/answers"' in person.page, path
    person.begin()
    person.open("/check")
    assert 'href="/answers"' in person.page
