"""Holder: the name of the process that has a row, by which others see whether it is gone.

A lease says when a row is free at the latest. On one machine nobody has to wait for that: a
process that is not there any more will do nothing more with the row.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

PROC = Path("/proc")
GONE = ("Z", "X")
"""States of a process that has ended, and is only kept until somebody asks how."""


def this_process() -> str | None:
    """The name of this process, None where processes cannot be told apart for good."""
    machine, began = _machine(), _began(os.getpid())
    return f"{machine} {os.getpid()} {began}" if machine and began else None


def is_gone(holder: str | None) -> bool:
    """Whether this surely is a process of this machine that has ended."""
    machine = _machine()
    if holder is None or machine is None or not holder.startswith(f"{machine} "):
        return False
    pid, began = holder.removeprefix(machine).split()
    found = _began(int(pid))
    return found != began if found is not None else not _is_there(int(pid))


@cache
def _machine() -> str | None:
    """This boot of this machine, as seen from this container: process numbers mean one thing."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink(PROC / 'self/ns/pid')}"
    except OSError:
        return None


def _is_there(pid: int) -> bool:
    """Whether there is such a process: those of other users may be hidden in `/proc`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _began(pid: int) -> str | None:
    """When a process began, in the kernel's ticks; empty once it has ended, None if not seen."""
    try:
        told = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name before it stands in brackets, and may hold anything.
    state, *fields = told.rpartition(")")[2].split()
    return "" if state in GONE else fields[18]
