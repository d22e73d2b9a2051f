"""Fixtures of the tests of subscribing: a desk over each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.live import LiveMatcher
from matcher.store.database import connect, upgrade
from matcher.store.facts import DatabaseFact
from matcher.store.tables import TABLES, metadata


@pytest.fixture
def settings(store: sa.Engine, tmp_path: Path) -> Settings:
    """The settings of an installation with keys of its own."""
    return settings_for(store, tmp_path)


@pytest.fixture
def desk(store: sa.Engine, rulebook: Rulebook, settings: Settings) -> Desk:
    """A desk with an empty catalogue."""
    return Desk(store, rulebook, LiveMatcher(store, rulebook), settings)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def kept_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """A database of each kind that a module's tests share: making one takes most of their time."""
    folder = tmp_path_factory.mktemp("kept")
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    else:
        server: str = request.getfixturevalue("postgres_server")
        name = f"kept_{folder.name}"
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        named = sa.make_url(server).set(database=name)
        engine = connect(named.render_as_string(hide_password=False))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def kept_desk(kept_store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Iterator[Desk]:
    """A desk over the module's database, which is emptied behind each test."""
    settings = settings_for(kept_store, tmp_path)
    yield Desk(kept_store, rulebook, LiveMatcher(kept_store, rulebook), settings)
    kept = {table.__tablename__ for table in TABLES} - {DatabaseFact.__tablename__}
    with kept_store.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name in kept:
                connection.execute(sa.delete(table))


def settings_for(engine: sa.Engine, folder: Path) -> Settings:
    """Settings with keys of their own, over a database."""
    return Settings(
        instance=folder,
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="s" * 32,
        data_key="d" * 32,
        lookup_key="l" * 32,
        public_url="https://matcher.example.org",
        mail_from="Matcher <mail@matcher.example.org>",
    )
