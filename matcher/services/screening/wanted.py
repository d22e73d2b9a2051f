"""Wanted: which facts, once found out, would settle most among many people and many studies.

A pair of a person and a study counts for a question if the study may fit the person or is open, and
some answer would move it to another level: what the planner says for one person (`settles` in
core.planning.plan) is said here for many, and all answers are put to the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.engine import levels_of
from matcher.services.matching import Matcher
from matcher.services.screening.grid import screen_in_blocks, unsettled
from matcher.services.screening.hypotheses import AS_NOW, Asked, Questioning
from matcher.services.screening.supposed import suppose

MOST_PAIRS = 4_000_000
"""So many pairs of somebody supposed and a study are looked at together: some 5 bytes each."""
MOST_KEPT = 2000
"""What so many people could gain is kept for each catalogue: some 10 MB."""

Moved = NDArray[np.bool_]


@dataclass(frozen=True)
class WantedFact:
    """A single answer (``key`` or ``key.gene``) to find out, and of whom, by number.

    `settles` holds, for each of `people`, how many unsettled studies some answer would move,
    `surely` how many every answer would settle: none of them would be open or may fit then.
    Who gains most stands first.
    """

    unit: str
    people: tuple[int, ...]
    settles: tuple[int, ...]
    surely: tuple[int, ...]

    @property
    def key(self) -> str:
        """The question's key in the rules."""
        return self.unit.partition(".")[0]

    @property
    def gene(self) -> str | None:
        """The gene or signature, if it is about one."""
        return self.unit.partition(".")[2] or None

    @property
    def pairs(self) -> int:
        """How many pairs of a person and a study it would settle in all."""
        return sum(self.settles)


@dataclass(frozen=True)
class _Gain:
    unit: str
    settles: int
    surely: int


class _Memory:
    """What is kept for one matcher: what each of the last people could gain.

    Not their answers, but a keyed digest of them.
    """

    def __init__(self, matcher: Matcher) -> None:
        self.questioning = Questioning(matcher.catalogue)
        self._salt = token_bytes(32)
        self._gains: dict[bytes, tuple[_Gain, ...]] = {}
        self._lock = Lock()

    def name(self, answers: Answers, today: date) -> bytes:
        told = repr((sorted(answers.given.items()), sorted(answers.declined), today))
        return blake2b(told.encode(), key=self._salt).digest()

    def known(self, names: Iterable[bytes]) -> dict[bytes, tuple[_Gain, ...]]:
        with self._lock:
            return {name: self._gains[name] for name in names if name in self._gains}

    def keep(self, gains: Mapping[bytes, tuple[_Gain, ...]]) -> None:
        with self._lock:
            self._gains.update(gains)
            while len(self._gains) > MOST_KEPT:
                self._gains.pop(next(iter(self._gains)))


@dataclass(frozen=True)
class _Part:
    """Columns that stand together: a person as now, or with each answer to one question.

    `all_tell`: every answer that goes may bear on some study.
    """

    start: int
    person: int = 0
    unit: str = ""
    all_tell: bool = False


_kept: WeakKeyDictionary[Matcher, _Memory] = WeakKeyDictionary()


def most_valuable(
    matcher: Matcher, people: Sequence[Answers], *, today: date, most: int | None = None
) -> list[WantedFact]:
    """The facts that would settle most pairs, first the ones that settle most; `most` of them.

    What was found of the last people is kept: only who is new, or changed, takes long.
    """
    memory = _kept.get(matcher)
    if memory is None:
        memory = _kept[matcher] = _Memory(matcher)
    names = [memory.name(answers, today) for answers in people]
    gains = memory.known(names)
    fresh = {
        name: answers for name, answers in zip(names, people, strict=True) if name not in gains
    }
    found = _gains_of(memory.questioning, matcher, tuple(fresh.values()), today)
    more = dict(zip(fresh, found, strict=True))
    memory.keep(more)
    gains |= more
    by_unit: dict[str, list[tuple[int, _Gain]]] = {}
    for person, name in enumerate(names):
        for gain in gains[name]:
            by_unit.setdefault(gain.unit, []).append((person, gain))
    order = {unit: place for place, unit in enumerate(memory.questioning.usefulness.units)}
    facts = [_fact(unit, own) for unit, own in by_unit.items()]
    facts.sort(key=lambda fact: (-fact.pairs, -sum(fact.surely), order[fact.unit]))
    return facts[:most]


