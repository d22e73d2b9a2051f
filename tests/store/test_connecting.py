"""Connecting: a database that cannot be used is an error that says what, where and how to mend."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from matcher.store import studies, visits
from matcher.store.database import connect, session, upgrade
from matcher.store.errors import StoreError, place
from tests.factories import NOON, StudyFactory


def test_the_file_and_its_log_are_the_owners_alone(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'm.db'}")
    upgrade(engine)
    with session(engine, writing=True) as opened:
        studies.add(opened, StudyFactory(), rules_version="1", now=NOON)
        opened.commit()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"m.db": 0o600, "m.db-wal": 0o600, "m.db-shm": 0o600}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    path.touch(mode=0o666)
    path.chmod(0o666)
    connect(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_connection_has_the_settings(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'm.db'}", wait=3)
    names = ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "busy_timeout")
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
            assert found == ["wal", 1, 2, 1, 3000]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder") as caught:
        connect(f"sqlite:///{tmp_path / 'no' / 'm.db'}")
    assert caught.value.where == str(tmp_path / "no")
    assert caught.value.mend


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this is a folder"):
        connect(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "nonsense", "", "mysql+x://h/d"]
)
def test_what_is_no_usable_address_is_refused(url: str) -> None:
    with pytest.raises(StoreError):
        connect(url)


def test_a_locked_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    engine = connect(f"sqlite:///{path}", wait=0.2)
    upgrade(engine)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked") as caught, session(engine, writing=True):
            pytest.fail("the lock was not asked for")
        assert caught.value.kind == "locked"
        with session(engine) as reader:
            assert not studies.holds_any(reader)
        with pytest.raises(StoreError, match="locked"), session(engine) as opened:
            visits.put_visit(opened, "a", b"x", expires_at=NOON)
    with session(engine, writing=True) as opened:
        assert not studies.holds_any(opened)


def test_a_locked_table_of_a_server_is_not_waited_for_without_end(postgres_url: str) -> None:
    engine = connect(postgres_url, wait=0.3)
    upgrade(engine)
    with engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE visit")
        with pytest.raises(StoreError, match="locked") as caught, session(engine) as opened:
            visits.put_visit(opened, "a", b"x", expires_at=NOON)
    assert caught.value.kind == "locked"
    with session(engine) as opened:
        visits.put_visit(opened, "a", b"x", expires_at=NOON)
    engine.dispose()


def test_a_database_locked_before_its_first_use_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            upgrade(connect(f"sqlite:///{path}", wait=0.2))


@pytest.mark.parametrize(
    "content", [b"hello, I am a letter" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        upgrade(connect(f"sqlite:///{path}"))
    assert (caught.value.kind, caught.value.where) == ("damaged", str(path))
    assert path.read_bytes() == content


def test_a_database_damaged_within_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    with session(engine, writing=True) as opened:
        for _ in range(30):
            studies.add(opened, StudyFactory(), rules_version="1", now=NOON)
        opened.commit()
    engine.dispose()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    broken = connect(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught, session(broken) as opened:
        studies.rows(opened)
    assert caught.value.kind == "damaged"


def test_a_file_that_may_not_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("matcher.store.sqlite.os.open", refuse)
    with pytest.raises(StoreError, match="denied"):
        connect(f"sqlite:///{tmp_path / 'm.db'}")


def test_a_read_only_database_says_so(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'm.db'}")
    upgrade(engine)
    sa.event.listen(engine, "begin", lambda made: made.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(StoreError) as caught, session(engine) as opened:
        visits.put_visit(opened, "a", b"x", expires_at=NOON)
    assert caught.value.kind == "read_only"


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    engine = connect("postgresql+psycopg://me:hunter2@127.0.0.1:1/x", wait=2)
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        upgrade(engine)
    assert caught.value.kind == "unreachable"
    assert "hunter2" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_told(postgres_server: str) -> None:
    url = make_url(postgres_server).set(database="nowhere")
    with pytest.raises(StoreError, match="cannot be reached"):
        upgrade(connect(url.render_as_string(hide_password=False)))


def test_a_missing_driver_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(sa, "create_engine", missing)
    with pytest.raises(StoreError, match="pip install"):
        connect("postgresql+psycopg://h/d")


def test_errors_of_the_caller_pass_unchanged(store: sa.Engine) -> None:
    with pytest.raises(LookupError), session(store):
        raise LookupError


def test_a_place_has_no_password() -> None:
    assert place(make_url("postgresql://me:hunter2@h/d")) == "postgresql://me:***@h/d"
    assert place(make_url("sqlite:////tmp/m.db")) == "/tmp/m.db"
