"""Log: what the SMTP double accepted, on disk before it says so."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Accepted:
    """A message as it was accepted, dots undone; `at` in seconds since 1970."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes
    at: float


class Log:
    """The file of accepted messages. Written by one process; what it holds survives a kill.

    `sync` waits for the disk before each answer. With `discard` a message is one byte: a count.
    """

    def __init__(self, path: Path, *, sync: bool = True, discard: bool = False) -> None:
        self._sync, self._discard = sync, discard
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()

    def add(self, sender: str, recipients: tuple[str, ...], message: bytes) -> None:
        entry = b"." if self._discard else _entry(sender, recipients, message)
        with self._lock:
            rest = memoryview(entry)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            if self._sync:
                os.fsync(self._file)


class Notes:
    """The file of commands heard, each with the number of its connection; none without a path."""

    def __init__(self, path: Path | None) -> None:
        self._file: int | None = None
        if path is not None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, number: int, what: str) -> None:
        if self._file is not None:
            os.write(self._file, f"{number} {what}\n".encode())


def read_notes(path: Path) -> list[str]:
    """Everything heard so far, as ``number COMMAND``."""
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _entry(sender: str, recipients: tuple[str, ...], message: bytes) -> bytes:
    told = {
        "sender": sender,
        "recipients": recipients,
        "message": message.decode("latin-1"),
        "at": time.time(),
    }
    return json.dumps(told).encode() + b"\n"


def read_log(path: Path) -> list[Accepted]:
    """Everything accepted so far. A last line that was cut off is no acceptance."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [_accepted(json.loads(line)) for line in lines]


def _accepted(told: dict[str, object]) -> Accepted:
    sender, recipients, message, at = (
        told[name] for name in ("sender", "recipients", "message", "at")
    )
    assert isinstance(sender, str)
    assert isinstance(recipients, list)
    assert isinstance(message, str)
    assert isinstance(at, float)
    return Accepted(sender, tuple(recipients), message.encode("latin-1"), at)
