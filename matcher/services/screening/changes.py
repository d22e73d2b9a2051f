"""Changes: what is different between two looks at the same people and studies, and why."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.services.screening.grid import Grid

FORM = 1
"""The form of a snapshot's bytes; one of another form is not read."""
MOST_BYTES = 64_000_000
"""A snapshot holds no more than this unpacked: room for 500 people and 100,000 studies."""

NEW_STUDY, STUDY_GONE = "new_study", "study_gone"
NEW_PERSON, PERSON_GONE = "new_person", "person_gone"
STUDY_CHANGED, ANSWERS_CHANGED = "study_changed", "answers_changed"
RULES_CHANGED, TIME_PASSED = "rules_changed", "time_passed"

CAUSES = (
    NEW_STUDY,
    STUDY_CHANGED,
    ANSWERS_CHANGED,
    RULES_CHANGED,
    TIME_PASSED,
    STUDY_GONE,
    NEW_PERSON,
    PERSON_GONE,
)


class SnapshotTooLargeError(ValueError):
    """There is more in this snapshot than is ever unpacked again."""


class DamagedSnapshotError(ValueError):
    """These bytes are no snapshot, or not one of this form."""


@dataclass(frozen=True)
class Snapshot:
    """What stood at one look: the rules' version, the day, and who stood how to what.

    `studies` and `people` hold versions by the study's key and by the person's public id; `levels`
    holds values of `Level`, a byte for each pair: all studies of the first person, in order, then
    those of the next. Raises `ValueError` if these do not go together.
    """

    rules: str
    today: date
    studies: Mapping[str, int]
    people: Mapping[str, int]
    levels: bytes

    def __post_init__(self) -> None:
        if len(self.levels) != len(self.studies) * len(self.people):
            raise ValueError("a snapshot needs one level for each pair of a person and a study")
        if self.levels and max(self.levels) > max(Level):
            raise ValueError("a snapshot holds levels only")

    @classmethod
    def of(
        cls,
        grid: Grid,
        *,
        rules: str,
        today: date,
        studies: Mapping[str, int],
        people: Mapping[str, int],
    ) -> Snapshot:
        """A grid of all `people`, in their order; of `studies` those that have a column."""
        versions = {study.key: studies[study.key] for study in grid.studies}
        return cls(rules, today, versions, dict(people), grid.levels.tobytes())

    def to_bytes(self) -> bytes:
        """All of it, packed. Raises `SnapshotTooLargeError` for what is not read again."""
        plain = self._plain()
        if len(plain) > MOST_BYTES:
            raise SnapshotTooLargeError(f"{len(plain)} bytes")
        return zlib.compress(plain)

    @property
    def stamp(self) -> str:
        """Some signs that differ where two snapshots do."""
        return blake2b(self._plain(), digest_size=16).hexdigest()

    def _plain(self) -> bytes:
        head = {
            "form": FORM,
            "rules": self.rules,
            "today": self.today.isoformat(),
            "studies": dict(self.studies),
            "people": dict(self.people),
        }
        told = json.dumps(head, separators=(",", ":")).encode()
        return told + b"\n" + self.levels

    @classmethod
    def from_bytes(cls, packed: bytes) -> Snapshot:
        """What `to_bytes` made. Raises `DamagedSnapshotError` for anything else."""
        try:
            told, _, levels = _unpacked(packed).partition(b"\n")
            head = json.loads(told)
            if not isinstance(head, dict) or head.get("form") != FORM:
                raise DamagedSnapshotError("a snapshot of another form")
            return cls(
                rules=str(head["rules"]),
                today=date.fromisoformat(head["today"]),
                studies=_versions(head["studies"]),
                people=_versions(head["people"]),
                levels=levels,
            )
        except (zlib.error, ValueError, KeyError, TypeError) as fault:
            raise DamagedSnapshotError(str(fault)) from fault

    @property
    def table(self) -> NDArray[np.uint8]:
        """The levels as [people × studies]."""
        flat = np.frombuffer(self.levels, dtype=np.uint8)
        return flat.reshape(len(self.people), len(self.studies))


