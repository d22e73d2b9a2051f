"""Executors: who runs the engine's loops. NumPy always can; where Numba is installed, the kernel.

Both say the same, bit for bit. Loading the kernel takes a second, and compiling it for the first
time some more: what runs once and is small is done by NumPy, what serves or works through many
people loads the kernel first.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from matcher.core.machine import arrays

NUMPY, NUMBA = "numpy", "numba"

_loaded: dict[str, ModuleType] = {NUMPY: arrays}


def installed() -> tuple[str, ...]:
    """The names of all that can run here, the fastest last."""
    return (NUMPY, NUMBA) if find_spec(NUMBA) else (NUMPY,)


def load(name: str | None = None) -> ModuleType:
    """Get an executor ready, by default the fastest that is installed. Raises `ImportError`."""
    name = name or installed()[-1]
    if name not in _loaded:
        native = import_module("matcher.core.machine.native")
        native.compile_all()
        _loaded[NUMBA] = native
    return _loaded[name]


def executor(name: str | None = None) -> ModuleType:
    """An executor by name; by default the fastest that is ready."""
    return load(name) if name else next(reversed(_loaded.values()))
