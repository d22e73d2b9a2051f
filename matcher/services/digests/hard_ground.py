"""Hard ground: which studies stand there for each of many people (see services.hard_topics)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.core.machine.people import People
from matcher.core.machine.program import ProgramWriter
from matcher.core.machine.standing import bits_of, rows_of
from matcher.services.hard_topics import hard_studies
from matcher.services.matching import Matcher

MOST_KNOWN = 1000


class HardGround:
    """Finds the studies on hard ground for people, by rows of the matcher's catalogue.

    Says for each person the same as `hard_topics.hard_places`, without their reasons.
    """

    def __init__(self, matcher: Matcher) -> None:
        catalogue = matcher.catalogue
        self._hard = hard_studies(matcher)
        self._rows = {
            row: study.key
            for row, study in enumerate(catalogue.studies)
            if study.key in self._hard.ways
        }
        self._tags = sorted(self._hard.all_tags)
        writer = ProgramWriter()
        names = [writer.add(catalogue.expressions[tag]) for tag in self._tags]
        self._places = [writer.place(name) for name in names]
        self._program = writer.program()
        self._known: dict[tuple[bytes, bool], frozenset[int]] = {}

    def of(self, people: People, *, after_loss: Sequence[bool] = ()) -> Sequence[frozenset[int]]:
        """The rows of the studies on hard ground for each person; `after_loss` as there, for each
        person, nobody if empty."""
        lost = after_loss or [False] * people.count
        if not self._tags:
            return [self._for(b"", after_loss=one) for one in lost]
        yes, _ = self._program.run(people)
        words = rows_of([yes[place] for place in self._places], count=people.count)
        told = np.ascontiguousarray(bits_of(words, count=people.count).T)
        return [
            self._for(row.tobytes(), after_loss=one) for row, one in zip(told, lost, strict=True)
        ]

    def _for(self, told: bytes, *, after_loss: bool) -> frozenset[int]:
        """The same for a person for whom the tags hold that `told` says; few differ in this."""
        found = self._known.get((told, after_loss))
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            tags = frozenset(tag for tag, holds in zip(self._tags, told, strict=True) if holds)
            found = self._known[told, after_loss] = frozenset(
                row
                for row, key in self._rows.items()
                if not self._hard.concern(key, tags, after_loss=after_loss)
            )
        return found
