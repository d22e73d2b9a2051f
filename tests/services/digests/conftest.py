"""Fixtures of the digests' tests: the desk of the tests of subscribing, one that writes mails."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.matching import Matcher
from matcher.store.database import connect, upgrade
from tests.services.digests.planning_ledger import Ledger, ledger_on
from tests.services.digests.reviews import STUDIES
from tests.services.digests.writing_desk import BASE, WritingDesk
from tests.services.subscribing.conftest import kept_desk, kept_store

__all__ = ["kept_desk", "kept_store"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Iterator[WritingDesk]:
    folder = tmp_path_factory.mktemp("letters")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    settings = Settings(
        folder,
        str(engine.url),
        "a secret for the tests",
        "a data key of the tests",
        "a lookup key of tests",
        public_url=f"{BASE}/",
        mail_from="news@charity.example",
    )
    matcher = Matcher(rulebook, STUDIES)
    yield WritingDesk(Desk(engine, rulebook, lambda: matcher, settings))
    engine.dispose()


@pytest.fixture
def ledger(sqlite_tables: Path, rulebook: Rulebook, tmp_path: Path) -> Iterator[Ledger]:
    file = shutil.copy(sqlite_tables, tmp_path / "matcher.db")
    engine = connect(f"sqlite:///{file}", wait=5)
    yield ledger_on(engine, rulebook, tmp_path)
    engine.dispose()


@pytest.fixture
def each(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Ledger:
    """A ledger on each kind of database, for what they might do differently."""
    return ledger_on(store, rulebook, tmp_path)
