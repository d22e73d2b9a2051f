"""Show, export and withdraw: what the catalogue knows, and how it goes out and comes in again."""

from __future__ import annotations

import json

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import fill_with_sample
from matcher.services.studies import (
    StudyError,
    export_studies,
    find_study,
    list_studies,
    withdraw_study,
)
from matcher.store.database import connect, session, upgrade
from tests.factories import NOON
from tests.reading.review_pages import page_html
from tests.services.conftest import Desk

FACTS = {"title": "A study", "kind": "Study", "primary": "People with breast cancer"}


def export(desk: Desk) -> str:
    with session(desk.engine) as opened:
        return "\n".join(export_studies(opened))


def test_what_is_exported_imports_to_the_same(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fill_with_sample(desk.engine, desk.rulebook, now=NOON)
    settled = {"text": "Women", "condition": {"not": {"tag": "man"}}}
    desk.bring(page_html())
    desk.facts(
        FACTS | {"title": "ER+", "primary": settled, "standing": "superseded"},
        FACTS | {"title": "ER-"},
    )
    exported = export(desk)
    assert [one.status for one in desk.bring(exported)] == ["unchanged"] * 46
    folder = tmp_path_factory.mktemp("other")
    other = Desk(connect(f"sqlite:///{folder / 'm.db'}"), desk.rulebook, folder)
    upgrade(other.engine)
    assert {one.status for one in other.bring(exported)} == {"added"}
    with session(desk.engine) as one, session(other.engine) as two:
        assert list_studies(one) == list_studies(two)
    assert export(other) == exported


def test_an_export_keeps_a_key_that_is_no_longer_the_titles(desk: Desk) -> None:
    url = "https://example.org/XRAY/x"
    desk.facts(FACTS | {"url": url}, FACTS | {"url": url, "title": "New title"})
    (line,) = export(desk).split("\n")
    assert json.loads(line)["key"] == "a-study"
    with session(desk.engine) as opened:
        withdraw_study(opened, "a-study", reason="test", now=NOON)
    assert [(one.key, one.status) for one in desk.bring(line)] == [("a-study", "unchanged")]


def test_a_study_is_shown_with_its_entry(desk: Desk) -> None:
    desk.facts(FACTS)
    with session(desk.engine) as opened:
        found = find_study(opened, "a-study")
    assert (found.study.title, found.version, found.added_at) == ("A study", 1, NOON)
    assert (found.withdrawn_at, found.withdrawn_reason) == (None, None)


@pytest.mark.parametrize(
    "key", ["a-studi", "nothing like it at all", "", "\0", "\ud800", "x" * 9999]
)
def test_an_unknown_key_is_told_with_the_nearest(desk: Desk, key: str) -> None:
    desk.facts(FACTS)
    with session(desk.engine) as opened, pytest.raises(StudyError) as caught:
        find_study(opened, key)
    assert ("a-study" in caught.value.mend) == (key == "a-studi")
    assert caught.value.mend


def test_a_withdrawn_study_leaves_the_catalogue_with_its_reason(desk: Desk) -> None:
    desk.facts(FACTS, FACTS | {"title": "B"})
    with session(desk.engine) as opened:
        found = withdraw_study(opened, "a-study", reason=" It was \n wrong ", now=NOON)
    assert (found.withdrawn_at, found.withdrawn_reason) == (NOON, "It was wrong")
    assert desk.keys() == ["b"]
    assert "A study" not in export(desk)
    with session(desk.engine) as opened, pytest.raises(StudyError, match="was withdrawn"):
        withdraw_study(opened, "a-study", reason="again")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_a_reason_is_needed(desk: Desk, reason: str) -> None:
    desk.facts(FACTS)
    with session(desk.engine) as opened, pytest.raises(StudyError, match="reason"):
        withdraw_study(opened, "a-study", reason=reason)
    assert desk.keys() == ["a-study"]


def test_a_withdrawn_study_stays_so_when_it_comes_again(desk: Desk) -> None:
    desk.facts(FACTS)
    with session(desk.engine) as opened:
        withdraw_study(opened, "a-study", reason="It was wrong", now=NOON)
    for relevance, status in (("High", "updated"), ("High", "unchanged")):
        (one,) = desk.facts(FACTS | {"relevance": relevance})
        assert one.status == status
        assert any("It was wrong" in unused.why for unused in one.unused)
    assert desk.keys() == []


def test_an_empty_catalogue_lists_and_exports_nothing(desk: Desk, rulebook: Rulebook) -> None:
    assert rulebook
    assert (desk.keys(), export(desk)) == ([], "")
