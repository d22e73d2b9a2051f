"""Deadline: the moment by which a wait must have ended."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """A moment `seconds` from now, on a clock that never jumps."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock() + seconds

    def left(self) -> float:
        """The seconds until then, more than 0. Raises `TimeoutError` once it has passed."""
        seconds = self._at - self._clock()
        if seconds <= 0:
            raise TimeoutError("the time for it is over")
        return seconds

    def within(self, seconds: float) -> Deadline:
        """The moment `seconds` from now, or this one if it is sooner."""
        return Deadline(min(seconds, self._at - self._clock()), clock=self._clock)
