"""Backup: what copying a database out and back has in common on every kind of database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from matcher.store.database import session
from matcher.store.errors import StoreError
from matcher.store.facts import RESTORED_AT, mark_catalogue_changed, put_fact
from matcher.store.schema import upgrade
from matcher.store.visits import purge_visits

Check: TypeAlias = Callable[[Mapping[str, str]], None]
"""Looks at a backup's facts before anything is touched; raises what stops the restore."""


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A file (mode 0600) to write, which becomes `target` at the end, whole or not at all."""
    if target.exists():
        raise StoreError("there is a file already", str(target), "Name a file that is new.")
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.link(draft, target)
    except OSError as error:
        raise StoreError(
            f"the file cannot be written: {error.strerror}",
            str(target),
            "Name a new file in a folder that exists and may be written to.",
        ) from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            draft.with_name(draft.name + end).unlink(missing_ok=True)


def settle(engine: sa.Engine) -> None:
    """Make restored tables current. Visits in a backup are over: what was cleared stays so; and
    the copy is marked as one, so that it mails nobody by itself."""
    upgrade(engine)
    with session(engine, writing=True) as opened:
        purge_visits(opened)
        mark_catalogue_changed(opened)
        put_fact(opened, RESTORED_AT, moment())
        opened.commit()


def moment() -> str:
    """Now, as the fact of a restore is written."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def not_a_backup(file: Path, why: str) -> StoreError:
    """The error for a file that cannot be restored."""
    return StoreError(
        f"this is no backup that can be restored: {why}",
        str(file),
        "Name a file that matcher db backup made for this kind of database.",
        kind="no_backup",
    )
