"""Choosing: what is new for one person, from how all studies stand to them and what was told."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from matcher.core.levels import Level
from matcher.services.digests.items import (
    CORRECTED,
    MAYBE,
    MOVED,
    NEW,
    RELABELLED,
    Gone,
    Item,
    Selection,
)
from matcher.services.digests.seen import COUNTED, GONE, SENT, Seen, Told
from matcher.services.digests.seen import MAYBE as MAYBE_ARRIVED

MOST_ITEMS = 12
LEAST_LEVEL = Level.RELATED
"""The lowest level that is told."""


@dataclass(frozen=True)
class Shelf:
    """The catalogue as choosing needs it: its studies row by row, and those taken back.

    `numbers` are the studies' in the database, `versions` those in which what is told of them
    last became another (see `corrections.told_version`). `gone` holds what was taken back, by
    number: retracted and superseded studies, which have a row too, and withdrawn ones, which have
    none.
    """

    rules: str
    numbers: tuple[int, ...]
    keys: tuple[str, ...]
    titles: tuple[str, ...]
    versions: tuple[int, ...]
    gone: Mapping[int, Gone]

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        """The row of each study by its number."""
        return {number: row for row, number in enumerate(self.numbers)}

    def told(self, row: int, level: int, sure: str) -> Told:
        """How a study is told now; always the same one, for very many are alike."""
        alike = (self.versions[row], level, sure)
        return self._alike.get(alike) or self._alike.setdefault(alike, Told(*alike))

    @cached_property
    def _alike(self) -> dict[tuple[int, int, str], Told]:
        return {}

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The number of each study by its key, those taken back included."""
        gone = {gone.study: number for number, gone in self.gone.items()}
        return {**gone, **dict(zip(self.keys, self.numbers, strict=True))}


@dataclass(frozen=True)
class Standing:
    """How the studies stand to one person.

    `ranked` are the rows of the listed studies at the levels that are told, best first; `levels`
    the levels of all rows; `hard` the rows on hard ground.
    """

    ranked: Sequence[int]
    levels: Sequence[int]
    hard: Container[int] = ()


@dataclass(frozen=True)
class Wishes:
    """What bears on the choice beside the answers, whose `stamp` this is.

    `muted` are numbers of studies. `owed` are those that a mail held which was not acknowledged:
    they are told before others. `last` says that the next digest comes too late to ask whether
    the mails shall go on, `asked` that an earlier one asked.
    """

    stamp: int = 0
    muted: Collection[int] = ()
    leave_out: bool = False
    owed: Collection[int] = ()
    last: bool = False
    asked: bool = False


class _Candidate(NamedTuple):
    row: int
    why: str
    before: Told | None
    pressing: bool


def choose(shelf: Shelf, standing: Standing, seen: Seen, wishes: Wishes) -> Selection:
    """What a digest tells now. The same for the same input; changes nothing."""
    chosen, counted, more = _parted(shelf, standing, seen, wishes)
    gone, told = _taken_back(shelf, standing, seen, wishes)
    for one in chosen:
        told[shelf.numbers[one.row]] = shelf.told(one.row, standing.levels[one.row], SENT)
    if not seen.begun:
        # What an earlier mail held is named by a later one, and not only counted.
        levels, numbers = standing.levels, shelf.numbers
        told |= {numbers[row]: shelf.told(row, levels[row], COUNTED) for row in counted}
    return Selection(
        items=tuple(_item(shelf, standing, one) for one in chosen),
        gone=tuple(gone),
        more=more,
        first=not seen.begun,
        # No mail comes only to ask once more.
        last=wishes.last and bool(chosen or gone or not wishes.asked),
        seen_after=Seen(told, True, shelf.rules, wishes.stamp),
    )


