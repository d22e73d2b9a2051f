"""Waiting: for something that another process is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], bool]) -> bool:
    """Whether something came to hold within half a minute."""
    for _ in range(6000):
        if holds():
            return True
        time.sleep(0.005)
    return False
