"""Line killer: ends a job by SIGKILL just before its n-th line, for any n.

Usable for every job that must survive that: hand it a job without arguments that opens its own
database, and the modules whose lines count. Lines of one thread are counted, the job's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.lab.forked import KilledError, die_here, forked


@dataclass(frozen=True)
class Place:
    """A line of code: the file's name, its function and its number."""

    file: str
    function: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


class LineKiller:
    """Kills at the lines of some modules."""

    def __init__(self, modules: Sequence[ModuleType]) -> None:
        self._files = frozenset(module.__file__ for module in modules)

    def lines(self, job: Callable[[], Any]) -> list[Place]:
        """Every line that the job executes, in order, when nobody kills it."""

        def work() -> list[Place]:
            places: list[Place] = []
            self._watch(lambda frame: places.append(_place(frame)), job)
            return places

        return list(forked(work))

    def dies(self, job: Callable[[], Any], *, at: int) -> bool:
        """Whether the job was killed just before its line number `at` (from 1), or ended first."""

        def work() -> None:
            left = at

            def at_line(_: FrameType) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    die_here()

            self._watch(at_line, job)

        try:
            forked(work)
        except KilledError:
            return True
        return False

    def deaths(self, job: Callable[[], Any], *, first: int = 1, every: int = 1) -> Iterator[int]:
        """Kill at line `first`, and at each `every`-th one after it, until the job ends first.

        Gives the number of each line after it was killed there. Whoever asks puts everything back
        between two of them.
        """
        at = first
        while self.dies(job, at=at):
            yield at
            at += every

    def _watch(self, at_line: Callable[[FrameType], None], job: Callable[[], Any]) -> None:
        def local(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                at_line(frame)
            return local

        def entered(frame: FrameType, _event: str, _arg: Any) -> Any:
            return local if frame.f_code.co_filename in self._files else None

        sys.settrace(entered)
        try:
            job()
        finally:
            sys.settrace(None)


def _place(frame: FrameType) -> Place:
    return Place(Path(frame.f_code.co_filename).name, frame.f_code.co_name, frame.f_lineno)
