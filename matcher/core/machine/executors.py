"""Executors: who runs the engine's loops. NumPy always can; where Numba is installed, the kernel.

Both say the same, bit for bit. Loading the kernel takes a second, and compiling it for the first
time some more: what runs once and is small is done by NumPy, what serves or works through many
people loads the kernel first.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from matcher.core.machine import arrays
from matcher.core.machine.trial import agrees

NUMPY, NUMBA = "numpy", "numba"

_loaded: dict[str, ModuleType] = {NUMPY: arrays}
_ready: list[str] = [NUMPY]
"""What has been loaded, the fastest last. Only ever appended to: threads read it meanwhile."""


def installed() -> tuple[str, ...]:
    """The names of all that can run here, the fastest last."""
    return (NUMPY, NUMBA) if find_spec(NUMBA) else (NUMPY,)


def load(name: str) -> ModuleType:
    """Get an executor ready: import it, compile it, and try it on a small example.

    Raises `ImportError` where it is not installed, `RuntimeError` where it is not right.
    """
    if name not in _loaded:
        import_module(name)
        native = import_module("matcher.core.machine.native")
        if not agrees(native):
            raise RuntimeError(f"{name} does not say what NumPy says; clear its cache")
        _loaded[name] = native
        _ready.append(name)
    return _loaded[name]


def load_fastest() -> str:
    """Get the fastest ready that runs here, and name it. A broken Numba leaves NumPy."""
    for name in reversed(installed()):
        with suppress(Exception):
            load(name)
            return name
    return NUMPY


def executor(name: str | None = None) -> ModuleType:
    """An executor by name; by default the fastest that is ready."""
    return load(name or _ready[-1])
