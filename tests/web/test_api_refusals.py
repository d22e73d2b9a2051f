"""Refusals: whatever is sent, the API answers a problem in one shape, never a 500, never a page."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matcher.store.errors import StoreError
from matcher.web.site import EXTENSION

DEEP = 200_000
JSON = "application/json"
SHAPE = {"type", "title", "status", "detail", "errors"}
FAULT = {"path", "value", "problem", "allowed"}


def assert_problem(response: TestResponse, *statuses: int) -> Any:
    assert response.status_code in statuses, response.text[:300]
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert set(body) == SHAPE
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    for fault in body["errors"]:
        assert set(fault) == FAULT
        assert fault["problem"]
    assert len(response.data) < 60_000
    return body


def post(client: FlaskClient, body: bytes | str, content_type: str | None = JSON) -> TestResponse:
    return client.post("/api/v1/match", data=body, content_type=content_type)


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"answers",
    "cut off": b'{"answers": {',
    "two documents": b"{} {}",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep lists, open": b"[" * DEEP,
    "deep objects": b'{"a":' * 150_000 + b"1" + b"}" * 150_000,
    "deep, in place": b'{"answers": {"er": ' + b"[" * 500 + b"]" * 500 + b"}}",
    "huge number": b'{"answers": {"age": ' + b"9" * 100_000 + b"}}",
    "large number": b'{"answers": {"age": 9007199254740993000}}',
    "large decimal": b'{"answers": {"age": 1e999}}',
    "NaN": b'{"answers": {"age": NaN}}',
    "infinity": b'{"limit": -Infinity}',
    "lone surrogate": b'{"answers": {"er": "\\ud800"}}',
    "lone surrogate as key": b'{"answers": {"\\udfff": "x"}}',
    "NUL": b'{"answers": {"er": "posi\\u0000tive"}}',
    "NUL as key": b'{"answers": {"e\\u0000r": "x"}}',
    "not UTF-8": b'{"answers": {"er": "\xff\xfe"}}',
    "UTF-16": '{"answers": {}}'.encode("utf-16"),
    "a key twice": b'{"answers": {"er": "positive", "er": "negative"}}',
}
WRONG: dict[str, str] = {
    "list": "[]",
    "null": "null",
    "text": '"answers"',
    "number": "7",
    "true": "true",
    "empty object": "{}",
    "unknown top key": '{"answers": {}, "anwsers": {}}',
    "answers a list": '{"answers": []}',
    "answers a text": '{"answers": "none"}',
    "unknown key": '{"answers": {"colour": "red"}}',
    "unknown value": '{"answers": {"her2": "positiv"}}',
    "list for text": '{"answers": {"er": ["positive"]}}',
    "object for text": '{"answers": {"er": {"a": 1}}}',
    "text for list": '{"answers": {"cancer": "breast"}}',
    "nested list": '{"answers": {"cancer": [["breast"]]}}',
    "list for results": '{"answers": {"tumor": ["ESR1"]}}',
    "unknown gene": '{"answers": {"tumor": {"ESR9": "mutation"}}}',
    "unknown result": '{"answers": {"tumor": {"ESR1": "yes"}}}',
    "bad date": '{"answers": {"tumor": {"ESR1": {"result": "none", "on": "2026-13"}}}}',
    "none and more": '{"answers": {"treatments": ["none", "surgery"]}}',
    "text for number": '{"answers": {"age": "50"}}',
    "decimal": '{"answers": {"age": 50.5}}',
    "true for number": '{"answers": {"age": true}}',
    "out of range": '{"answers": {"age": 121}}',
    "negative": '{"answers": {"age": -1}}',
    "limit a text": '{"answers": {}, "limit": "2"}',
    "limit zero": '{"answers": {}, "limit": 0}',
    "limit true": '{"answers": {}, "limit": true}',
    "limit large": '{"answers": {}, "limit": 9007199254740991}',
    "no such day": '{"answers": {}, "today": "2026-02-30"}',
    "today a number": '{"answers": {}, "today": 20261122}',
    "today a list": '{"answers": {}, "today": []}',
    "long key": '{"answers": {"' + "k" * 50_000 + '": "x"}}',
    "long value": '{"answers": {"er": "' + "v" * 50_000 + '"}}',
    "many keys": '{"answers": {' + ",".join(f'"k{n}": 1' for n in range(20_000)) + "}}",
    "many values": '{"answers": {"cancer": [' + ",".join(['"x"'] * 20_000) + "]}}",
    "script": '{"answers": {"er": "<script>alert(1)</script>"}}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_json_is_malformed(client: FlaskClient, name: str) -> None:
    assert_problem(post(client, MALFORMED[name]), 400)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_profile_is_refused_with_what_is_wrong(client: FlaskClient, name: str) -> None:
    assert assert_problem(post(client, WRONG[name]), 422)["errors"]


def test_a_wrong_value_is_named_with_what_is_allowed(client: FlaskClient) -> None:
    (fault,) = assert_problem(post(client, WRONG["unknown value"]), 422)["errors"]
    assert (fault["path"], fault["value"]) == ("answers.her2", "positiv")
    assert {"positive", "low", "ultralow", "zero", "negative"} <= set(fault["allowed"])


def test_every_fault_is_named_at_once(client: FlaskClient) -> None:
    body = '{"answers": {"er": "x", "age": 500, "tumor": {"ESR1": "y"}}}'
    errors = assert_problem(post(client, body), 422)["errors"]
    assert {e["path"] for e in errors} == {"answers.er", "answers.age", "answers.tumor.ESR1"}


def test_an_unknown_top_level_key_is_named(client: FlaskClient) -> None:
    (fault,) = assert_problem(post(client, WRONG["unknown top key"]), 422)["errors"]
    assert fault["path"] == "anwsers"
    assert fault["allowed"] == ["answers", "limit", "today"]


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", "a/b;c"],
)
def test_another_type_of_body_is_refused(client: FlaskClient, content_type: str | None) -> None:
    assert_problem(post(client, '{"answers": {}}', content_type), 415)


def test_a_type_with_a_character_set_is_read(client: FlaskClient) -> None:
    response = post(client, '{"answers": {}}', "application/json; charset=utf-8")
    assert response.status_code == 200
    with_mark = post(client, b'\xef\xbb\xbf{"answers": {}}')
    assert with_mark.status_code == 200


def test_a_body_over_a_megabyte_is_too_large(client: FlaskClient) -> None:
    assert_problem(post(client, b" " * (1024 * 1024 + 1)), 413)
    assert post(client, b" " * (1024 * 1024 - 15) + b'{"answers": {}}').status_code == 200


QUERIES = [
    "limit=0",
    "limit=201",
    "limit=x",
    "limit=",
    "limit=" + "9" * 5000,
    "limit=1.5",
    "limit=%00",
    "after=" + "a" * 301,
    "page=2",
    "page=" + "9" * 5000,
    "after=a&afer=b",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_wrong_query_is_refused(client: FlaskClient, query: str) -> None:
    assert assert_problem(client.get(f"/api/v1/studies?{query}"), 422)["errors"]


@pytest.mark.parametrize("after", ["%00", "%FF", "%ED%A0%80", "../..", "'--", "%F0%9F%99%82"])
def test_any_cursor_is_met_calmly(client: FlaskClient, after: str) -> None:
    assert client.get(f"/api/v1/studies?after={after}").status_code == 200


PATHS = ["/api/", "/api/v1", "/api/v1/", "/api/v2/match", "/api/v1/nothing", "/api/v1/match/x"]
PATHS += ["/api/v1/studies/nothing", "/api/v1/studies/%00", "/api/v1/studies/" + "x" * 5000]
PATHS += ["/api/v1/studies/%ED%A0%80", "/api/v1/openapi.json/x", "/api/v1/studies/"]


@pytest.mark.parametrize("path", PATHS)
def test_unknown_addresses(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["match", "studies", "studies/no-label", "openapi.json"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods(client: FlaskClient, path: str, method: str) -> None:
    allowed = {"match": "POST"}.get(path, "GET")
    if method != allowed:
        response = client.open(f"/api/v1/{path}", method=method)
        assert_problem(response, 405)
        assert allowed in response.headers["Allow"]


def test_a_breakdown_is_a_problem_without_its_inside(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    monkeypatch.setattr("matcher.web.api.routes.outcome_json", lambda *_, **__: 1 / 0)
    response = app.test_client().post("/api/v1/match", json={"answers": {}})
    assert_problem(response, 500)
    assert "division" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("path", ["/api/v1/studies", "/", "/readyz"])
def test_a_database_that_cannot_be_reached(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = make_app()

    def broken() -> None:
        raise StoreError("the database is locked", "/secret/place.db", "Wait.")

    site = app.extensions[EXTENSION]
    monkeypatch.setitem(app.extensions, EXTENSION, type(site)(**{**vars(site), "matcher": broken}))
    response = app.test_client().get(path)
    assert response.status_code == 503
    assert "/secret" not in response.text
    if path.startswith("/api"):
        assert_problem(response, 503)
    if path != "/readyz":
        assert response.headers["Retry-After"] == "30"


def test_a_body_that_breaks_off_is_malformed(client: FlaskClient) -> None:
    class Broken:
        def read(self, *_: object) -> bytes:
            raise OSError("the peer went away")

        readline = read

    for path in ("/api/v1/match", "/who"):
        response = client.post(
            path,
            content_type=JSON,
            environ_overrides={"wsgi.input": Broken(), "CONTENT_LENGTH": "10"},
        )
        assert response.status_code == 400, path
    assert_problem(
        client.post(
            "/api/v1/match",
            content_type=JSON,
            environ_overrides={"wsgi.input": Broken(), "CONTENT_LENGTH": "10"},
        ),
        400,
    )


LARGE = {
    "top keys": "{" + ",".join(f'"k{n}":1' for n in range(95_000)) + "}",
    "genes": '{"answers":{"tumor":{' + ",".join(f'"g{n}":1' for n in range(90_000)) + "}}}",
    "numbers": '{"answers":{"cancer":[' + ",".join(["1"] * 500_000) + "]}}",
    "empty objects": '{"answers":{"cancer":[' + ",".join(["{}"] * 340_000) + "]}}",
    "empty lists": '{"answers":{"cancer":[' + ",".join(["[]"] * 340_000) + "]}}",
}


@pytest.mark.parametrize("name", LARGE)
def test_no_body_costs_much_time_or_memory(client: FlaskClient, name: str) -> None:
    body = LARGE[name].encode()
    assert 900_000 < len(body) <= 1024 * 1024
    reading = min(spent_on(lambda: json.loads(body)) for _ in range(3))
    refusing = min(spent_on(lambda: post(client, body)) for _ in range(2))
    # A busy machine slows both: what counts is that refusing costs no more than a few readings.
    assert refusing < 40 * reading
    tracemalloc.start()
    assert_problem(post(client, body), 422)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000


def spent_on(work: Callable[[], object]) -> float:
    """Seconds of processor time that some work takes."""
    began = process_time()
    work()
    return process_time() - began