def _parted(
    shelf: Shelf, standing: Standing, seen: Seen, wishes: Wishes
) -> tuple[Sequence[_Candidate], Sequence[int], int]:
    """What is told by name, best first; the rows that it is enough to count; how many more than
    those told by name there are.
    """
    if not (seen.told or wishes.owed or wishes.muted or wishes.leave_out):
        # Nobody is told more than who is told for the first time: this saves most of it.
        first, rest = standing.ranked[:MOST_ITEMS], standing.ranked[MOST_ITEMS:]
        return [_Candidate(row, NEW, None, False) for row in first], rest, len(rest)
    candidates = _candidates(shelf, standing, seen, wishes)
    chosen = _first(candidates)
    named = {one.row for one in chosen}
    counted = [one.row for one in candidates if not (one.pressing or one.row in named)]
    return chosen, counted, len(candidates) - len(chosen)


def _candidates(shelf: Shelf, standing: Standing, seen: Seen, wishes: Wishes) -> list[_Candidate]:
    """All that may be told, best first."""
    found = []
    for row in standing.ranked:
        number = shelf.numbers[row]
        before = seen.told.get(number)
        why = _why(before, standing.levels[row], shelf.versions[row])
        if why is not None and not _is_unwanted(number, row, standing, wishes):
            found.append(_Candidate(row, why, before, why == MAYBE or number in wishes.owed))
    return found


def _why(before: Told | None, level: int, version: int) -> str | None:
    """Why a study is told (again), None if there is no reason to."""
    if before is None:
        return NEW
    if before.sure == MAYBE_ARRIVED:
        return MAYBE
    if before.level not in (level, GONE):
        return MOVED
    if before.version < version or before.level == GONE:
        return CORRECTED
    return None


def _item(shelf: Shelf, standing: Standing, one: _Candidate) -> Item:
    return Item(
        study=shelf.keys[one.row],
        level=Level(standing.levels[one.row]).word,
        why=one.why,
        before=Level(one.before.level).word if one.before and one.why == MOVED else None,
        tender=one.row in standing.hard,
        number=shelf.numbers[one.row],
    )


def _is_unwanted(number: int, row: int | None, standing: Standing, wishes: Wishes) -> bool:
    return number in wishes.muted or (wishes.leave_out and row in standing.hard)


def _first(candidates: Sequence[_Candidate]) -> Sequence[_Candidate]:
    """Those that have room: what an earlier mail held first, then the best; in their order."""
    if len(candidates) <= MOST_ITEMS:
        return candidates
    places = sorted(range(len(candidates)), key=lambda place: not candidates[place].pressing)
    return [candidates[place] for place in sorted(places[:MOST_ITEMS])]


def _taken_back(
    shelf: Shelf, standing: Standing, seen: Seen, wishes: Wishes
) -> tuple[list[Gone], dict[int, Told]]:
    """What the person was told and is no longer offered; and what is then told of it."""
    gone: list[Gone] = []
    told: dict[int, Told] = {}
    offered = {shelf.numbers[row] for row in standing.ranked}
    for number in sorted((seen.told.keys() - offered) | seen.left):
        before, row = seen.told[number], shelf.row_of.get(number)
        if number in shelf.gone:
            now, line = _withdrawn(before), shelf.gone[number]
        elif row is None or before.level > LEAST_LEVEL:
            continue
        else:
            now = _moved_away(shelf, standing.levels[row], row, before, seen, wishes)
            line = Gone(shelf.keys[row], shelf.titles[row], RELABELLED)
        if now == before or _is_unwanted(number, row, standing, wishes):
            continue
        told[number] = now
        if now.level > LEAST_LEVEL and before.sure != COUNTED:
            gone.append(line)
    return gone, told


def _withdrawn(before: Told) -> Told:
    return before if before.level == GONE else Told(before.version, GONE, before.sure)


def _moved_away(
    shelf: Shelf, level: int, row: int, before: Told, seen: Seen, wishes: Wishes
) -> Told:
    """What is told of a study by its level now. If the person's own answers took them away from
    it, that is noted and not told; if answers lead back to it, there is nothing new in it.
    """
    if level <= LEAST_LEVEL or before.left:
        return before._replace(left=level > LEAST_LEVEL)
    version = shelf.versions[row]
    # Rules change often: where the answers changed too, these are the likelier cause.
    by_rules = seen.rules != shelf.rules and seen.stamp == wishes.stamp
    if before.version < version or by_rules:
        return Told(version, level, before.sure)
    return before._replace(left=True)
