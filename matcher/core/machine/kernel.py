"""Kernel: the engine's inner loops compiled by Numba. It says what arrays.py says, bit for bit.

Everything lies in two arrays, because passing many arrays along costs more than the work on one
pair. `rows` is [rows × words] of bit planes, one bit for each person: the criteria (`yes`, `can`),
the groups (`yes`, `can`, `may`), the audiences (likewise) and the studies' first four levels.
`table` holds all integers of the catalogue and the day, one list after the other. `at` says where
each of them begins, in either array.

Why it is right, in the order of the source:

1. `_least` and `_greatest` are Kleene's "and" and "or" on bit planes: word by word is person by
   person, for people never touch each other.
2. `decide` writes docs/interface.md's table of levels with them: a level holds where its row holds
   and no row above it does. So the four levels exclude each other.
3. `_fit` gives the points of one pair by the definition in rules/scoring.yaml, on integers.
4. `_key` packs level, mark, score and rank into one integer whose order is the whole order
   (core.machine.day). All parts are checked to be in bounds when a day is made.
5. `_choose` goes through classes of studies (a level, unmarked before marked) from the best down.
   A key of a later class is greater than any of an earlier one, so who has enough is done. Within
   a class those studies come first that can score most (`layout.most_points`). Once the
   worst key that a person holds has a higher score than the next study can have, nothing later
   can come before it. Equal scores are looked at, for rank decides. A study whose score can only
   be one number (`layout.always_most`) needs no working out.
6. `_count` adds bits with the carry rule of binary numbers, for 64 people in one word.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from matcher.core.levels import Level
from matcher.core.machine.day import CLASS_SHIFT, MOST_POINTS, NO_KEY, RANK_BITS
from matcher.core.machine.loops import compile_loop

NO_MORE = int(NO_KEY)
FITS, MAY_FIT, RELATED, OPEN, DIFFERENT, UNLABELLED = (int(level) for level in Level)
ONE, NOBODY = np.uint64(1), np.uint64(0)
BLOCK = 8
"""Words of 64 people that are decided at a time: a row of planes is one cache line."""
EVERY = 16
"""After so many studies of a class people who are done are looked for: the look costs, too."""
DE_BRUIJN = 0x03F79D71B4CB0A89
"""Every six bits in a row of it are different: multiplied by a power of two, they tell which."""
PLACES = np.argsort([(DE_BRUIJN << bit) % 2**64 >> 58 for bit in range(64)]).astype(np.uint64)
compiled = partial(compile_loop, options={})
inlined = partial(compile_loop, options={"inline": "always"})


@inlined
def _least(table, rows, parts, count, source, into, words):
    starts, items = parts
    for owner in range(count):
        first, end = table[starts + owner], table[starts + owner + 1]
        for word in range(words):
            rows[into + owner, word] = rows[source + table[items + first], word]
        for item in range(first + 1, end):
            row = source + table[items + item]
            for word in range(words):
                rows[into + owner, word] &= rows[row, word]


@inlined
def _greatest(table, rows, parts, count, source, into, words):
    starts, items = parts
    for owner in range(count):
        for word in range(words):
            rows[into + owner, word] = NOBODY
        for item in range(table[starts + owner], table[starts + owner + 1]):
            row = source + table[items + item]
            for word in range(words):
                rows[into + owner, word] |= rows[row, word]


@compiled
def decide(at, table, rows, words):
    """Fill the planes of groups, audiences and levels from those of the criteria."""
    if words == 1:  # numbers that the compiler knows make short loops: one person, a whole block
        _decide(at, table, rows, 1)
    elif words == BLOCK:
        _decide(at, table, rows, BLOCK)
    else:
        _decide(at, table, rows, words)


@inlined
def _decide(at, table, rows, words):
    parts, count = (at.group_starts, at.group_items), at.groups
    _least(table, rows, parts, count, at.yes, at.group_yes, words)
    _least(table, rows, parts, count, at.can, at.group_can, words)
    parts = (at.supporting_starts, at.supporting_items)
    _greatest(table, rows, parts, count, at.yes, at.group_may, words)
    for group in range(count):
        for word in range(words):
            rows[at.group_may + group, word] &= rows[at.group_can + group, word]
    parts, count = (at.audience_starts, at.audience_items), at.audiences
    _greatest(table, rows, parts, count, at.group_yes, at.audience_yes, words)
    _greatest(table, rows, parts, count, at.group_can, at.audience_can, words)
    _greatest(table, rows, parts, count, at.group_may, at.audience_may, words)
    for study in range(at.studies):
        most = table[at.most + study]
        first, end = table[at.also_starts + study], table[at.also_starts + study + 1]
        row = at.level + study
        for word in range(words):
            fits, may, unsure = NOBODY, NOBODY, NOBODY
            if most >= 0:
                fits = rows[at.audience_yes + most, word]
                may = rows[at.audience_may + most, word]
                unsure = rows[at.audience_can + most, word]
            related = NOBODY
            for item in range(first, end):
                also = table[at.also_items + item]
                related |= rows[at.audience_yes + also, word]
                unsure |= rows[at.audience_can + also, word]
            rows[row + FITS * at.studies, word] = fits
            rows[row + MAY_FIT * at.studies, word] = may & ~fits
            rows[row + RELATED * at.studies, word] = related & ~(fits | may)
            rows[row + OPEN * at.studies, word] = unsure & ~(fits | may | related)


@inlined
def _fit(at, table, rows, level, study, word, bit):
    """The fit points of one pair that is of `level`."""
    best = 0
    if level == RELATED:
        held = 0
        also_starts = at.also_starts + study
        for item in range(table[also_starts], table[also_starts + 1]):
            also = table[at.also_items + item]
            if rows[at.audience_yes + also, word] >> bit & ONE:
                held += 1
                starts = at.audience_starts + also
                for one in range(table[starts], table[starts + 1]):
                    group = table[at.audience_items + one]
                    if rows[at.group_yes + group, word] >> bit & ONE:
                        best = max(best, table[at.related_points + group])
        best += min(held, at.related_count)
    elif level < RELATED:
        starts = at.audience_starts + table[at.most + study]
        for one in range(table[starts], table[starts + 1]):
            group = table[at.audience_items + one]
            if level == FITS:
                if rows[at.group_yes + group, word] >> bit & ONE:
                    best = max(best, table[at.fits_points + group])
            elif rows[at.group_can + group, word] >> bit & ONE:
                satisfied = 0
                parts = at.group_starts + group
                for part in range(table[parts], table[parts + 1]):
                    criterion = table[at.group_items + part]
                    if rows[at.yes + criterion, word] >> bit & ONE:
                        satisfied += table[at.weights + criterion]
                total = max(table[at.group_total + group], 1)
                best = max(best, at.fit * satisfied // total)
    return best


@inlined
def _key(at, table, rows, level, study, word, bit):
    score = table[at.floors + level]
    if level < DIFFERENT:
        score += _fit(at, table, rows, level, study, word, bit) + table[at.own + study]
    place = (level * 2 + table[at.marked + study]) << CLASS_SHIFT
    return place | (MOST_POINTS - score) << RANK_BITS | table[at.rank + study]


@inlined
def _plane(at, table, rows, level, study, word):
    """For whom a study is of `level`: a word."""
    found = NOBODY
    if level < DIFFERENT:
        found = rows[at.level + level * at.studies + study, word]
    elif table[at.unlabelled + study] == (level == UNLABELLED):
        for higher in range(DIFFERENT):
            found |= rows[at.level + higher * at.studies + study, word]
        found = ~found
    return found


@inlined
def _put(keys, person, key):
    """Put a key where it belongs among a person's best, if it does; the worst falls out."""
    place = keys.shape[1] - 1
    if key < keys[person, place]:
        while place > 0 and keys[person, place - 1] > key:
            keys[person, place] = keys[person, place - 1]
            place -= 1
        keys[person, place] = key


