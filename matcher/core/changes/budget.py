"""Budget: bounds the work of a search by counted steps, so that the same is found everywhere."""

from __future__ import annotations


class OutOfWorkError(Exception):
    """The steps that a search might take are spent."""


class Budget:
    """So many steps are left; None for as many as it takes."""

    def __init__(self, steps: int | None = None) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take some steps. Raises `OutOfWorkError` when there are none left."""
        if self.left is None:
            return
        self.left -= steps
        if self.left < 0:
            raise OutOfWorkError
