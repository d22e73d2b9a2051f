"""Forked: work done in a process of its own, which may be killed, stopped and let go on.

A forked child has everything imported already, so that one costs milliseconds. Fork only from a
process without threads and without open databases.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, NoReturn


class ChildError(Exception):
    """The work raised; the message is the child's traceback."""


class KilledError(Exception):
    """The child was killed before its work was done."""


class Child:
    """One piece of work, begun at once. What it gives must be picklable."""

    running: ClassVar[set[Child]] = set()

    def __init__(self, work: Callable[[], Any]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._answer, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            # A sweep would touch, and so copy, all that was inherited.
            gc.disable()
            os.close(self._answer)
            _work_and_leave(work, answer)
        os.close(answer)
        self._ended = False
        self.running.add(self)

    def wait_until_stopped(self) -> bool:
        """Wait until the child stops itself; False if it ends without."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        self._ended = not os.WIFSTOPPED(status)
        return not self._ended

    def doze(self) -> None:
        """Stop it wherever it is."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        # Until its end was waited for, its number is nobody else's.
        if not self._ended:
            os.kill(self.pid, number)

    def result(self) -> Any:
        """Wait for the end, and what the work gave. Raises `ChildError`, `KilledError`."""
        with os.fdopen(self._answer, "rb") as pipe:
            told = pipe.read()
        if not self._ended:
            os.waitpid(self.pid, 0)
            self._ended = True
        self.running.discard(self)
        if not told:
            raise KilledError
        raised, value = pickle.loads(told)
        if raised:
            raise ChildError(value)
        return value


def end_all() -> None:
    """Kill whatever still runs, or sleeps, when nobody asks for its result any more."""
    for child in list(Child.running):
        child.kill()
        with suppress(KilledError, ChildError):
            child.result()


def forked(work: Callable[[], Any]) -> Any:
    """What the work gives, done in a child."""
    return Child(work).result()


def stop_here() -> None:
    """Stop this process until somebody lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def die_here() -> None:
    """End this process as a loss of power would."""
    os.kill(os.getpid(), signal.SIGKILL)


def _work_and_leave(work: Callable[[], Any], answer: int) -> NoReturn:
    """Do the work and end without anything that a parent's test would do at its end."""
    try:
        told = pickle.dumps((False, work()))
    except BaseException:
        told = pickle.dumps((True, traceback.format_exc()))
    with os.fdopen(answer, "wb") as pipe:
        pipe.write(told)
    os._exit(0)