@inlined
def _lowest(word):
    """The number of the lowest bit that is set."""
    return PLACES[(word & (~word + ONE)) * np.uint64(DE_BRUIJN) >> np.uint64(58)]


@compiled
def _still_open(worst, bound, waiting):
    """Mark the people whose worst key is not below `bound`; whether there are any."""
    some = NOBODY
    waiting[:] = NOBODY
    for person in range(len(worst)):
        waiting[person >> 6] |= np.uint64(worst[person] >= bound) << np.uint64(person & 63)
    for word in range(len(waiting)):
        some |= waiting[word]
    return some != NOBODY


@compiled
def _choose(at, table, rows, keys, waiting):
    """The best keys of the people in a block: class by class, until everybody has enough."""
    worst = keys[:, -1].copy()
    for place in range(2 * (UNLABELLED + 1)):
        level = place // 2
        if not _still_open(worst, NO_MORE, waiting):
            return
        first = table[at.class_starts + place]
        for here in range(first, table[at.class_starts + place + 1]):
            study = table[at.class_rows + here]
            most = table[at.most_score + level * at.studies + study]
            bound = place << CLASS_SHIFT | (MOST_POINTS - most) << RANK_BITS
            best = bound | table[at.rank + study]
            sure = level >= DIFFERENT or (level == FITS and table[at.always_most + study])
            if level >= DIFFERENT:
                bound = best  # no points: the order is by rank alone
            if (here - first) % EVERY == EVERY - 1 and not _still_open(worst, bound, waiting):
                break
            for word in range(len(waiting)):
                rest = _plane(at, table, rows, level, study, word) & waiting[word]
                while rest:
                    bit = _lowest(rest)
                    rest &= rest - ONE
                    person = word * 64 + np.int64(bit)
                    if worst[person] >= bound:
                        key = best
                        if not sure:
                            key = _key(at, table, rows, level, study, word, bit)
                        _put(keys, person, key)
                        worst[person] = keys[person, -1]


