"""Schema: whose tables a database holds, and the way from an older version of them to this one."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from matcher.store.errors import StoreError, explained, place
from matcher.store.tables import VERSION_TABLE

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x6D61746368  # any number that is always the same


def upgrade(engine: sa.Engine) -> bool:
    """Bring the tables up to date; returns whether anything had to be done.

    All steps are one transaction: stopped at any point, the database is what it was before.
    Raises `StoreError` for a database that is foreign or of a newer version.
    """
    with explained(engine.url), engine.connect() as connection:
        if _is_current(connection):
            return False
    with explained(engine.url), _migrating(engine).connect() as connection:
        try:
            with connection.begin():
                _lock(connection)
                if _is_current(connection):
                    return False
                command.upgrade(_config(connection), "head")
                _check_references(connection)
        finally:
            # This connection did not watch foreign keys: it must not serve anybody else.
            connection.invalidate()
    return True


def revision(connection: sa.Connection) -> str | None:
    """The version of the tables in this database, None if it is empty.

    Raises `StoreError` if the tables are not Matcher's, or of a version that is not known here.
    """
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    # Tables first: what another program has just made must not pass for a stranger's.
    tables = sa.inspect(connection).get_table_names()
    found = context.get_current_revision()
    where = place(connection.engine.url)
    if found is None and tables:
        raise StoreError(
            f"the database belongs to something else: it holds the table {tables[0]!r}",
            where,
            "Give Matcher a database of its own (MATCHER_DATABASE_URL).",
            kind="foreign",
        )
    if found is not None and found not in known_revisions():
        raise StoreError(
            f"the database was made by a newer version of Matcher (schema {found!r})",
            where,
            "Use that version of Matcher, or restore a backup that this version made.",
            kind="newer",
        )
    return found


def _is_current(connection: sa.Connection) -> bool:
    return revision(connection) == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def known_revisions() -> set[str]:
    """The versions of the tables that this Matcher can bring up to date."""
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrating(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(sqlite_begin="IMMEDIATE", sqlite_foreign_keys=False)


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))


def _check_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError(
                f"the upgrade would leave a row of {broken[0]!r} without what it refers to",
                place(connection.engine.url),
                "Nothing was changed. Report this as a fault.",
            )
