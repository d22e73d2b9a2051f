"""Backup of PostgreSQL: through its own programs, pg_dump, pg_restore and psql."""

from __future__ import annotations

import re
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.engine import URL

from matcher.store.backup import Check, moment, new_file, not_a_backup, settle
from matcher.store.errors import StoreError, explained, place
from matcher.store.facts import RESTORED_AT
from matcher.store.postgres_programs import LIMIT, environment, find, run, stopped
from matcher.store.schema import known_revisions, revision
from matcher.store.tables import QUEUE_SCHEMA, VERSION_TABLE, metadata

MAGIC = b"PGDMP"


def back_up(engine: sa.Engine, target: Path) -> None:
    """Copy the database, but for the visits, into a new file. Others may go on writing."""
    with explained(engine.url), engine.connect() as connection:
        if revision(connection) is None:
            raise StoreError(
                "the database is empty", place(engine.url), "There is nothing to save."
            )
    with new_file(target) as draft:
        options = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s")
        # The queue says nothing that the ledger does not, and is in the way of a restore.
        left_out = ("--exclude-table-data=visit", f"--exclude-schema={QUEUE_SCHEMA}")
        run("pg_dump", *options, *left_out, f"--file={draft}", url=engine.url)


def restore(engine: sa.Engine, source: Path, *, check: Check) -> None:
    """Put a backup in the database's place, in one transaction; `check` may still stop it."""
    _check_version(source, engine.url)
    check({row[0]: row[1] for row in _rows(source, engine.url, "database_fact")})
    with explained(engine.url), engine.connect() as connection:
        revision(connection)
        present = sa.inspect(connection).get_table_names()
    # A backup of an older version does not know, and would leave, what came after it.
    ours = [f'"{name}"' for name in present if name in (VERSION_TABLE, *metadata.tables)]
    drop = f"DROP TABLE {', '.join(ours)} CASCADE;\n" if ours else ""
    _replay(source, engine.url, before=f"BEGIN;\n{drop}", after=f"{_mark()}COMMIT;\n")
    settle(engine)


def _mark() -> str:
    """The statement that marks the copy as one before anybody else can see it."""
    return (
        "INSERT INTO public.database_fact (name, value) "
        f"VALUES ('{RESTORED_AT}', '{moment()}') "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value;\n"
    )


def _check_version(source: Path, url: URL) -> None:
    try:
        with source.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise not_a_backup(source, "it was not made by pg_dump")
    except OSError as error:
        raise not_a_backup(source, (error.strerror or "it cannot be read").lower()) from None
    rows = _rows(source, url, VERSION_TABLE)
    if not rows:
        raise not_a_backup(source, "it is not Matcher's")
    if rows[0][0] not in known_revisions():
        raise not_a_backup(source, "it was made by a newer version of Matcher")


def _rows(source: Path, url: URL, table: str) -> list[list[str]]:
    """The rows of a small table in a backup, as pg_restore prints them."""
    only = ("--data-only", f"--table={table}", "--file=-")
    printed = run("pg_restore", *only, str(source.absolute()), url=url)
    found = re.search(rf"(?ms)^COPY [\w.]*{table} [^\n]*\n(.*?)^\\\.$", printed)
    return [line.split("\t") for line in found[1].splitlines()] if found else []


def _replay(source: Path, url: URL, *, before: str, after: str) -> None:
    """Run a backup's statements between `before` and `after`, which begin and commit.

    Whoever dies on the way, this program too, leaves everything as it was. pg_restore's own
    transaction would end before the copy is marked, and somebody could mail from it.
    """
    psql = (find("psql", url), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
    with tempfile.TemporaryFile() as said:
        talk = subprocess.Popen(
            psql,
            env=environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert talk.stdin is not None
        problem = _write(talk.stdin, source, url, before=before, after=after)
        code = talk.wait(LIMIT)
        said.seek(0)
        words = said.read().decode(errors="replace")
    if "ERROR:" in words or (code and not problem):
        raise stopped("psql", words, url)
    if problem:
        raise problem


def _write(
    script: IO[bytes], source: Path, url: URL, *, before: str, after: str
) -> StoreError | None:
    """Write the whole script; what stopped pg_restore, if something did."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-")
    with suppress(BrokenPipeError), script:
        script.write(before.encode())
        script.flush()
        try:
            run("pg_restore", *options, str(source.absolute()), url=url, output=script.fileno())
        except StoreError as error:
            return error
        script.write(after.encode())
    return None
