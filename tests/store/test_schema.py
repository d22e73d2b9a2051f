"""The schema: made, found current, and refused where it is another program's or a newer one's."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from matcher.store import studies
from matcher.store.columns import table_of
from matcher.store.database import connect, session, upgrade
from matcher.store.errors import StoreError
from matcher.store.schema import revision
from matcher.store.tables import TABLES, VERSION_TABLE, metadata
from tests.factories import NOON, StudyFactory

HOLDS = {
    "study facts",
    "technical",
    "token hash",
    "sealed answers",
    "sealed person",
    "keyed hash",
    "choice",
    "account",
    "account secret",
    "sealed account",
    "panel",
    "trail",
}


def test_the_migrations_make_what_the_models_say(store: sa.Engine) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []


def test_constraints_have_the_names_of_the_convention(store: sa.Engine) -> None:
    found = sa.inspect(store)
    names = [check["name"] for check in found.get_check_constraints("study")]
    assert sorted(map(str, names)) == [
        f"ck_study_{name}" for name in ("kind", "standing", "version", "withdrawn")
    ]
    assert found.get_pk_constraint("study_version")["name"] == "pk_study_version"


def test_upgrading_twice_does_nothing(store_url: str) -> None:
    engine = connect(store_url)
    assert [upgrade(engine), upgrade(engine)] == [True, False]
    engine.dispose()


def test_many_can_upgrade_at_once(store_url: str) -> None:
    def run(_: int) -> bool:
        engine = connect(store_url)
        try:
            return upgrade(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(run, range(6))) == [False] * 5 + [True]


def test_an_upgrade_that_stops_leaves_nothing_behind(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(store_url)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("matcher.store.schema._check_references", stop)
        with pytest.raises(KeyboardInterrupt):
            upgrade(engine)
    assert sa.inspect(engine).get_table_names() == []
    assert upgrade(engine)
    engine.dispose()


def test_an_upgrade_killed_at_any_statement_can_be_made_again(sqlite_url: str) -> None:
    """The process is gone at its n-th statement, for every n, without a chance to tidy up."""
    done = False
    for number in range(1, 200):
        child = os.fork()
        if child == 0:
            upgrade_until(sqlite_url, number)
        done = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        if done:
            break
    assert done
    assert number > 10
    engine = connect(sqlite_url)
    assert not upgrade(engine)
    assert set(sa.inspect(engine).get_table_names()) == {*metadata.tables, VERSION_TABLE}
    engine.dispose()


def upgrade_until(url: str, number: int) -> NoReturn:
    """Upgrade in this process, which ends at once after its statement of that number."""
    try:
        engine, seen = connect(url), itertools.count(1)
        sa.event.listen(
            engine,
            "after_cursor_execute",
            lambda *_: os._exit(9) if next(seen) == number else None,
        )
        upgrade(engine)
        os._exit(0)
    finally:
        os._exit(1)


def test_another_programs_database_is_refused_and_left_alone(store_url: str) -> None:
    engine = connect(store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wallet (coins INTEGER)")
    with pytest.raises(StoreError, match="'wallet'") as caught:
        upgrade(engine)
    assert caught.value.kind == "foreign"
    assert sa.inspect(engine).get_table_names() == ["wallet"]
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(store: sa.Engine) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version") as caught:
        upgrade(store)
    assert caught.value.kind == "newer"


def test_an_empty_database_has_no_revision(store_url: str) -> None:
    engine = connect(store_url)
    with engine.connect() as connection:
        assert revision(connection) is None
    engine.dispose()


def test_a_database_without_tables_says_to_upgrade(store_url: str) -> None:
    engine = connect(store_url)
    with pytest.raises(StoreError, match="matcher db upgrade"), session(engine) as opened:
        studies.rows(opened)
    engine.dispose()


def test_foreign_keys_are_watched_after_an_upgrade_too(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        studies.add(opened, StudyFactory(), rules_version="1", now=NOON)
        opened.commit()
    with pytest.raises(sa.exc.IntegrityError), store.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO study_version (study_id, version, body, rules_version, replaced_at) "
            "VALUES (999, 1, '{}', 'x', '2026-01-01 00:00:00')"
        )


def test_every_column_says_what_it_holds() -> None:
    unnamed = [
        f"{table.__tablename__}.{column.name}"
        for table in TABLES
        for column in table_of(table).columns
        if column.info.get("holds") not in HOLDS
    ]
    assert unnamed == []
    assert {table.__tablename__ for table in TABLES} == set(metadata.tables)
