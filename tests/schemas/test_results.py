"""Results: the public JSON has exactly the keys that others rely on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from matcher.core.change import Step, smallest_change
from matcher.core.conditions import from_json
from matcher.core.given_change import GivenChange, Turn
from matcher.core.study import Audience, Event, Ratings, Study
from matcher.core.text import Text
from matcher.schemas.profiles import read_profile
from matcher.schemas.results import (
    explanation_json,
    outcome_json,
    study_json,
)
from tests.core.small import TODAY, book, catalogue, found, outcome, person, study

ER: dict[str, Any] = {"cancer": ["breast"], "er": "positive"}
MATCH_KEYS = {"study", "title", "url", "posted", "marks", "level", "score", "reasons", "points"}
REASON_KEYS = {
    "strength", "group", "tag", "label", "verdict", "text", "answers", "supports",
}  # fmt: skip


def through_json(shape: Any) -> Any:
    """The same after a way through text; fails for what JSON does not know."""
    text = json.dumps(shape, allow_nan=False)
    assert json.loads(text) == shape
    return shape


def document(*studies: Study, **answers: Any) -> dict[str, Any]:
    return dict(through_json(outcome_json(outcome(*studies, **answers))))


def test_the_document_of_a_match() -> None:
    shape = document(study("a", "er_positive", url="https://example.org/a"), **ER)
    assert set(shape) == {
        "profile", "rules", "today", "contradictions", "notes", "matches", "counts",
    }  # fmt: skip
    assert shape["profile"] == {"answers": {"cancer": ["breast"], "er": "positive"}}
    assert shape["rules"] == book().version
    assert shape["today"] == "2026-11-22"
    assert shape["counts"] == {
        "fits": 1, "may_fit": 0, "related": 0, "open": 0, "different": 0, "unlabelled": 0,
    }  # fmt: skip
    assert shape["contradictions"] == shape["notes"] == []
    (one,) = shape["matches"]
    assert set(one) == MATCH_KEYS
    assert one["study"] == "a"
    assert one["title"] == "A"
    assert one["url"] == "https://example.org/a"
    assert one["posted"] == "2026-11-22"
    assert one["marks"] == []
    assert (one["level"], one["score"]) == ("fits", 89)
    assert one["points"] == [
        {"for": "level", "points": 76},
        {"for": "fit", "points": 7},
        {"for": "evidence", "points": 2},
        {"for": "recency", "points": 4},
    ]
    assert one["reasons"] == [
        {
            "strength": "most",
            "group": 0,
            "tag": "er_positive",
            "label": "ER-positive",
            "verdict": "yes",
            "text": "You said: ER: positive.",
            "answers": ["er"],
            "supports": True,
        }
    ]


def test_every_reason_has_the_same_keys_and_its_own_kind() -> None:
    shape = document(
        study("a", [("er_positive", "? odd words"), {"not": ["women", "er_negative"]}],
              ["tumor_ESR1"]), **ER
    )  # fmt: skip
    reasons = shape["matches"][0]["reasons"]
    assert [(r["strength"], r["group"]) for r in reasons] == [
        ("most", 0), ("most", 0), ("most", 1), ("also", 0),
    ]  # fmt: skip
    plain, unread, compound, also = reasons
    assert set(plain) == set(also) == REASON_KEYS
    assert set(unread) == REASON_KEYS | {"unread"}
    assert (unread["tag"], unread["unread"], unread["verdict"]) == (None, "odd words", "unknown")
    assert unread["answers"] == []
    assert set(compound) == REASON_KEYS | {"parts"}
    assert compound["tag"] is None
    (either,) = compound["parts"]
    assert set(either) == REASON_KEYS | {"parts"}
    assert [part["tag"] for part in either["parts"]] == ["er_negative", "women"]
    assert all(set(part) == REASON_KEYS for part in either["parts"])


def test_contradictions_and_notes() -> None:
    shape = document(study("a", "women"), er="positive", triple_negative="yes", stage="3", lines=1)
    (contradiction,) = shape["contradictions"]
    assert set(contradiction) == {"answers", "text"}
    assert contradiction["answers"] == ["er", "triple_negative"]
    (note,) = shape["notes"]
    assert set(note) == {"default", "answers", "text"}
    assert note["default"] == "stage_3_has_not_spread_far"
    assert set(note["answers"]) == {"stage", "lines"}
    assert note["text"] == "Stage 3 has not spread far."


def test_a_limit_cuts_the_list_and_not_the_counts() -> None:
    every = outcome(*(study(key, "er_positive") for key in "abc"), **ER)
    assert len(outcome_json(every, limit=2)["matches"]) == 2
    assert outcome_json(every, limit=0)["matches"] == []
    assert len(outcome_json(every)["matches"]) == 3
    assert outcome_json(every, limit=2)["counts"]["fits"] == 3


def test_an_undated_study_without_a_link() -> None:
    one = document(study("a", "er_positive", posted=None))["matches"][0]
    assert (one["url"], one["posted"], one["marks"]) == (None, None, ["aged"])


def test_the_profile_goes_out_as_it_can_come_in() -> None:
    answers: dict[str, Any] = {
        "er": "declined",
        "inherited": {"BRCA1": {"result": "none", "on": "2026-01"}, "PALB2": "declined"},
        "cancer": ["breast", "unknown"],
    }
    shape = document(study("a", "women"), **answers)
    assert read_profile(shape["profile"], book()) == person(**answers)


# Explain

NONE_GIVEN = GivenChange(None)


def test_the_document_of_an_explanation() -> None:
    one = study("a", ("er_positive", "tumor_ESR1"), ["women", "? x"])
    steps = smallest_change(catalogue(one), one, person(**ER), today=TODAY)
    shape = through_json(explanation_json(found(one, **ER), steps, NONE_GIVEN))
    assert set(shape) == MATCH_KEYS | {
        "condition",
        "also",
        "change",
        "given_change",
        "given_change_complete",
    }
    assert shape["condition"] == {"all": [{"tag": "er_positive"}, {"tag": "tumor_ESR1"}]}
    assert shape["also"] == [{"tag": "women"}, {"unread": "x"}]
    assert shape["change"] == [{"key": "tumor.ESR1", "to": "mutation"}]
    assert from_json(shape["condition"]) is not None


@pytest.mark.parametrize(("change", "shape"), [((), []), (None, None)])
def test_no_change_and_no_way(change: Any, shape: Any) -> None:
    assert explanation_json(found(study("a", "women")), change, NONE_GIVEN)["change"] == shape
    assert explanation_json(found(study("a", None)), change, NONE_GIVEN)["condition"] is None


def test_a_step_says_that_a_list_is_whole_and_which_numbers_do() -> None:
    steps = (Step("treatments", "surgery", whole=True), Step("age", "40", span=(40, 120)))
    shape = through_json(explanation_json(found(study("a", "women")), steps, NONE_GIVEN))
    assert shape["change"] == [
        {"key": "treatments", "to": "surgery", "whole": True},
        {"key": "age", "to": "40", "span": [40, 120]},
    ]


def test_a_change_of_given_answers_has_what_was_said_and_what_would_be() -> None:
    turns = (
        Turn("er", "negative", None),
        Turn("age", None, 40),
        Turn("treatments", ("surgery",), ("surgery", "unknown")),
    )
    given = GivenChange(turns)
    shape = through_json(explanation_json(found(study("a", "women")), None, given))
    assert shape["given_change"] == [
        {"key": "er", "from": "negative", "to": None},
        {"key": "age", "from": None, "to": 40},
        {"key": "treatments", "from": ["surgery"], "to": ["surgery", "unknown"]},
    ]


@pytest.mark.parametrize("complete", [True, False])
def test_none_is_told_apart_from_not_looked_for_further(complete: bool) -> None:
    given = GivenChange(None, complete)
    shape = through_json(explanation_json(found(study("a", "women")), None, given))
    assert (shape["given_change"], shape["given_change_complete"]) == (None, complete)


# Studies


def test_the_document_of_a_study() -> None:
    one = Study(
        key="a",
        title="A",
        url="https://example.org",
        kind="Article",
        posted=date(2026, 1, 2),
        most=Audience("ER-positive people", from_json({"tag": "er_positive"})),
        also=(Audience("others", None),),
        ratings=Ratings("High", "Medium", "Low", "Human Research"),
        marks=("weak",),
        events=(Event(date(2026, 2, 3), Text("It changed.", "Cambió."), "https://example.org/b"),),
        standing="superseded",
        summary=Text("Short.", "Breve."),
        as_of=date(2026, 3, 4),
    )
    assert through_json(study_json(one)) == {
        "study": "a",
        "title": "A",
        "url": "https://example.org",
        "kind": "Article",
        "posted": "2026-01-02",
        "standing": "superseded",
        "marks": ["weak"],
        "most": {"text": "ER-positive people", "condition": {"tag": "er_positive"}},
        "also": [{"text": "others", "condition": None}],
        "ratings": {
            "relevance": "High",
            "strength_of_science": "Medium",
            "quality_of_writing": "Low",
            "research_timeline": "Human Research",
        },
        "events": [
            {
                "on": "2026-02-03",
                "text": {"en": "It changed.", "es": "Cambió."},
                "url": "https://example.org/b",
            }
        ],
        "summary": {"en": "Short.", "es": "Breve."},
        "as_of": "2026-03-04",
    }
    bare = study_json(Study("a", "A"))
    assert (bare["most"], bare["also"], bare["posted"], bare["summary"], bare["as_of"]) == (
        None, [], None, None, None,
    )  # fmt: skip
