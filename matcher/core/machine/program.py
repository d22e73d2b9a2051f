"""Program: expressions of many tags and criteria compiled to one list of steps over bit planes.

Equal parts become one step, whoever uses them. A step is Kleene's logic on two planes at once:
"and" and "or" go bit by bit; "not" swaps what surely holds with what surely fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matcher.core.logic import And, Atom, Constant, Expression, Inverse, Known, Or
from matcher.core.machine.people import People, Planes
from matcher.core.truth import Truth

AND, OR, NOT, SURELY = range(4)
Step: TypeAlias = tuple[int, int, int]
CONSTANTS = len(Truth)


@dataclass(frozen=True)
class Program:
    """Steps that give the truth of many statements for many people at once.

    Every statement has a place: first the constants no, unknown, yes, then the `atoms`, then one
    for each step (how, place of the first part, place of the second).
    """

    atoms: NDArray[np.intp]
    steps: tuple[Step, ...]

    def run(self, people: People) -> tuple[Planes, Planes]:
        """The `yes` and `can` planes of all places."""
        everybody = people.all
        of_atoms = people.atoms(self.atoms)
        yes = [0, 0, everybody, *of_atoms[0]]
        can = [0, everybody, everybody, *of_atoms[1]]
        for how, a, b in self.steps:
            if how == AND:
                yes.append(yes[a] & yes[b])
                can.append(can[a] & can[b])
            elif how == OR:
                yes.append(yes[a] | yes[b])
                can.append(can[a] | can[b])
            elif how == NOT:
                yes.append(everybody ^ can[a])
                can.append(everybody ^ yes[a])
            else:
                yes.append(yes[a])
                can.append(yes[a])
        return yes, can


class ProgramWriter:
    """Writes a program. Statements have names: constants by value, atoms below zero, steps above.

    A name becomes a place when all atoms are known: see `place`.
    """

    def __init__(self) -> None:
        self._atoms: dict[int, int] = {}
        self._steps: dict[Step, int] = {}

    def add(self, expression: Expression) -> int:
        """The name of an expression's value."""
        match expression:
            case Atom(index):
                return self._atoms.setdefault(index, -1 - len(self._atoms))
            case Constant(value):
                return int(value)
            case Inverse(part):
                return self.invert(self.add(part))
            case Known(part):
                return self._step(SURELY, self.add(part), 0)
            case And(parts):
                return self.combine(AND, [self.add(part) for part in parts])
            case Or(parts):
                return self.combine(OR, [self.add(part) for part in parts])

    def combine(self, how: int, names: list[int]) -> int:
        """The "and" or "or" of values; each counts once, in whatever order."""
        return reduce(lambda a, b: self._step(how, a, b), sorted(set(names)))

    def invert(self, name: int) -> int:
        """The mirror of a value."""
        return self._step(NOT, name, 0)

    def place(self, name: int) -> int:
        """Where the value of this name stands. To be asked when everything was added."""
        if name < 0:
            return CONSTANTS - 1 - name
        return name if name < CONSTANTS else name + len(self._atoms)

    def program(self) -> Program:
        """The program of all that was added."""
        steps = tuple((how, self.place(a), self.place(b)) for how, a, b in self._steps)
        return Program(np.array(list(self._atoms), dtype=np.intp), steps)

    def _step(self, how: int, a: int, b: int) -> int:
        return self._steps.setdefault((how, a, b), CONSTANTS + len(self._steps))
