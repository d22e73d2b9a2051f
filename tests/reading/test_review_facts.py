"""Review facts: studies as JSON lines, checked field by field, and back again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.core.conditions import Tag
from matcher.core.study import Audience, Ratings, Study
from matcher.reading.reviews.drafts import Draft, Refused
from matcher.reading.reviews.review_facts import MAX_LINE, facts_of, read_facts
from tests.factories import StudyFactory

REAL = Path(__file__).parents[3] / "shared/data/reviews.jsonl"
PRINTED: dict[str, Any] = {
    "title": "Genes & “jeans”",
    "url": "https://example.org/XRAY/results?page=24",
    "kind": "Article",
    "posted": "12/8/17",
    "primary": "Women with dense breast tissue",
    "also": None,
    "relevance": "Medium-High",
    "strength_of_science": None,
    "quality_of_writing": "High",
    "research_timeline": None,
}


def read_one(given: Any) -> Draft | Refused:
    line = given if isinstance(given, str) else json.dumps(given)
    (found,) = read_facts(line)
    return found


def draft_of(given: Any) -> Draft:
    found = read_one(given)
    assert isinstance(found, Draft), found
    return found


def refused(given: Any) -> str:
    found = read_one(given)
    assert isinstance(found, Refused), found
    return found.why


def test_facts_as_printed_are_read() -> None:
    draft = draft_of(PRINTED)
    assert draft.study == Study(
        key="",
        title="Genes & “jeans”",
        url="https://example.org/XRAY/results?page=24",
        kind="Article",
        posted=date(2017, 12, 8),
        most=Audience("Women with dense breast tissue", None),
        ratings=Ratings("Medium-High", None, "High", None),
    )
    assert draft.unused == ()
    assert draft.stated == {
        "title", "url", "kind", "posted", "most", "relevance", "quality_of_writing"
    }  # fmt: skip


def test_all_real_facts_are_read() -> None:
    if not REAL.exists():
        pytest.skip("the real facts are not part of the project; the sample's test stands for it")
    drafts = list(read_facts(REAL.read_text(encoding="utf-8")))
    assert len(drafts) == 43
    assert all(isinstance(draft, Draft) and draft.unused == () for draft in drafts)


def test_what_is_written_is_read_again() -> None:
    study = StudyFactory()
    machine_read = replace(
        study,
        most=replace(study.most, condition=None),
        also=(Audience("previvors", None), Audience("people", Tag("any_cancer"), True)),
    )
    draft = draft_of(facts_of(machine_read))
    assert draft.study == machine_read
    assert draft.unused == ()


def test_what_machines_read_into_labels_is_not_written() -> None:
    written = facts_of(StudyFactory(most=Audience("women", Tag("woman"))))
    assert written["primary"] == "women"


def test_each_line_stands_for_itself() -> None:
    text = "\n".join(
        [json.dumps(PRINTED), "", "{oops", json.dumps({"title": ""}), json.dumps(PRINTED)]
    )
    found = list(read_facts(text))
    assert [(type(one), one.line) for one in found] == [
        (Draft, 1), (Refused, 3), (Refused, 4), (Draft, 5)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": None}, "title"), ({"title": ""}, "title"), ({"title": " \u200b "}, "title"),
        ({"title": 3}, "title"), ({"title": ["x"]}, "title"), ({"title": "x" * 501}, "title"),
        ({"title": "a\0b"}, "title"), ({"title": "\ud800"}, "title"),
        ({"url": "javascript:alert(1)"}, "url"), ({"url": {}}, "url"),
        ({"posted": 20260101}, "posted"), ({"kind": True}, "kind"),
        ({"primary": 3}, "primary"), ({"primary": "x" * 1001}, "primary"),
        ({"primary": {"text": "x"}}, "primary"),
        ({"primary": {"text": "x", "condition": {"tag": 3}}}, "primary"),
        ({"primary": {"text": "a\0", "condition": None}}, "primary"),
        ({"also": "women"}, "also"), ({"also": [None]}, "also.0"), ({"also": [["x"]]}, "also.0"),
        ({"also": ["x"] * 101}, "also"), ({"also": ["ok", "b\udfff"]}, "also.1"),
        ({"relevance": 5}, "relevance"),
        ({"marks": ["aged"]}, "marks.0"), ({"marks": "animal"}, "marks"),
        ({"standing": "gone"}, "standing"),
        ({"summary": "x"}, "summary"), ({"summary": {"en": "x"}}, "summary"),
        ({"summary": {"en": "x", "es": ""}}, "summary"),
        ({"summary": {"en": "x", "es": 1}}, "summary"),
        ({"as_of": "2/19/26"}, "as_of"), ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": 1}, "as_of"),
        ({"events": [{}]}, "events.0"), ({"events": [3]}, "events.0"),
        ({"events": [{"on": "2026-01-01", "text": {"en": "x", "es": "y"}, "url": "x"}]},
         "events.0.url"),
        ({"sections": [{"heading": "x"}]}, "sections.0"), ({"references": [1]}, "references.0"),
        ({"topics": [None]}, "topics.0"),
        ({"key": "No Key"}, "key"), ({"key": "a--b"}, "key"), ({"key": "../x"}, "key"),
    ],
)  # fmt: skip
def test_a_wrong_field_refuses_its_record_and_is_named(change: dict[str, Any], path: str) -> None:
    assert refused(PRINTED | change).startswith(path)


def test_all_wrong_fields_are_named_at_once() -> None:
    why = refused(PRINTED | {"url": "x", "as_of": "x", "also": [1]})
    assert all(name in why for name in ("url", "as_of", "also.0"))


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '"x"', "null", "3", "NaN", "[" * 100_000, '{"a":' * 50_000, "x" * (MAX_LINE + 1),
     '{"title": ' + "9" * 5000 + "}"],
)  # fmt: skip
def test_what_is_no_object_is_refused(line: str) -> None:
    assert refused(line)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"posted": "2/30/26"}, "posted: 2/30/26"), ({"posted": "last May"}, "posted: last May"),
        ({"kind": "Blog"}, "kind: Blog"), ({"relevance": "Very High"}, "relevance: Very High"),
        ({"research_timeline": "Human"}, "research_timeline: Human"),
        ({"primary": " "}, "primary"), ({"colour": "blue"}, "colour"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_reported(change: dict[str, Any], text: str) -> None:
    draft = draft_of(PRINTED | change)
    assert text in [unused.text for unused in draft.unused]


@pytest.mark.parametrize("name", [*PRINTED, "marks", "events", "summary", "sections"])
def test_null_missing_and_empty_are_not_known(name: str) -> None:
    if name == "title":
        return
    missing = draft_of({key: value for key, value in PRINTED.items() if key != name})
    null = draft_of(PRINTED | {name: None})
    assert null == missing
    assert name not in missing.stated


def test_an_empty_list_is_known_to_be_empty() -> None:
    draft = draft_of(PRINTED | {"also": []})
    assert draft.study.also == ()
    assert "also" in draft.stated


def test_a_label_on_several_lines_becomes_one() -> None:
    draft = draft_of(PRINTED | {"primary": " women\n\twith\u200b  cancer "})
    assert draft.study.most == Audience("women with cancer", None)


def test_dates_are_read_in_all_forms() -> None:
    forms = ("02/03/20", "2/3/2020", "2020-02-03", "Feb 3, 2020")
    assert {draft_of(PRINTED | {"posted": form}).study.posted for form in forms} == {
        date(2020, 2, 3)
    }
