"""Standing: how groups, audiences and studies stand to people, as rows of bit planes.

A row is a study (or group, audience); its words hold one bit for each person. Levels exclude
each other: a study with none of the four bits is `different` or `unlabelled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.core.machine.layout import Layout
from matcher.core.machine.people import Planes

Words = NDArray[Any]
FEW = 8


@dataclass(frozen=True)
class Verdicts:
    """What surely holds (`yes`) and may hold (`can`): [criteria × words], [groups × words]."""

    count: int
    yes: Words
    can: Words
    group_yes: Words
    group_can: Words
    group_may: Words


@dataclass(frozen=True)
class Standing:
    """The levels of all studies for all people, [studies × words] each, and what they rest on."""

    verdicts: Verdicts
    audience_yes: Words
    most_yes: Words
    most_can: Words
    levels: tuple[Words, Words, Words, Words]


def rows_of(planes: Planes, *, count: int) -> Words:
    """Planes as rows of words: bytes for a few people, else 64 bits each."""
    if count <= FEW:
        return np.frombuffer(bytes(planes), dtype=np.uint8).reshape(-1, 1)
    length = -(-count // 64) * 8
    raw = b"".join([plane.to_bytes(length, "little") for plane in planes])
    return np.frombuffer(raw, dtype=np.uint64).reshape(len(planes), length // 8)


def bits_of(words: Words, *, count: int) -> NDArray[np.uint8]:
    """Rows of words as zeros and ones: [rows × people]."""
    if words.shape[1] == 1 and count == 1:
        ones: NDArray[np.uint8] = (words & words.dtype.type(1)).astype(np.uint8)
        return ones
    packed = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(packed, axis=1, count=count, bitorder="little")


def decide(layout: Layout, yes: Words, can: Words, *, count: int) -> Verdicts:
    """The groups' truths from their criteria's."""
    group_can = layout.groups.reduce(np.bitwise_and, can)
    return Verdicts(
        count=count,
        yes=yes,
        can=can,
        group_yes=layout.groups.reduce(np.bitwise_and, yes),
        group_can=group_can,
        group_may=group_can & layout.supporting.reduce(np.bitwise_or, yes),
    )


def stand(layout: Layout, verdicts: Verdicts) -> Standing:
    """The levels of all studies (docs/interface.md: the first row that holds, from the top)."""
    audiences = layout.audiences
    rows = audiences.owners + 1  # the last row, -1, is the audience that a study has not: no
    yes = audiences.reduce(np.bitwise_or, verdicts.group_yes, rows=rows)
    can = audiences.reduce(np.bitwise_or, verdicts.group_can, rows=rows)
    may = audiences.reduce(np.bitwise_or, verdicts.group_may, rows=rows)[layout.most]
    fits, most_can = yes[layout.most], can[layout.most]
    may &= ~fits
    held = fits | may
    related = layout.also.reduce(np.bitwise_or, yes) & ~held
    held |= related
    unsure = (most_can | layout.also.reduce(np.bitwise_or, can)) & ~held
    return Standing(verdicts, yes, fits, most_can, (fits, may, related, unsure))


def level_rows(layout: Layout, standing: Standing) -> NDArray[np.uint8]:
    """The level of each study for each person, [studies × people], as values of `Level`."""
    count = standing.verdicts.count
    levels = np.full((len(layout.most), count), Level.DIFFERENT, dtype=np.uint8)
    for level, words in enumerate(standing.levels):
        levels -= bits_of(words, count=count) * np.uint8(Level.DIFFERENT - level)
    levels[layout.unlabelled] = Level.UNLABELLED
    return levels
