"""Schema: the queue's tables, in a schema of their own beside ours.

They hold numbers of ledger rows and nothing else. So they are never converted: for another
version of Procrastinate they are made anew, and what was in them is found again in the ledger.
"""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from procrastinate.schema import SchemaManager
from psycopg.conninfo import make_conninfo

from matcher.store.errors import StoreError, explained, place
from matcher.store.tables import QUEUE_SCHEMA

LOCK = 0x7175657565  # any number that is always the same, and not the migrations'


def prepare(engine: sa.Engine) -> bool:
    """Make the queue's tables, or make them anew if they are another version's.

    One transaction; returns whether anything had to be done. Raises `StoreError`.
    """
    with explained(engine.url), engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        if _version(connection) == _wanted():
            return False
        run = connection.exec_driver_sql
        # A worker that is still at it holds the old tables: say so, do not wait for ever.
        run("SET LOCAL lock_timeout = '10s'")
        run(f"DROP SCHEMA IF EXISTS {QUEUE_SCHEMA} CASCADE")
        run(f"CREATE SCHEMA {QUEUE_SCHEMA}")
        run(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(SchemaManager.get_schema())
        run(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS '{_wanted()}'")
    return True


def require_prepared(engine: sa.Engine) -> None:
    """Raises `StoreError` if `prepare` was not called, or by another version."""
    with explained(engine.url), engine.connect() as connection:
        found = _version(connection)
    if found == _wanted():
        return
    what = "there is no queue in this database" if found is None else "another version's queue"
    raise StoreError(
        f"{what}: it has to be prepared",
        place(engine.url),
        "Stop all workers and run once: matcher worker prepare.",
        kind="no_queue",
    )


def conninfo(engine: sa.Engine) -> str:
    """How Procrastinate connects: as the engine does, but with the queue's tables in sight."""
    _, given = engine.dialect.create_connect_args(engine.url)
    given.pop("context", None)  # SQLAlchemy's own, for the types that it reads
    options = f"{given.pop('options', '')} -c search_path={QUEUE_SCHEMA}".strip()
    return make_conninfo("", **given, options=options, application_name="matcher worker")


def _version(connection: sa.Connection) -> str | None:
    asked = "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace"
    found: str | None = connection.scalar(
        sa.text(f"{asked} WHERE nspname = :name"), {"name": QUEUE_SCHEMA}
    )
    return found


def _wanted() -> str:
    return f"procrastinate {sha256(SchemaManager.get_schema().encode()).hexdigest()[:16]}"