@dataclass(frozen=True)
class Change:
    """One difference. `causes` (of `CAUSES`) are all that may have brought it, at least one.

    With `study` and `person` it is a pair: its level `before` (None: the study was not there) and
    `after`. With one of them alone it says that this one came or went.
    """

    causes: tuple[str, ...]
    study: str | None = None
    person: str | None = None
    before: Level | None = None
    after: Level | None = None


def what_changed(before: Snapshot, after: Snapshot) -> list[Change]:
    """First what came, with the people whom a new study may concern; then what moved; what went.

    New studies, and moved pairs, are told with the best level first. What a new person finds is
    not told pair by pair. That time passed is named where nothing else can be the cause, for
    tests get old and dates come.
    """
    changes = list(_new_studies(before, after))
    came = (person for person in after.people if person not in before.people)
    changes += [Change((NEW_PERSON,), person=person) for person in came]
    changes += sorted(_moved(before, after), key=_by_level)
    gone = (study for study in before.studies if study not in after.studies)
    changes += [Change((STUDY_GONE,), study=study) for study in gone]
    left = (person for person in before.people if person not in after.people)
    changes += [Change((PERSON_GONE,), person=person) for person in left]
    return changes


def _by_level(change: Change) -> int:
    return len(Level) if change.after is None else int(change.after)


def _new_studies(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Each new study, and whom it may concern."""
    people, table = list(after.people), after.table
    for column, study in enumerate(after.studies):
        if study not in before.studies:
            yield Change((NEW_STUDY,), study=study)
            levels = table[:, column]
            for place in np.argsort(levels, kind="stable").tolist():
                if levels[place] < Level.DIFFERENT:
                    level = Level(int(levels[place]))
                    yield Change((NEW_STUDY,), study, people[place], None, level)


def _moved(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """The pairs that were there before and stand at another level."""
    people = [person for person in after.people if person in before.people]
    studies = [study for study in after.studies if study in before.studies]
    was, now = _part(before, people, studies), _part(after, people, studies)
    for row, column in zip(*np.nonzero(was != now), strict=True):
        person, study = people[row], studies[column]
        causes = tuple(_causes(before, after, person, study))
        yield Change(
            causes, study, person, Level(int(was[row, column])), Level(int(now[row, column]))
        )


def _causes(before: Snapshot, after: Snapshot, person: str, study: str) -> Iterator[str]:
    found = False
    for cause, is_other in (
        (STUDY_CHANGED, before.studies[study] != after.studies[study]),
        (ANSWERS_CHANGED, before.people[person] != after.people[person]),
        (RULES_CHANGED, before.rules != after.rules),
    ):
        if is_other:
            found = True
            yield cause
    if not found:
        yield TIME_PASSED


def _part(snapshot: Snapshot, people: list[str], studies: list[str]) -> NDArray[np.uint8]:
    rows = {person: row for row, person in enumerate(snapshot.people)}
    columns = {study: column for column, study in enumerate(snapshot.studies)}
    places = [rows[person] for person in people], [columns[study] for study in studies]
    return snapshot.table[np.ix_(*places)]


def _unpacked(packed: bytes) -> bytes:
    """The bytes, whole; a few packed ones cannot fill the memory."""
    reader = zlib.decompressobj()
    # Without room for one more it cannot be told that the end was reached.
    told = reader.decompress(packed, MOST_BYTES + 1)
    if len(told) > MOST_BYTES or not reader.eof or reader.unused_data:
        raise DamagedSnapshotError("a snapshot that is cut, too long or not alone")
    return told


def _versions(told: object) -> dict[str, int]:
    if not isinstance(told, dict) or not all(type(one) is int for one in told.values()):
        raise DamagedSnapshotError("versions that are no numbers")
    return told
