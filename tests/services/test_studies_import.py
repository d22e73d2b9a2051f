"""Import: a study is known again, its changes are kept, and nothing goes lost in silence."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.core.conditions import Tag, unread_in
from matcher.core.rulebook import Rulebook
from matcher.services.studies import (
    earlier_versions,
    import_files,
    import_report,
)
from matcher.store.database import session
from tests.factories import NOON
from tests.reading.review_pages import LABEL, page_html, page_text
from tests.services.conftest import Desk

KEY = "a-new-pill-slows-the-growth-of-some-tumors"
OWN = "https://www.example.org/XRAY/a-new-pill"
FACTS = {"title": "A study", "kind": "Study", "primary": "People with breast cancer"}


def outcome(desk: Desk, *records: dict[str, object]) -> list[tuple[str | None, str]]:
    return [(one.key, one.status) for one in desk.facts(*records)]


def test_a_page_is_added_then_unchanged(desk: Desk) -> None:
    first, second = desk.bring(page_text()), desk.bring(page_text())
    assert [(one.key, one.status) for one in first + second] == [(KEY, "added"), (KEY, "unchanged")]
    assert first[0].unused == second[0].unused
    study = desk.study(KEY)
    assert study.most
    assert study.most.text == LABEL
    assert study.most.counts
    with session(desk.engine) as opened:
        assert list(earlier_versions(opened, KEY)) == []


def test_the_report_has_the_public_shape(desk: Desk) -> None:
    report = import_report(desk.bring(page_text(bullets=["people who juggle"])))
    (one,) = report["studies"]
    assert one["study"] == KEY
    assert one["status"] == "added"
    lines = [(unused["line"], unused["text"]) for unused in one["unused"]]
    assert (23, "Take our survey.") in lines
    assert (6, "people who juggle") in lines
    assert all(set(unused) == {"line", "text", "why"} for unused in one["unused"])
    assert one["unread"][0]["audience"] == "people who juggle"
    assert one["unread"][0]["words"]
    json.dumps(report)


def test_a_changed_page_updates_and_keeps_what_was(desk: Desk) -> None:
    desk.bring(page_text())
    before = desk.study(KEY)
    (changed,) = desk.bring(page_text(ratings=[("Relevance", "Low")]))
    assert (changed.key, changed.status) == (KEY, "updated")
    assert desk.study(KEY).ratings.relevance == "Low"
    assert desk.study(KEY).ratings.strength_of_science is None
    with session(desk.engine) as opened:
        assert list(earlier_versions(opened, KEY)) == [before]


def test_the_page_as_text_and_as_html_are_one_study(desk: Desk) -> None:
    desk.bring(page_html())
    assert [one.status for one in desk.bring(page_text())] == ["unchanged"]
    assert desk.study(KEY).url == OWN


def test_a_study_is_known_by_its_own_link_whatever_its_host_and_title(desk: Desk) -> None:
    desk.facts(FACTS | {"url": OWN})
    moved = {"title": "Another title", "url": "http://mail.example.net/XRAY/A-new-pill/?utm=1"}
    assert outcome(desk, FACTS | moved) == [("a-study", "updated")]
    assert desk.study("a-study").title == "Another title"
    assert outcome(desk, {"title": "Another title"}) == [("a-study", "unchanged")]


def test_a_listing_is_no_link_to_know_a_study_by(desk: Desk) -> None:
    listing = "https://example.org/XRAY/results?page=24"
    assert outcome(
        desk,
        FACTS | {"url": listing},
        FACTS | {"url": listing, "title": "Another study"},
        FACTS | {"url": "https://example.org/XRAY/portal/x"},
    ) == [("a-study", "added"), ("another-study", "added"), ("a-study", "updated")]


def test_a_study_without_link_is_known_by_its_title(desk: Desk) -> None:
    assert outcome(desk, FACTS, FACTS | {"title": "A “study”"}, FACTS | {"title": "a  STUDY"}) == [
        ("a-study", "added"),
        ("a-study-2", "added"),
        ("a-study", "updated"),
    ]


def test_another_title_with_the_same_slug_gets_a_number(desk: Desk) -> None:
    titles = ("ER+ cancer", "ER− cancer", "ER cancer")
    records = [FACTS | {"title": title} for title in titles]
    keys = ["er-cancer", "er-cancer-2", "er-cancer-3"]
    assert outcome(desk, *records) == [(key, "added") for key in keys]
    assert outcome(desk, *reversed(records)) == [(key, "unchanged") for key in reversed(keys)]
    assert [desk.study(key).title for key in keys] == list(titles)


def test_a_number_never_takes_a_key_that_is_there(desk: Desk) -> None:
    assert outcome(
        desk, FACTS | {"title": "A 2"}, FACTS | {"title": "A"}, FACTS | {"title": "A?"}
    ) == [("a-2", "added"), ("a", "added"), ("a-3", "added")]


def test_what_a_source_is_silent_on_stays(desk: Desk) -> None:
    full = FACTS | {
        "url": OWN, "posted": "1/2/25", "also": ["previvors"], "relevance": "High",
        "marks": ["wider_label"], "summary": {"en": "x", "es": "y"}, "as_of": "2025-01-02",
        "events": [{"on": "2025-02-01", "text": {"en": "a", "es": "b"}}], "topics": ["spread"],
    }  # fmt: skip
    desk.facts(full)
    before = desk.study("a-study")
    bare = {"title": "A study", "posted": None, "also": None, "relevance": None}
    assert outcome(desk, bare) == [("a-study", "unchanged")]
    assert desk.study("a-study") == before


def test_an_update_of_one_fact_leaves_the_others(desk: Desk) -> None:
    desk.facts(FACTS | {"relevance": "High", "quality_of_writing": "Low", "marks": ["wider_label"]})
    before = desk.study("a-study")
    desk.facts({"title": "A study", "relevance": "Low"})
    ratings = replace(before.ratings, relevance="Low")
    assert desk.study("a-study") == replace(before, ratings=ratings)


def test_marks_follow_from_ratings_and_kind(desk: Desk) -> None:
    desk.facts(
        FACTS | {"title": "A", "research_timeline": "Animal Studies"},
        FACTS | {"title": "B", "research_timeline": "Laboratory"},
        FACTS | {"title": "C", "strength_of_science": "Low", "marks": ["wider_label"]},
        FACTS | {"title": "D", "kind": "Personal Story"},
        FACTS | {"title": "E", "strength_of_science": "Medium-Low"},
    )
    assert [desk.study(key).marks for key in "abcde"] == [
        ("animal",), ("lab",), ("weak", "wider_label"), ("not_research",), ()
    ]  # fmt: skip
    desk.facts(FACTS | {"title": "C", "strength_of_science": "High"})
    assert desk.study("c").marks == ("wider_label",)


def test_what_an_editor_settled_is_not_read_again(desk: Desk) -> None:
    settled = {"text": "Women", "condition": {"tag": "breast_cancer"}}
    desk.facts(FACTS | {"primary": settled})
    assert outcome(desk, FACTS | {"primary": "Women"}) == [("a-study", "unchanged")]
    most = desk.study("a-study").most
    assert most
    assert (most.condition, most.confirmed) == (Tag("breast_cancer"), True)
    desk.facts(FACTS | {"primary": "Men"})
    most = desk.study("a-study").most
    assert most
    assert (most.text, most.condition, most.confirmed) == ("Men", Tag("man"), False)


def test_a_settled_condition_with_a_tag_that_is_not_there_is_refused(desk: Desk) -> None:
    wrong = {"text": "Women", "condition": {"any": [{"tag": "woman"}, {"tag": "no_such"}]}}
    (one,) = desk.facts(FACTS | {"primary": wrong})
    assert (one.key, one.status) == (None, "refused")
    assert "no_such" in (one.why or "")
    assert desk.keys() == []


@pytest.mark.parametrize(
    "label", ["people with metastatic or cancer", "People with advanced , breast cancer"]
)
def test_where_a_word_was_lost_nothing_is_sure(desk: Desk, label: str) -> None:
    (one,) = desk.facts(FACTS | {"primary": label})
    most = desk.study("a-study").most
    assert most
    assert most.text == label
    assert most.condition is None or any(unread_in(most.condition))
    assert any("missing" in unused.why for unused in one.unused)
    assert [unread.audience for unread in one.unread] == [label]


def test_a_label_that_names_nobody_is_kept_and_reported(desk: Desk) -> None:
    label = "The clinical relevance of this study for people is not clear"
    (one,) = desk.facts(FACTS | {"primary": label, "also": ["people who juggle"]})
    study = desk.study("a-study")
    assert study.most
    assert study.most.text == label
    assert not study.most.counts
    assert {unused.text for unused in one.unused} == {label, "people who juggle"}


def test_good_records_of_a_file_are_taken_and_bad_ones_named(desk: Desk) -> None:
    lines = [json.dumps(FACTS), "{oops", json.dumps(FACTS | {"title": "B", "url": "x"}),
             json.dumps(FACTS | {"title": "C"})]  # fmt: skip
    found = desk.bring("\n".join(lines))
    assert [one.status for one in found] == ["added", "refused", "refused", "added"]
    assert [one.source.rpartition(":")[2] for one in found] == ["1", "2", "3", "4"]
    assert "url" in (found[2].why or "")
    assert desk.keys() == ["a-study", "c"]


def test_good_files_are_taken_and_bad_ones_named(
    desk: Desk, rulebook: Rulebook, tmp_path: Path
) -> None:
    good = tmp_path / "good.txt"
    good.write_text(page_text())
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "trial.json").write_text('{"protocolSection": {}}')
    (tmp_path / "letter").write_text("Dear reader")
    os.mkfifo(tmp_path / "pipe")
    names = [
        "none",
        "empty",
        "binary",
        "trial.json",
        "letter",
        "pipe",
        "a\0b",
        "x" * 300,
        "good.txt",
    ]
    paths = [tmp_path, *(tmp_path / name for name in names)]
    found = import_files(desk.engine, rulebook, paths, now=NOON)
    assert [one.status for one in found] == ["refused"] * 9 + ["added"]
    assert all(one.why and one.source and one.key is None for one in found[:-1])
    assert desk.keys() == [KEY]


def test_an_unreadable_file_is_named(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    path.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (one,) = import_files(desk.engine, desk.rulebook, [path], now=NOON)
    assert one.status == "refused"
    assert "permission denied" in (one.why or "")


@pytest.mark.parametrize("title", ["?!", "…"])
def test_a_title_without_letters_is_refused(desk: Desk, title: str) -> None:
    (one,) = desk.facts(FACTS | {"title": title})
    assert (one.status, one.key) == ("refused", None)


def test_a_date_to_come_is_reported(desk: Desk) -> None:
    (one,) = desk.facts(FACTS | {"posted": "2026-12-24"})
    assert ("2026-12-24", "this day is still to come") in [(u.text, u.why) for u in one.unused]


def test_the_link_can_be_given_with_the_page(desk: Desk) -> None:
    desk.bring(page_text(), url=OWN)
    assert desk.study(KEY).url == OWN