def _fact(unit: str, gains: list[tuple[int, _Gain]]) -> WantedFact:
    gains.sort(key=lambda one: (-one[1].settles, -one[1].surely, one[0]))
    return WantedFact(
        unit,
        people=tuple(person for person, _ in gains),
        settles=tuple(gain.settles for _, gain in gains),
        surely=tuple(gain.surely for _, gain in gains),
    )


def _gains_of(
    questioning: Questioning, matcher: Matcher, people: Sequence[Answers], today: date
) -> list[tuple[_Gain, ...]]:
    """What each person's open questions would settle."""
    found: dict[int, list[_Gain]] = {}
    for block in _in_blocks(questioning, matcher, people, today):
        for person, gain in _gains(matcher.catalogue, block, today):
            found.setdefault(person, []).append(gain)
    return [tuple(found.get(person, ())) for person in range(len(people))]


def _in_blocks(
    questioning: Questioning, matcher: Matcher, people: Sequence[Answers], today: date
) -> Iterator[dict[int, Asked]]:
    """The open questions of people by number, a block at a time, as far as they may settle any."""
    usefulness = questioning.usefulness
    size = max(1, MOST_PAIRS // max(1, len(matcher.catalogue.studies)))
    block: dict[int, Asked] = {}
    columns = 0
    for grid in screen_in_blocks(matcher, people, today=today):
        # As numbers: a product of truth values is far slower.
        bears = usefulness.bears_on[grid.rows].astype(np.float32)
        useful = grid.unknown.astype(np.float32) @ bears > 0
        for person, bearing in enumerate(useful):
            number = grid.start + person
            units = frozenset(usefulness.units[place] for place in np.flatnonzero(bearing))
            asked = questioning.ask(people[number], today=today, units=units)
            if asked.answers:
                block[number] = asked
                columns += len(asked.people)
            if columns >= size:
                yield block
                block, columns = {}, 0
    if block:
        yield block


def _gains(
    catalogue: Catalogue, block: dict[int, Asked], today: date
) -> Iterator[tuple[int, _Gain]]:
    """What each question would settle for each person of a block."""
    levels = levels_of(catalogue, suppose(catalogue.finder, list(block.values()), today=today))
    levels = np.ascontiguousarray(levels[catalogue.on(today).listed].T)
    now: list[int] = []
    parts: list[_Part] = []
    for number, asked in block.items():
        first = len(now)
        now += [first] * len(asked.people)
        parts.append(_Part(first))
        for unit, answers in asked.answers.items():
            own = {one.column for one in answers}
            parts.append(_Part(first + min(own - {AS_NOW}), number, unit, AS_NOW not in own))
    starts = [part.start for part in parts]
    open_ = unsettled(levels)
    waiting = open_[now]
    moved = _any((levels != levels[now]) & waiting, starts)
    left_open = _any(open_ | ~waiting, starts)
    settles = moved.sum(axis=1).tolist()
    certain = (~left_open).sum(axis=1).tolist()
    for part, count, sure in zip(parts, settles, certain, strict=True):
        if part.unit and count:
            yield part.person, _Gain(part.unit, count, sure if part.all_tell else 0)


def _any(found: Moved, starts: list[int]) -> Moved:
    """Whether any of the people from each start to the next: [starts × studies]."""
    return np.logical_or.reduceat(found, starts, axis=0)
