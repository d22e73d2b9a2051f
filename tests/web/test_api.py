"""API: matches, the catalogue page by page, and its own description."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.core.rulebook import Rulebook
from tests.web.catalogue import CAMIZESTRANT, STUDIES

READER = {
    "cancer_status": "now",
    "cancer": ["breast"],
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "tumor": {"ESR1": "mutation"},
}
LISTED = sorted(study.key for study in STUDIES if study.standing == "current")


def match(client: FlaskClient, **body: Any) -> Any:
    response = client.post("/api/v1/match", json=body)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    return response.json


def test_the_reader_of_a_review_sees_it_first(client: FlaskClient) -> None:
    found = match(client, answers=READER, today="2026-11-22")
    first = found["matches"][0]
    assert (first["study"], first["level"]) == (CAMIZESTRANT, "fits")
    assert {reason["verdict"] for reason in first["reasons"]} == {"yes"}
    assert sum(line["points"] for line in first["points"]) == first["score"]
    assert [line["for"] for line in first["points"]] == ["level", "fit", "evidence", "recency"]
    assert found["profile"] == {"answers": READER}
    assert found["today"] == "2026-11-22"
    assert set(found) == {
        "profile", "rules", "today", "contradictions", "notes", "matches", "counts"
    }  # fmt: skip


def test_a_limit_cuts_the_list_and_not_the_counts(client: FlaskClient) -> None:
    found = match(client, answers={}, limit=2)
    assert len(found["matches"]) == 2
    assert sum(found["counts"].values()) == len(LISTED)


def test_without_a_day_it_is_today(client: FlaskClient) -> None:
    assert match(client, answers={})["today"] == "2026-11-22"
    assert match(client, answers=None, today=None, limit=None)["today"] == "2026-11-22"


def test_contradictions_are_told(client: FlaskClient) -> None:
    found = match(client, answers={"er": "positive", "triple_negative": "yes"})
    (told,) = found["contradictions"]
    assert set(told["answers"]) == {"er", "triple_negative"}
    assert "do not fit together" in told["text"]


def test_a_match_stores_nothing_and_sets_no_cookie(client: FlaskClient) -> None:
    response = client.post("/api/v1/match", json={"answers": READER})
    assert "Set-Cookie" not in response.headers


def test_the_catalogue_page_by_page_shows_every_study_once(client: FlaskClient) -> None:
    seen: list[str] = []
    url = "/api/v1/studies?limit=2"
    while url:
        page = client.get(url).json
        assert len(page["studies"]) <= 2
        seen += [study["study"] for study in page["studies"]]
        url = page["next"]
    assert seen == LISTED


def test_the_last_page_says_so(client: FlaskClient) -> None:
    page = client.get("/api/v1/studies").json
    assert page["next"] is None
    assert [study["study"] for study in page["studies"]] == LISTED


def test_one_study(client: FlaskClient) -> None:
    study = client.get(f"/api/v1/studies/{CAMIZESTRANT}").json
    assert study["title"].startswith("Treating advanced breast cancer")
    assert study["most"]["condition"] == {
        "all": [
            {"tag": key}
            for key in (
                "breast_cancer",
                "er_positive",
                "her2_negative",
                "advanced:breast",
                "tumor_ESR1:breast",
            )
        ]
    }


def test_a_replaced_study_is_in_no_list_and_keeps_its_address(client: FlaskClient) -> None:
    assert "replaced" not in LISTED
    assert client.get("/api/v1/studies/replaced").json["standing"] == "superseded"


def test_the_description_names_every_route_and_answer(client: FlaskClient, book: Rulebook) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert set(document["paths"]) == {
        "/api/v1/match",
        "/api/v1/questions",
        "/api/v1/studies",
        "/api/v1/studies/{key}",
    }
    request = document["components"]["schemas"]["MatchRequest"]
    assert set(request["properties"]["answers"]["properties"]) == set(book.attributes)
    asking = document["components"]["schemas"]["QuestionsRequest"]
    assert asking["properties"]["answers"] == request["properties"]["answers"]
    assert set(document["paths"]["/api/v1/questions"]) >= {"get", "post"}
    problem = document["components"]["schemas"]["Problem"]
    assert set(problem["properties"]) == {"type", "title", "status", "detail", "errors"}


def test_every_error_is_described_as_a_problem(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    default = document["components"]["responses"]["DEFAULT_ERROR"]
    assert list(default["content"]) == ["application/problem+json"]
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                assert "default" in operation["responses"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.json["status"] == "ok"
