"""Under 18: no page of the form opens or takes anything, by whatever address, but for the age."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.web.person import Person
from tests.web.test_genes import kept

GIVEN = {"er": "positive", "age": 15}
FIELDS = {"answer": "low", "result-ESR1": "none", "leave": "out"}


@pytest.fixture
def young(person: Person) -> Person:
    person.begin()
    for key, value in GIVEN.items():
        person.answer(key, value)
    assert person.path == "/under-18"
    person.open("/questions/age")
    return person


def addresses(app: Flask, method: str) -> list[str]:
    """Every address of the form, the check page, the results, the sheet and the saved file."""
    parts: dict[str, Any] = {"key": "tumor", "level": "fits"}
    with app.test_request_context():
        return [
            str(app.url_for(rule.endpoint, **{name: parts[name] for name in rule.arguments}))
            for rule in app.url_map.iter_rules()
            if rule.endpoint.partition(".")[0]
            in ("questions", "genes", "check", "results", "sheet", "answers_file")
            and rule.endpoint not in ("sheet.typed", "answers_file.load", "answers_file.page")
            and method in (rule.methods or ())
        ]


def test_no_page_of_the_form_opens(young: Person, app: Flask) -> None:
    paths = [*addresses(app, "GET"), "/questions/er", "/questions/er?from=check"]
    assert len(paths) > 9
    for path in paths:
        young.open(path)
        assert young.path == "/under-18", path


def test_nothing_is_taken_by_any_address(young: Person, app: Flask) -> None:
    paths = [*addresses(app, "POST"), "/questions/er", "/questions/cancer?from=results"]
    assert len(paths) > 6
    for path in paths:
        young.open("/questions/age")
        young.send(path, **FIELDS)
        assert young.path == "/under-18", path
        assert kept(young, app) == GIVEN, path


@pytest.mark.parametrize(("age", "leads_to"), [(17, "/under-18"), (18, "/questions/")])
def test_the_age_can_be_changed(young: Person, app: Flask, age: Any, leads_to: str) -> None:
    assert young.answer("age", age).status_code == 200
    assert young.path.startswith(leads_to)
    assert kept(young, app) == {**GIVEN, "age": age}


def test_whoever_comes_from_a_study_gets_the_kind_page_too(person: Person) -> None:
    person.begin()
    person.open("/questions/age?from=study&study=ovary-removal-and-brca")
    person.send(number=15)
    assert person.path == "/under-18"
