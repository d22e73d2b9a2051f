"""Loops: how the kernel's functions are compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numba import njit


def compile_loop(function: Any, *, options: Mapping[str, Any]) -> Any:
    """Compile by Numba, without Python's lock; kept for the next start where there is a place."""
    try:
        return njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:  # no folder can be written to
        return njit(nogil=True, **options)(function)
