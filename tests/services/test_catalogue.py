"""The catalogue: filled once, read by the rules of the day, the same for all who open it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import sqlalchemy as sa

from matcher.core.conditions import Unread
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience
from matcher.services.catalogue import catalogue_version, fill_with_sample, open_catalogue
from matcher.services.studies import withdraw_study
from matcher.store import studies
from matcher.store.database import connect, session
from matcher.store.errors import StoreError
from tests.factories import NOON
from tests.services.conftest import Desk

FACTS = {"title": "A study", "kind": "Study", "primary": "People with breast cancer"}
FILL = """
import sys
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import open_catalogue
from matcher.services.database import open_database
with open_database(sys.argv[1]) as engine:
    opened = open_catalogue(engine, load_rules(shipped_rules()))
print(opened.filled, len(opened.studies))
"""


def test_a_new_catalogue_is_filled_once_and_says_so(store: sa.Engine, rulebook: Rulebook) -> None:
    first = open_catalogue(store, rulebook)
    second = open_catalogue(store, rulebook)
    assert (first.filled, second.filled) == (True, False)
    assert len(first.studies) == 43
    assert first.studies == second.studies
    assert first.version == second.version == catalogue_version(store) != ""


def test_filling_can_be_prevented(store: sa.Engine, rulebook: Rulebook) -> None:
    opened = open_catalogue(store, rulebook, fill=False)
    assert (opened.studies, opened.filled) == ((), False)
    assert open_catalogue(store, rulebook).filled


def test_a_catalogue_that_ever_held_a_study_is_not_filled(desk: Desk) -> None:
    desk.facts(FACTS)
    opened = open_catalogue(desk.engine, desk.rulebook)
    assert ([study.key for study in opened.studies], opened.filled) == (["a-study"], False)
    with session(desk.engine) as db:
        withdraw_study(db, "a-study", reason="test", now=NOON)
    emptied = open_catalogue(desk.engine, desk.rulebook)
    assert (emptied.studies, emptied.filled) == ((), False)
    assert not fill_with_sample(desk.engine, desk.rulebook, now=NOON)


def test_processes_that_fill_at_once_fill_once(store_url: str) -> None:
    command = (sys.executable, "-c", FILL, store_url)
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=60) for process in running]
    assert sorted(out.strip() for out, _ in said) == ["False 43", "False 43", "True 43"], said


def test_a_filling_that_fails_leaves_the_catalogue_new(
    store: sa.Engine, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("matcher.services.study_import.Importer.take", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_catalogue(store, rulebook)
    assert open_catalogue(store, rulebook).filled


def test_labels_are_read_again_when_the_rules_change(store: sa.Engine, rulebook: Rulebook) -> None:
    first = open_catalogue(store, rulebook)
    settled = Audience("women", Unread("settled"), confirmed=True)
    with session(store, writing=True) as db:
        for row in studies.rows(db):
            old = Audience(row.body.most.text, Unread("old")) if row.body.most else None
            row.body = replace(row.body, most=old, also=(*row.body.also, settled))
        db.commit()
    assert open_catalogue(store, rulebook).studies != first.studies
    newer = replace(rulebook, version="newer")
    again = open_catalogue(store, newer)
    assert [study.most for study in again.studies] == [study.most for study in first.studies]
    assert all(study.also[-1] == settled for study in again.studies)
    with session(store) as db:
        assert {row.rules_version for row in studies.rows(db)} == {"newer"}
        assert {row.version for row in studies.rows(db)} == {1}
    assert again.version == open_catalogue(store, newer).version


def test_the_version_changes_with_the_studies_alone(desk: Desk) -> None:
    desk.facts(FACTS)
    seen = catalogue_version(desk.engine)
    desk.facts(FACTS)
    open_catalogue(desk.engine, desk.rulebook)
    assert catalogue_version(desk.engine) == seen
    desk.facts(FACTS | {"relevance": "Low"})
    assert catalogue_version(desk.engine) != seen


def test_the_order_is_by_key_on_every_database(desk: Desk) -> None:
    desk.facts(*(FACTS | {"title": title} for title in ("b a", "B-b", "a", "é", "b", "中", "Z")))
    keys = [study.key for study in open_catalogue(desk.engine, desk.rulebook).studies]
    assert keys == sorted(keys)
    assert keys == ["a", "b", "b-a", "b-b", "e", "z", "中"]


def test_a_catalogue_without_tables_is_an_error_in_words(
    store_url: str, rulebook: Rulebook
) -> None:
    engine = connect(store_url)
    with pytest.raises(StoreError, match="db upgrade"):
        open_catalogue(engine, rulebook)
    engine.dispose()
