"""Restore: what is no backup of ours is refused, and what was there stays, whatever breaks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.services import database
from matcher.services.digests import pausing
from matcher.store import facts, studies, suppressions
from matcher.store.database import connect, session
from matcher.store.errors import StoreError
from matcher.store.tables import VERSION_TABLE, metadata
from tests.factories import NOON, StudyFactory
from tests.services.saved import add, bodies, postgres_programs

__all__ = ["postgres_programs"]


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
