"""Journal: who stopped, was erased or confirmed, beside the database, so that a restore honours it.

One line each: the time, what happened, the address's keyed hash; of somebody who was erased from a
navigator's panel, a hash of the random number that names them. It holds nothing else. A line is
on the disk before the change is committed: what a restored backup has forgotten stands here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from matcher.services.digests.desk import Desk
from matcher.store.errors import StoreError

FILE_NAME = "stopped.journal"
ERASED = ("erased", "died", "ended")
STOPPED = ("unsubscribed", "bounced", "complained")
CONFIRMED = "confirmed"
LEFT_PANEL = "left_panel"
WORDS = (*ERASED, *STOPPED, CONFIRMED, LEFT_PANEL)

_LINE = re.compile(rf"(\S+) ({'|'.join(WORDS)}) ([0-9a-f]{{64}})")


@dataclass(frozen=True)
class Entry:
    """One line: when (aware, to the second), what (one of `WORDS`), whose hash."""

    at: datetime
    what: str
    address_hash: str


def append(desk: Desk, what: str, address_hash: str, *, at: datetime) -> None:
    """Write one line and see it onto the disk; call it before the commit it belongs to.

    Raises `StoreError` if it cannot be written: then nothing may be committed either.
    """
    path = journal_file(desk)
    line = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {what} {address_hash}\n"
    assert _LINE.fullmatch(line.strip()), what
    try:
        _write(path, line.encode())
    except OSError as error:
        raise StoreError(
            f"the journal of those who stopped cannot be written: {error.strerror}",
            str(path),
            "Give Matcher the right and the room to write it; nothing was changed.",
        ) from None


def entries(desk: Desk) -> Iterator[Entry]:
    """All lines, oldest first. What is no whole line, as after a loss of power, is passed over."""
    try:
        lines = journal_file(desk).read_bytes().decode("ascii", "replace").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(
            f"the journal of those who stopped cannot be read: {error.strerror}",
            str(journal_file(desk)),
            "Give Matcher the right to read it.",
        ) from None
    for line in lines:
        if entry := _entry(line):
            yield entry


def journal_file(desk: Desk) -> Path:
    """Where the journal lies: in the instance folder, never in the database or its backups."""
    return desk.settings.instance / FILE_NAME


def _write(path: Path, line: bytes) -> None:
    # Where all keys are given and the database is elsewhere, nothing else has made the folder.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        # A line that broke off must not swallow the next one.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, b"\n" + line if torn else line)
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """See a new file's name onto the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(line: str) -> Entry | None:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    try:
        at = datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Entry(at, found[2], found[3])