@compiled
def _count(at, table, rows, counts, words):
    """Count the listed studies by level for each person, with counters made of bit planes."""
    listed, unlabelled, depth = 0, 0, 1
    for study in range(at.studies):
        listed += table[at.listed + study]
        unlabelled += table[at.listed + study] & table[at.unlabelled + study]
    while 1 << depth <= listed:
        depth += 1
    counter = np.empty((words, depth), np.uint64)
    for level in range(DIFFERENT):
        counter[:] = NOBODY
        for study in range(at.studies):
            if table[at.listed + study]:
                for word in range(words):
                    carry = rows[at.level + level * at.studies + study, word]
                    plane = 0
                    while carry:
                        held = counter[word, plane]
                        counter[word, plane] = held ^ carry
                        carry &= held
                        plane += 1
        for person in range(len(counts)):
            for plane in range(depth):
                bit = counter[person >> 6, plane] >> np.uint64(person & 63) & ONE
                counts[person, level] += np.int64(bit) << plane
    for person in range(len(counts)):
        counts[person, UNLABELLED] = unlabelled
        counts[person, DIFFERENT] = listed - counts[person].sum()


@compiled
def best(at, table, yes, can, rows, keys, counts):
    """Fill the best keys [people × top] and the counts [people × levels], block by block.

    `yes` and `can` are [criteria × words] for all; `rows` has room for one block.
    """
    block = rows.shape[1]
    for start in range(0, yes.shape[1], block):
        words = min(block, yes.shape[1] - start)
        rows[at.yes : at.yes + at.criteria, :words] = yes[:, start : start + words]
        rows[at.can : at.can + at.criteria, :words] = can[:, start : start + words]
        decide(at, table, rows, words)
        end = min(len(keys), (start + words) * 64)
        _count(at, table, rows, counts[start * 64 : end], words)
        _choose(at, table, rows, keys[start * 64 : end], np.empty(words, np.uint64))


@compiled
def all_keys(at, table, rows, keys):
    """Fill the key of every pair, [people × studies], when all was decided."""
    for person in range(len(keys)):
        word, bit = person >> 6, np.uint64(person & 63)
        for study in range(at.studies):
            level = UNLABELLED if table[at.unlabelled + study] else DIFFERENT
            for held in range(DIFFERENT):
                if rows[at.level + held * at.studies + study, word] >> bit & ONE:
                    level = held
            keys[person, study] = _key(at, table, rows, level, study, word, bit)
