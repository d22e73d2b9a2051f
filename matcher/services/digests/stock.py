"""Stock: the newest catalogue made ready for choosing from it, for many people at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np

from matcher.core.answers import Answers
from matcher.core.engine import keys_of
from matcher.core.machine.day import NO_KEY
from matcher.core.study import Study
from matcher.services.digests.choosing import LEAST_LEVEL, Shelf, Standing
from matcher.services.digests.corrections import told_version
from matcher.services.digests.desk import Desk
from matcher.services.digests.hard_ground import HardGround
from matcher.services.digests.items import RETRACTED, SUPERSEDED, WITHDRAWN, Gone
from matcher.services.matching import Matcher
from matcher.store.database import session as open_session
from matcher.store.digest_rows import StudyEntry, study_entries
from matcher.store.facts import catalogue_version
from matcher.store.studies import earlier_bodies

MOST_PAIRS = 2_000_000
"""So many pairs of a person and a study are worked on together: memory grows with it alone."""


@dataclass(frozen=True)
class _Shelved:
    version: str
    shelf: Shelf
    hard: HardGround


@dataclass(frozen=True)
class Stock:
    """A matcher, the version of the catalogue that it was made from, and its shelf."""

    matcher: Matcher
    version: str
    shelf: Shelf
    hard: HardGround

    def standings(
        self, people: Sequence[Answers], *, today: date, after_loss: Sequence[bool] = ()
    ) -> Iterator[Standing]:
        """How the studies stand to each person on a day; `after_loss` as in `HardGround.of`."""
        block = max(1, MOST_PAIRS // max(1, len(self.shelf.numbers)))
        for start in range(0, len(people), block):
            these = slice(start, start + block)
            yield from self._standings(people[these], today, after_loss[these])

    def _standings(
        self, people: Sequence[Answers], today: date, after_loss: Sequence[bool]
    ) -> Iterator[Standing]:
        catalogue = self.matcher.catalogue
        crowd = catalogue.finder.people(people, today=today)
        day = catalogue.on(today)
        keys = keys_of(catalogue, day, crowd)
        levels = day.levels(keys).astype(np.uint8)
        keys[(levels > LEAST_LEVEL) | ~day.listed] = NO_KEY
        keys.sort(axis=1)
        counts = (keys != NO_KEY).sum(axis=1).tolist()
        hard_ground = self.hard.of(crowd, after_loss=after_loss)
        for person, (count, hard) in enumerate(zip(counts, hard_ground, strict=True)):
            ranked = day.rows(keys[person, :count]).tolist()
            # Bytes, for one of them is an int at once, and 500 studies take 500 of them.
            yield Standing(ranked, levels[person].tobytes(), hard)


_kept: WeakKeyDictionary[Matcher, _Shelved] = WeakKeyDictionary()


def take_stock(desk: Desk) -> Stock:
    """The newest catalogue, all of one version; what was made of it is kept while it lasts."""
    while True:
        before = _version(desk)
        matcher = desk.matcher()
        kept = _kept.get(matcher)
        if kept is not None and kept.version == before:
            return Stock(matcher, kept.version, kept.shelf, kept.hard)
        with open_session(desk.engine) as session:
            entries, earlier = study_entries(session), earlier_bodies(session)
        # Versions never come back: nothing changed while this was read, or it is read again.
        if before == _version(desk):
            shelf = _shelf(matcher, entries, earlier)
            _kept[matcher] = _Shelved(before, shelf, HardGround(matcher))


def _version(desk: Desk) -> str:
    with open_session(desk.engine) as session:
        return catalogue_version(session)


def _shelf(
    matcher: Matcher,
    entries: Iterable[StudyEntry],
    earlier: Mapping[int, Sequence[tuple[int, Study]]],
) -> Shelf:
    by_key = {entry.key: entry for entry in entries}
    studies = matcher.catalogue.studies
    rows = [by_key[study.key] for study in studies]
    gone = {e.number: Gone(e.key, e.title, why) for e in by_key.values() if (why := _why_gone(e))}
    return Shelf(
        rules=matcher.book.version,
        numbers=tuple(entry.number for entry in rows),
        keys=tuple(entry.key for entry in rows),
        titles=tuple(entry.title for entry in rows),
        versions=tuple(
            told_version(study, entry.version, earlier.get(entry.number, ()))
            for study, entry in zip(studies, rows, strict=True)
        ),
        gone=gone,
    )


def _why_gone(entry: StudyEntry) -> str | None:
    if entry.standing in (RETRACTED, SUPERSEDED):
        return entry.standing
    return WITHDRAWN if entry.withdrawn else None
