"""PostgreSQL's own programs: run with the database's address, their errors in our words."""

from __future__ import annotations

import os
import shutil
import subprocess

from sqlalchemy.engine import URL

from matcher.store.errors import StoreError, place

LIMIT = 3_600


def run(program: str, *arguments: str, url: URL, output: int = subprocess.PIPE) -> str:
    """What a program prints, "" if it prints to `output`. Raises `StoreError`.

    The password goes by the environment: arguments can be seen.
    """
    done = subprocess.run(
        (find(program, url), *arguments),
        env=environment(url),
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise stopped(program, done.stderr, url)
    return done.stdout or ""


def find(program: str, url: URL) -> str:
    """Where a program lies. Raises `StoreError` if it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise StoreError(
            f"the program {program} is not installed",
            place(url),
            "Install the PostgreSQL client programs, of the server's version or newer.",
            kind="no_tool",
        )
    return path


def stopped(program: str, said: str, url: URL) -> StoreError:
    """The error for a program that failed, with its own first word on why."""
    why = next((line for line in said.splitlines() if "error:" in line.lower()), said)
    return StoreError(
        f"{program} stopped: {why.strip()[:300]}",
        place(url),
        "Nothing was changed. Programs of the server's version or newer are needed.",
        kind="tool",
    )


def environment(url: URL) -> dict[str, str]:
    """The variables by which the programs find the database, and nobody else's."""
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
