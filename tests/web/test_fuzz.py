"""Fuzz: the whole API from its own description, and every form with anything in it; never a 500.

The small form runs with the others; the full one is ``pytest -m volume tests/web/test_fuzz.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.person import Person
from tests.web.test_api_refusals import assert_problem

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
SMALL = settings(max_examples=250, deadline=None, suppress_health_check=CALM, database=None)
LARGE = settings(max_examples=40_000, deadline=None, suppress_health_check=CALM, database=None)
OPERATIONS = ["POST /api/v1/match", "GET /api/v1/studies", "GET /api/v1/studies/{key}"]
OPERATIONS += ["POST /api/v1/questions", "GET /api/v1/questions"]


def fuzz_operation(app: Flask, name: str, how: settings) -> None:
    """Send what the description of one operation allows, and what it does not."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    method, path = name.split()
    operation = schema[path][method]

    @how
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        response = case.call()
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 400:
            assert json.loads(response.content)["status"] == response.status_code

    send()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_as_described(app: Flask, name: str) -> None:
    fuzz_operation(app, name, SMALL)


@pytest.mark.volume
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_as_described_at_volume(app: Flask, name: str) -> None:
    fuzz_operation(app, name, LARGE)


TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.just("unknown"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


ROUTES = ["match", "questions"]


def fuzz_profiles(app: Flask, how: settings, *, route: str) -> None:
    """Send profiles whose keys are right and whose answers are anything at all."""
    client = app.test_client()
    keys = st.sampled_from(["er", "age", "cancer", "tumor", "inherited", "stage", "x", "", "\0"])
    names = st.sampled_from(["answers", "limit", "today", "language", "more"])
    profile = st.dictionaries(keys, ANYTHING, max_size=4)
    body = st.fixed_dictionaries({"answers": profile | ANYTHING}) | st.dictionaries(names, ANYTHING)

    @how
    @given(body=body)
    def send(body: Any) -> None:
        response = client.post(
            f"/api/v1/{route}", data=json.dumps(body), content_type="application/json"
        )
        if response.status_code != 200:
            assert_problem(response, 400, 422)

    send()


@pytest.mark.parametrize("route", ROUTES)
def test_any_profile(app: Flask, route: str) -> None:
    fuzz_profiles(app, SMALL, route=route)


@pytest.mark.volume
@pytest.mark.parametrize("route", ROUTES)
def test_any_profile_at_volume(app: Flask, route: str) -> None:
    fuzz_profiles(app, LARGE, route=route)


FIELDS = ["answer", "number", "choice", "then", "about", "shared", "leave", "language", "back"]
FIELDS += ["result-ESR1", "month-ESR1", "year-ESR1", "csrf_token", "\0", "result-"]
FORMS = ["/who", "/questions/er", "/questions/cancer", "/questions/age", "/questions/country"]
FORMS += ["/questions/tumor", "/questions/tumor/genes", "/questions/tumor/results"]
FORMS += ["/check/hard-topics", "/language", "/questions/nothing", "/results/fits"]


def fuzz_forms(app: Flask, how: settings) -> None:
    """Send anything to every form; whatever was kept, the results can still be shown."""
    person = Person(app.test_client())
    person.begin()
    person.answer("tumor", "named")
    person.send(answer="ESR1")
    sent = st.dictionaries(st.sampled_from(FIELDS[:-3]), st.lists(TEXT, max_size=3), max_size=5)

    @how
    @given(path=st.sampled_from(FORMS), fields=sent)
    def send(path: str, fields: dict[str, list[str]]) -> None:
        told = {k: [v.encode("utf-8", "replace").decode() for v in vs] for k, vs in fields.items()}
        person.open("/check")
        sent = person.send(path, **told)
        assert sent.status_code < 500
        # What was refused changed nothing.
        if sent.history:
            assert person.open("/results").status_code == 200

    send()


def test_any_form(app: Flask) -> None:
    fuzz_forms(app, SMALL)


@pytest.mark.volume
def test_any_form_at_volume(make_app: Callable[..., Flask]) -> None:
    fuzz_forms(make_app(), LARGE)
