"""API: what to ask next, for nobody in particular and for one person."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.test_api import READER
from tests.web.test_api_refusals import JSON, MALFORMED, WRONG, assert_problem

UNTESTED = {key: value for key, value in READER.items() if key != "tumor"}
TODAY = "2026-11-22"


def ask(client: FlaskClient, **body: Any) -> Any:
    response = client.post("/api/v1/questions", json=body)
    assert response.status_code == 200, response.text
    assert response.content_type == JSON
    return response.json


def question(found: Any, key: str, gene: str | None = None) -> Any:
    (one,) = [q for q in found["questions"] if (q["key"], q["gene"]) == (key, gene)]
    return one


def test_the_test_that_is_missing_is_asked_with_what_it_would_change(client: FlaskClient) -> None:
    found = ask(client, answers=UNTESTED, today=TODAY)
    counts = client.post("/api/v1/match", json={"answers": UNTESTED, "today": TODAY}).json["counts"]
    assert (found["may_fit"], found["open"]) == (counts["may_fit"], counts["open"])
    esr1 = question(found, "tumor", "ESR1")
    assert esr1["question"].startswith("ESR1: ")
    assert (esr1["settles"], esr1["settles_may_fit"], esr1["of"]) == (1, 1, counts["may_fit"])
    assert esr1["text"] == f"could settle 1 of the {counts['may_fit']} studies that may fit"
    by_value = {answer["value"]: answer for answer in esr1["answers"]}
    assert by_value["mutation"]["changes"] == {"may_fit>fits": 1}
    assert by_value["mutation"]["text"] == "1 that may fit would fit"
    assert by_value["mutation"]["label"] == "mutation found"
    assert by_value["none"]["changes"] == {"may_fit>related": 1}


def test_what_an_answer_would_change_is_what_it_changes(client: FlaskClient) -> None:
    before = client.post("/api/v1/match", json={"answers": UNTESTED, "today": TODAY}).json
    told = question(ask(client, answers=UNTESTED, today=TODAY), "tumor", "ESR1")["answers"]
    for answer in told:
        with_it = {**UNTESTED, "tumor": {"ESR1": answer["value"]}}
        after = client.post("/api/v1/match", json={"answers": with_it, "today": TODAY}).json
        levels = {match["study"]: match["level"] for match in before["matches"]}
        moved: dict[str, int] = {}
        for match in after["matches"]:
            if match["level"] != levels[match["study"]]:
                step = f"{levels[match['study']]}>{match['level']}"
                moved[step] = moved.get(step, 0) + 1
        assert answer["changes"] == moved


def test_an_answered_question_is_not_asked(client: FlaskClient) -> None:
    keys = {(q["key"], q["gene"]) for q in ask(client, answers=READER)["questions"]}
    assert not keys & {("er", None), ("her2", None), ("extent", None), ("tumor", "ESR1")}
    declined = ask(client, answers={**UNTESTED, "tumor": "declined"})["questions"]
    assert declined
    assert "tumor" not in {q["key"] for q in declined}


def test_without_a_profile_it_tells_what_to_ask_first(client: FlaskClient) -> None:
    first = client.get("/api/v1/questions").json
    assert first == ask(client, answers={})
    assert first["questions"]
    assert not first["settled"]
    assert {"questions", "may_fit", "open", "settled"} == set(first)


def test_a_limit_cuts_the_list_alone(client: FlaskClient) -> None:
    every = ask(client, answers=UNTESTED)
    cut = ask(client, answers=UNTESTED, limit=2)
    assert cut == {**every, "questions": every["questions"][:2]}
    assert len(client.get("/api/v1/questions?limit=1").json["questions"]) == 1
    assert ask(client, answers=UNTESTED, limit=None, language=None, today=None) == every


def test_both_languages_are_spoken(client: FlaskClient) -> None:
    found = ask(client, answers=UNTESTED, language="es")
    esr1 = question(found, "tumor", "ESR1")
    counted = f"1 de los {found['may_fit']} estudios que pueden coincidir"
    assert esr1["text"] == f"podría aclarar {counted}"
    assert esr1["answers"][0]["text"] == "1 que puede coincidir coincidiría"
    spanish = client.get("/api/v1/questions?language=es").json["questions"][0]["question"]
    assert spanish != client.get("/api/v1/questions").json["questions"][0]["question"]


def test_no_answer_can_stand_in_an_address(client: FlaskClient) -> None:
    for query in ("er=positive", "answers={}", "today=2026-11-22"):
        problem = assert_problem(client.get(f"/api/v1/questions?{query}"), 422)
        assert problem["errors"][0]["allowed"] == ["language", "limit"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1001", "language=fr", "language="])
def test_a_wrong_wish_is_refused(client: FlaskClient, query: str) -> None:
    assert assert_problem(client.get(f"/api/v1/questions?{query}"), 422)["errors"]


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_json_is_malformed(client: FlaskClient, name: str) -> None:
    response = client.post("/api/v1/questions", data=MALFORMED[name], content_type=JSON)
    assert_problem(response, 400)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_profile_is_refused(client: FlaskClient, name: str) -> None:
    response = client.post("/api/v1/questions", data=WRONG[name], content_type=JSON)
    assert assert_problem(response, 422)["errors"]


def test_another_type_and_another_method_are_refused(client: FlaskClient) -> None:
    assert_problem(client.post("/api/v1/questions", data="{}", content_type="text/plain"), 415)
    response = client.put("/api/v1/questions")
    assert_problem(response, 405)
    assert {"GET", "POST"} <= set(response.headers["Allow"].replace(" ", "").split(","))


def test_asking_stores_nothing_and_sets_no_cookie(client: FlaskClient) -> None:
    response = client.post("/api/v1/questions", json={"answers": READER})
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
