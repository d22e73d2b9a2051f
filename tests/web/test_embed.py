"""Embed: one page may be framed, by listed sites alone; it keeps no cookie and reads no answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.person import Person

MakeApp = Callable[..., Flask]
CHARITY = "https://charity.example"
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def framed(make_app: MakeApp) -> FlaskClient:
    return make_app(frame_ancestors=(CHARITY,)).test_client()


@pytest.mark.parametrize("ancestors", [(), ("'none'",)])
def test_without_a_list_there_is_no_such_page(
    make_app: MakeApp, ancestors: tuple[str, ...]
) -> None:
    client = make_app(frame_ancestors=ancestors).test_client()
    response = client.get("/embed")
    assert response.status_code == 404
    assert response.headers["X-Frame-Options"] == "DENY"
    assert client.post("/embed", data={"about": "self"}, headers=OWN).status_code == 404
    assert client.get_cookie("matcher") is None


def test_listed_sites_may_frame_this_page(framed: FlaskClient) -> None:
    headers = framed.get("/embed").headers
    assert headers["Content-Security-Policy"].endswith(f"frame-ancestors {CHARITY}")
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_no_other_page_may_be_framed(framed: FlaskClient) -> None:
    paths = ["/", "/who", "/results", "/check", "/privacy", "/embed/", "/embedded", "/healthz"]
    for response in [*map(framed.get, paths), framed.post("/embed")]:
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_frame_sets_no_cookie(framed: FlaskClient) -> None:
    for path in ("/embed", "/embed?language=es"):
        assert "Set-Cookie" not in framed.get(path).headers


@pytest.mark.parametrize(
    ("path", "accepted", "words"),
    [
        ("/embed", "en", "Whom are you filling this in for?"),
        ("/embed", "es-MX", "¿Para quién contesta?"),
        ("/embed?language=es", "en", "¿Para quién contesta?"),
        ("/embed?language=en", "es", "Whom are you filling this in for?"),
        ("/embed?language=<b>", "es", "¿Para quién contesta?"),
    ],
)
def test_the_frames_language(framed: FlaskClient, path: str, accepted: str, words: str) -> None:
    page = framed.get(path, headers={"Accept-Language": accepted}).text
    assert words in page
    assert "<b>" not in page


def test_it_begins_a_visit_in_that_language(framed: FlaskClient) -> None:
    data = {"about": "self", "language": "es", "shared": "yes", "er": "positive", "answer": "now"}
    response = framed.post("/embed", data=data, headers=OWN)
    assert response.status_code == 303
    cookie = framed.get_cookie("matcher")
    assert cookie is not None
    assert cookie.max_age is None
    assert '<html lang="es"' in framed.get("/check").text
    assert "positivo" not in framed.get("/check").text


def test_a_choice_that_is_none_leads_to_our_own_question(framed: FlaskClient) -> None:
    response = framed.post("/embed", data={"about": "all"}, headers=OWN)
    assert response.location == "/who"
    assert framed.get_cookie("matcher") is None


def test_answers_that_are_there_stay(framed: FlaskClient) -> None:
    person = Person(framed)
    person.begin("other", shared="yes")
    person.answer("er", "positive")
    before = framed.get_cookie("matcher")
    response = framed.post("/embed", data={"about": "self"}, headers=OWN)
    assert response.location == "/check"
    after = framed.get_cookie("matcher")
    assert before is not None
    assert after is not None
    assert after.value == before.value
    person.open("/check")
    assert "ER-positive" in person.page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": CHARITY},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_only_our_own_frame_may_begin(framed: FlaskClient, headers: dict[str, str]) -> None:
    response = framed.post("/embed", data={"about": "self"}, headers=headers)
    assert response.status_code == 400
    assert framed.get_cookie("matcher") is None


def test_other_forms_still_need_their_code(framed: FlaskClient) -> None:
    assert framed.post("/who", data={"about": "self"}, headers=OWN).status_code == 400
