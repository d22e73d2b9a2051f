"""Unsealing: one error for all that is stored of a person and cannot be read, whatever is amiss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matcher.crypto import SealError

ODD_SHAPE = "what was sealed has a shape that this version does not know"


@contextmanager
def unsealing() -> Iterator[None]:
    """Around the reading of what was sealed: a shape that is not known raises `SealError` too."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        # Nothing of the first error is kept: it may quote what somebody answered.
        raise SealError(ODD_SHAPE) from None
