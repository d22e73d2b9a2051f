"""Kernel: the engine's inner loops compiled by Numba. Says the same as core.arrays, bit for bit.

Why it is right, in the order of the source:

1. `_least` and `_greatest` are Kleene's "and" and "or" on bit planes: a word holds one bit for each
   of 64 people, and people never touch each other, so word by word is person by person.
2. `decide` writes docs/interface.md's table of levels with them: a level holds where its row
   holds and no row above it does. The four planes exclude each other.
3. `_fit` gives the points of one pair by the definition in rules/scoring.yaml, on integers.
4. `_key` packs level, mark, score and rank into one integer whose order is the whole order
   (core.day). All parts are checked to be in bounds when a day is made.
5. `best` goes through classes of studies (a level, unmarked before marked) from the best down. A
   key of a later class is greater than any of an earlier one, so a person who has enough is done.
   Within a class studies come with most points of their own first. The score of a later one is at
   most floor + most fit + own points; once the worst key that a person holds has a *higher*
   score than that, nothing later can come before it. Equal scores are still looked at, for the
   rank decides between them.

No function allocates by the number of people times studies; `best` holds one block of people.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from matcher.core.day import CLASS_SHIFT, MOST_POINTS, NO_KEY, RANK_BITS
from matcher.core.levels import Level

NO_MORE = int(NO_KEY)
FITS, MAY_FIT, RELATED, OPEN, DIFFERENT, UNLABELLED = (int(level) for level in Level)

ONE = np.uint64(1)
DE_BRUIJN = 0x03F79D71B4CB0A89
"""Every six bits in a row of it are different: multiplied by a power of two, they tell which."""
PLACES = np.argsort([(DE_BRUIJN << bit) % 2**64 >> 58 for bit in range(64)]).astype(np.uint64)

compiled: Any = njit(nogil=True, cache=True)


class Lay(NamedTuple):
    """A layout as Numba takes it (see core.layout)."""

    group_starts: Any
    group_items: Any
    supporting_starts: Any
    supporting_items: Any
    audience_starts: Any
    audience_items: Any
    also_starts: Any
    also_items: Any
    most: Any
    weights: Any
    group_total: Any
    fits_points: Any
    related_points: Any
    unlabelled: Any
    fit: int
    most_fit: int
    related_count: int


class Times(NamedTuple):
    """A day as Numba takes it (see core.day), and the rows of each class in the order to try."""

    floors: Any
    own: Any
    marked: Any
    rank: Any
    listed: Any
    all_listed: int
    unlabelled: int
    class_starts: Any
    class_rows: Any


@compiled
def _least(starts, items, source, into, size):  # type: ignore[no-untyped-def]
    for owner in range(len(starts) - 1):
        first, end = starts[owner], starts[owner + 1]
        for word in range(size):
            into[owner, word] = source[items[first], word]
        for at in range(first + 1, end):
            row = items[at]
            for word in range(size):
                into[owner, word] &= source[row, word]


@compiled
def _greatest(starts, items, source, into, size):  # type: ignore[no-untyped-def]
    for owner in range(len(starts) - 1):
        for word in range(size):
            into[owner, word] = 0
        for at in range(starts[owner], starts[owner + 1]):
            row = items[at]
            for word in range(size):
                into[owner, word] |= source[row, word]


@compiled
def decide(lay, yes, can, group, audience, level, size):  # type: ignore[no-untyped-def]
    """Fill group (yes, can, may), audience (yes, can, may) and level planes from the criteria."""
    _least(lay.group_starts, lay.group_items, yes, group[0], size)
    _least(lay.group_starts, lay.group_items, can, group[1], size)
    _greatest(lay.supporting_starts, lay.supporting_items, yes, group[2], size)
    group[2] &= group[1]
    for part in range(3):
        _greatest(lay.audience_starts, lay.audience_items, group[part], audience[part], size)
        audience[part, -1] = 0  # the audience that a study has not: see `most`
    for study in range(len(lay.most)):
        most = lay.most[study]
        first, end = lay.also_starts[study], lay.also_starts[study + 1]
        for word in range(size):
            fits = audience[0, most, word]
            may = audience[2, most, word]
            related = np.uint64(0)
            unsure = audience[1, most, word]
            for at in range(first, end):
                related |= audience[0, lay.also_items[at], word]
                unsure |= audience[1, lay.also_items[at], word]
            level[FITS, study, word] = fits
            level[MAY_FIT, study, word] = may & ~fits
            level[RELATED, study, word] = related & ~(fits | may)
            level[OPEN, study, word] = unsure & ~(fits | may | related)


@compiled
def _fit(lay, level, study, word, bit, yes, group, audience):  # type: ignore[no-untyped-def]
    """The fit points of one pair that is of `level`."""
    best = 0
    most = lay.most[study]
    if level == FITS:
        for at in range(lay.audience_starts[most], lay.audience_starts[most + 1]):
            row = lay.audience_items[at]
            if group[0, row, word] >> bit & ONE:
                best = max(best, lay.fits_points[row])
    elif level == MAY_FIT:
        for at in range(lay.audience_starts[most], lay.audience_starts[most + 1]):
            row = lay.audience_items[at]
            if group[1, row, word] >> bit & ONE:
                satisfied = 0
                for criterion_at in range(lay.group_starts[row], lay.group_starts[row + 1]):
                    criterion = lay.group_items[criterion_at]
                    if yes[criterion, word] >> bit & ONE:
                        satisfied += lay.weights[criterion]
                best = max(best, lay.fit * satisfied // max(lay.group_total[row], 1))
    elif level == RELATED:
        held = 0
        for also_at in range(lay.also_starts[study], lay.also_starts[study + 1]):
            also = lay.also_items[also_at]
            if audience[0, also, word] >> bit & ONE:
                held += 1
                for at in range(lay.audience_starts[also], lay.audience_starts[also + 1]):
                    row = lay.audience_items[at]
                    if group[0, row, word] >> bit & ONE:
                        best = max(best, lay.related_points[row])
        best += min(held, lay.related_count)
    return best


@compiled
def _key(lay, times, level, study, word, bit, yes, group, audience):  # type: ignore[no-untyped-def]
    score = times.floors[level]
    if level < DIFFERENT:
        fit = _fit(lay, level, study, word, bit, yes, group, audience)
        score += fit + times.own[study]
    place = (level * 2 + times.marked[study]) << CLASS_SHIFT
    return place | (MOST_POINTS - score) << RANK_BITS | times.rank[study]


@compiled
def _plane(lay, level, planes, study, word):  # type: ignore[no-untyped-def]
    """For whom a study is of `level`: a word."""
    if level < DIFFERENT:
        return planes[level, study, word]
    if lay.unlabelled[study] != (level == UNLABELLED):
        return np.uint64(0)
    some = planes[FITS, study, word] | planes[MAY_FIT, study, word]
    return ~(some | planes[RELATED, study, word] | planes[OPEN, study, word])


@compiled
def _put(keys, key):  # type: ignore[no-untyped-def]
    """Put a key where it belongs among the best ones, if it does; the worst falls out."""
    at = len(keys) - 1
    if key >= keys[at]:
        return
    while at > 0 and keys[at - 1] > key:
        keys[at] = keys[at - 1]
        at -= 1
    keys[at] = key


@compiled
def _still_open(keys, bound, open_):  # type: ignore[no-untyped-def]
    """Mark the people whose worst key is not below `bound`; whether there are any."""
    some = False
    open_[:] = 0
    for person in range(len(keys)):
        if keys[person, -1] >= bound:
            open_[person >> 6] |= ONE << np.uint64(person & 63)
            some = True
    return some


@compiled
def _choose(lay, times, yes, group, audience, planes, keys):  # type: ignore[no-untyped-def]
    """The best keys of the people in a block: class by class, until everybody has enough."""
    open_ = np.empty(yes.shape[1], np.uint64)
    for level in range(UNLABELLED + 1):
        for marked in range(2):
            if not _still_open(keys, NO_MORE, open_):
                return
            first, end = times.class_starts[marked], times.class_starts[marked + 1]
            for at in range(first, end):
                study = times.class_rows[at]
                if level < DIFFERENT and (at - first) % 16 == 15:
                    score = times.floors[level] + lay.most_fit + times.own[study]
                    place = (level * 2 + marked) << CLASS_SHIFT
                    if not _still_open(keys, place | (MOST_POINTS - score) << RANK_BITS, open_):
                        break
                for word in range(len(open_)):
                    rest = _plane(lay, level, planes, study, word) & open_[word]
                    while rest:
                        bit = _lowest(rest)
                        rest &= rest - ONE
                        key = _key(lay, times, level, study, word, bit, yes, group, audience)
                        _put(keys[word * 64 + np.int64(bit)], key)


@compiled
def _lowest(word):  # type: ignore[no-untyped-def]
    """The number of the lowest bit that is set."""
    return PLACES[(word & (~word + ONE)) * np.uint64(DE_BRUIJN) >> np.uint64(58)]


@compiled
def _count(times, planes, counts):  # type: ignore[no-untyped-def]
    """Count the listed studies of the first levels for each person, with counters in bit planes.

    Counter plane i holds bit i of everybody's count; adding a word carries from plane to plane.
    """
    depth = 1
    while 1 << depth <= len(times.listed):
        depth += 1
    for level in range(OPEN + 1):
        for word in range(planes.shape[2]):
            counter = np.zeros(depth, np.uint64)
            for study in range(len(times.listed)):
                carry = planes[level, study, word] if times.listed[study] else np.uint64(0)
                at = 0
                while carry:
                    counter[at], carry = counter[at] ^ carry, counter[at] & carry
                    at += 1
            for person in range(word * 64, min(len(counts), word * 64 + 64)):
                bit = np.uint64(person & 63)
                for at in range(depth):
                    counts[person, level] += np.int64(counter[at] >> bit & ONE) << at


@compiled
def best(lay, times, yes, can, block, keys, counts):  # type: ignore[no-untyped-def]
    """Fill the best keys [people × top] and the counts [people × levels], block by block."""
    group = np.empty((3, len(lay.group_starts) - 1, block), np.uint64)
    audience = np.empty((3, len(lay.audience_starts), block), np.uint64)
    planes = np.empty((4, len(lay.most), block), np.uint64)
    for start in range(0, yes.shape[1], block):
        size = min(block, yes.shape[1] - start)
        here = yes[:, start : start + size].copy()
        decide(lay, here, can[:, start : start + size].copy(), group, audience, planes, size)
        people = slice(start * 64, min(len(keys), (start + size) * 64))
        _count(times, planes[:, :, :size], counts[people])
        for person in range(people.start, people.stop):
            counts[person, UNLABELLED] = times.unlabelled
            counts[person, DIFFERENT] = times.all_listed - counts[person].sum()
        _choose(lay, times, here, group, audience, planes, keys[people])


@compiled
def all_keys(lay, times, yes, group, audience, planes, keys):  # type: ignore[no-untyped-def]
    """Fill the key of every pair, [people × studies]."""
    for study in range(len(lay.most)):
        for person in range(len(keys)):
            word, bit = person >> 6, np.uint64(person & 63)
            level = UNLABELLED if lay.unlabelled[study] else DIFFERENT
            for held in range(OPEN + 1):
                if planes[held, study, word] >> bit & ONE:
                    level = held
            key = _key(lay, times, level, study, word, bit, yes, group, audience)
            keys[person, study] = key
