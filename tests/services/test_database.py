"""Backup and restore: whole, consistent, without visits, and nothing lost when it cannot be."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from matcher.services import database
from matcher.store import studies, visits
from matcher.store.database import connect, session
from matcher.store.errors import StoreError
from tests.factories import NOON, StudyFactory
from tests.services.saved import add, add_visit, bodies, postgres_programs, version

__all__ = ["postgres_programs"]


def test_upgrade_says_whether_there_was_anything_to_do(store_url: str) -> None:
    assert [database.upgrade(store_url), database.upgrade(store_url)] == [True, False]


def test_a_restored_database_holds_what_the_backup_held(store_url: str, tmp_path: Path) -> None:
    one, two = StudyFactory(), StudyFactory()
    add(store_url, one)
    database.back_up(store_url, tmp_path / "saved")
    seen = version(store_url)
    add(store_url, two)
    kept = database.restore(store_url, tmp_path / "saved")
    assert bodies(store_url) == [one]
    assert version(store_url) != seen
    if store_url.startswith("sqlite"):
        assert kept
        assert sorted(study.key for study in bodies(f"sqlite:///{kept}")) == [one.key, two.key]


def test_a_backup_is_the_owners_alone_and_has_no_visits(store_url: str, tmp_path: Path) -> None:
    add_visit(store_url)
    saved = tmp_path / "saved"
    database.back_up(store_url, saved)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert b"MARKER-of-a-visit" not in saved.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_visits_of_before_a_restore_are_over(store_url: str, tmp_path: Path) -> None:
    database.upgrade(store_url)
    database.back_up(store_url, tmp_path / "saved")
    add_visit(store_url)
    database.restore(store_url, tmp_path / "saved")
    with database.open_database(store_url) as engine, session(engine, writing=True) as opened:
        assert visits.purge_visits(opened) == 0


def test_a_backup_restores_on_an_empty_machine(tmp_path: Path) -> None:
    study = StudyFactory()
    add(f"sqlite:///{tmp_path / 'one.db'}", study)
    database.back_up(f"sqlite:///{tmp_path / 'one.db'}", tmp_path / "saved")
    new = f"sqlite:///{tmp_path / 'two.db'}"
    assert database.restore(new, tmp_path / "saved") is None
    assert bodies(new) == [study]


def test_a_backup_under_writes_is_consistent(store_url: str, tmp_path: Path) -> None:
    """Each write adds a pair: no backup may hold the half of one."""
    database.upgrade(store_url)
    stop, errors = threading.Event(), []

    def write() -> None:
        engine = connect(store_url)
        try:
            while not stop.is_set():
                with session(engine, writing=True) as opened:
                    for _ in range(2):
                        studies.add(opened, StudyFactory(), rules_version="1", now=NOON)
                    opened.commit()
        except Exception as error:
            errors.append(error)
        finally:
            engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            database.back_up(store_url, tmp_path / f"saved{number}")
    finally:
        stop.set()
        writer.join()
    assert errors == []
    counts = []
    for number in range(4):
        database.restore(store_url, tmp_path / f"saved{number}")
        counts.append(len(bodies(store_url)))
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_file_that_is_there_is_never_replaced(store_url: str, tmp_path: Path) -> None:
    database.upgrade(store_url)
    saved = tmp_path / "saved"
    saved.write_text("precious")
    with pytest.raises(StoreError, match="there is a file already"):
        database.back_up(store_url, saved)
    assert saved.read_text() == "precious"


def test_an_empty_database_is_not_saved(store_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="empty"):
        database.back_up(store_url, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def test_a_missing_folder_for_the_backup_is_named(store_url: str, tmp_path: Path) -> None:
    database.upgrade(store_url)
    with pytest.raises(StoreError, match="cannot be written") as caught:
        database.back_up(store_url, tmp_path / "no" / "saved")
    assert caught.value.where == str(tmp_path / "no" / "saved")
