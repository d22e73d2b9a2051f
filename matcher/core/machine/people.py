"""People: what is known of several people at once, as bit planes.

A plane is one integer about one statement: its bit ``p`` speaks of person ``p``. A three-valued
statement has two planes, `yes` (it surely holds) and `can` (it may hold: it is not surely false).
One person is a plane of one bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matcher.core.facts import Facts

Planes: TypeAlias = list[int]


@dataclass(frozen=True)
class People:
    """What is known of `count` people. `read` gives the planes of literals by their numbers.

    Of `size` atoms, literal ``i`` says "atom i holds", ``size + i`` "atom i does not hold".
    """

    count: int
    size: int
    read: Callable[[NDArray[np.intp]], Planes]

    @classmethod
    def known(cls, sets: Sequence[int], *, size: int) -> People:
        """People by their sets of literals (see core.logic), one integer for each person."""
        length = (2 * size + 7) // 8
        raw = b"".join(literals.to_bytes(length, "little") for literals in sets)
        rows = np.frombuffer(raw, dtype=np.uint8).reshape(len(sets), length)
        bits = np.unpackbits(rows, axis=1, bitorder="little")
        planes = np.packbits(bits, axis=0, bitorder="little")
        if len(planes) == 1:  # up to eight people: a byte is a plane
            return cls(len(sets), size, lambda literals: planes[0, literals].tolist())
        by_literal = [row.tobytes() for row in np.ascontiguousarray(planes.T)]

        def read(literals: NDArray[np.intp]) -> Planes:
            return [int.from_bytes(by_literal[at], "little") for at in literals.tolist()]

        return cls(len(sets), size, read)

    @classmethod
    def of(cls, people: Iterable[Facts], *, size: int) -> People:
        """People by the facts that were found of each."""
        return cls.known([facts.known for facts in people], size=size)

    @property
    def all(self) -> int:
        """The plane that speaks of everybody."""
        return (1 << self.count) - 1

    def atoms(self, atoms: NDArray[np.intp]) -> tuple[Planes, Planes]:
        """The `yes` and the `can` planes of some atoms."""
        everybody = self.all
        fails = self.read(atoms + self.size)
        return self.read(atoms), [everybody ^ plane for plane in fails]
