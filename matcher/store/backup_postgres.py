"""Backup of PostgreSQL: through its own programs, pg_dump and pg_restore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from matcher.store.backup import new_file, not_a_backup, settle
from matcher.store.errors import StoreError, explained, place
from matcher.store.schema import known_revisions, revision
from matcher.store.tables import VERSION_TABLE

MAGIC = b"PGDMP"
LIMIT = 3_600


def back_up(engine: sa.Engine, target: Path) -> None:
    """Copy the database, but for the visits, into a new file. Others may go on writing."""
    with explained(engine.url), engine.connect() as connection:
        if revision(connection) is None:
            raise StoreError(
                "the database is empty", place(engine.url), "There is nothing to save."
            )
    with new_file(target) as draft:
        options = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s")
        tables = ("--exclude-table-data=visit", f"--file={draft}")
        _run("pg_dump", *options, *tables, url=engine.url)


def restore(engine: sa.Engine, source: Path) -> None:
    """Put a backup in the database's place, in one transaction."""
    _check(source, engine.url)
    with explained(engine.url), engine.connect() as connection:
        revision(connection)
    name = f"--dbname={_environment(engine.url)['PGDATABASE']}"
    how = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run("pg_restore", *how, name, str(source.absolute()), url=engine.url)
    settle(engine)


def _check(source: Path, url: URL) -> None:
    try:
        with source.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise not_a_backup(source, "it was not made by pg_dump")
    except OSError as error:
        raise not_a_backup(source, (error.strerror or "it cannot be read").lower()) from None
    only = ("--data-only", f"--table={VERSION_TABLE}", "--file=-")
    printed = _run("pg_restore", *only, str(source.absolute()), url=url)
    found = re.search(rf"(?m)^COPY [\w.]*{VERSION_TABLE} .*\n(\S+)$", printed)
    if found is None:
        raise not_a_backup(source, "it is not Matcher's")
    if found[1] not in known_revisions():
        raise not_a_backup(source, "it was made by a newer version of Matcher")


def _run(program: str, *arguments: str, url: URL) -> str:
    """What a program prints. The password goes by the environment: arguments can be seen."""
    path = shutil.which(program)
    if path is None:
        raise StoreError(
            f"the program {program} is not installed",
            place(url),
            "Install the PostgreSQL client programs, of the server's version or newer.",
            kind="no_tool",
        )
    done = subprocess.run(
        (path, *arguments),
        env=_environment(url),
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr)
        raise StoreError(
            f"{program} stopped: {said.strip()[:300]}",
            place(url),
            "Nothing was changed. Programs of the server's version or newer are needed.",
            kind="tool",
        )
    return done.stdout


def _environment(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host")
    given = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {name: value for name, value in given.items() if value}
