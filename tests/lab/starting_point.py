"""Starting point: a database kept as it is now, and put back as often as needed, quickly."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from matcher.store.database import connect
from matcher.store.tables import metadata

KEPT = "lab_kept"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class StartingPoint(Protocol):
    """What a database was when it was kept."""

    def put_back(self) -> None:
        """Make the database what it was. Nobody may be working on it."""

    def settle(self) -> None:
        """Wait until the database has noticed that the programs which were killed are gone."""


def keep(url: str) -> StartingPoint:
    """Keep the database at this address as it is now. Nobody may have it open."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _File(Path(sa.make_url(url).database or ""))
    return _Schema(url)


class _File:
    """SQLite: copies of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = path.with_name(f"{path.name}.kept")
        assert not self._beside("-wal").exists(), "somebody has the database open"
        shutil.copyfile(path, self._kept)

    def put_back(self) -> None:
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._beside(ending).unlink()
        shutil.copyfile(self._kept, self._path)

    def settle(self) -> None:
        """A dead program's locks went with it."""

    def _beside(self, ending: str) -> Path:
        return self._path.with_name(self._path.name + ending)


class _Schema:
    """PostgreSQL: copies of the tables, in a schema beside them; quicker than a new database.

    Its one connection stays open. That is no harm to children, which do not know of it.
    """

    def __init__(self, url: str) -> None:
        tables = [table.name for table in metadata.sorted_tables]
        self._connection = connect(url).connect().execution_options(isolation_level="AUTOCOMMIT")
        self._run(
            f"DROP SCHEMA IF EXISTS {KEPT} CASCADE",
            f"CREATE SCHEMA {KEPT}",
            *(f'CREATE TABLE {KEPT}."{name}" AS TABLE "{name}"' for name in tables),
        )
        emptying = [f'DELETE FROM "{name}"' for name in reversed(tables)]
        filling = [f'INSERT INTO "{name}" SELECT * FROM {KEPT}."{name}"' for name in tables]
        self._putting_back = "; ".join(["BEGIN", *emptying, *filling, "COMMIT"])

    def put_back(self) -> None:
        self.settle()
        self._run(self._putting_back)

    def settle(self) -> None:
        for _ in range(6000):
            if self._connection.exec_driver_sql(OTHERS).scalar_one() == 0:
                return
            time.sleep(0.002)
        raise RuntimeError("somebody has the database open")

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self._connection.exec_driver_sql(statement)
