"""Desk view: the people of a panel beside the studies, as a navigator looks at them.

Every view is noted in the trail before it is shown. What is worked out here is kept nowhere but in
the look that an account asks to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from sqlmodel import Session

from matcher.core.answers import Answers
from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.records.spreadsheets.writing import CODE, write_rows
from matcher.schemas.stored_answers import answers_from_stored
from matcher.services.digests.desk import Desk
from matcher.services.matching import Matcher
from matcher.services.panels.looks import Look, last_look
from matcher.services.panels.persons import Person, names_in, number, opened
from matcher.services.panels.trail import Of, note_read
from matcher.services.panels.walls import OpenPanel
from matcher.services.screening.changes import Change, Snapshot, what_changed
from matcher.services.screening.grid import Grid, screen
from matcher.services.screening.reach import Reach, reach
from matcher.store import panel_people, panel_work
from matcher.store.panel_work import NEW, StudyShare
from matcher.store.studies import Listing, listings

EXPORTED_PAIRS = 500_000
"""A file is written so many pairs at a time: memory grows with them, to some 40 bytes each."""

States: TypeAlias = Mapping[tuple[str, str], str]
"""How far a study (key) is with a person (public id); what is not there is `new`."""


@dataclass(frozen=True)
class Crowd:
    """The people on the lists of a panel in the order in which they came, and their answers.

    `by_number` gives their public ids by the numbers of their rows.
    """

    people: tuple[Person, ...]
    answers: tuple[Answers, ...] = field(repr=False)
    by_number: Mapping[int, str] = field(repr=False)

    @property
    def versions(self) -> dict[str, int]:
        """In which version each of them stands here."""
        return {person.public_id: person.version for person in self.people}


@dataclass(frozen=True)
class Board:
    """Everybody beside every study. Row ``p`` of `grid` is ``crowd.people[p]``."""

    crowd: Crowd
    grid: Grid
    states: States
    listings: Mapping[str, Listing]

    def state(self, person: str, study: str) -> str:
        """How far a study is with a person."""
        return self.states.get((person, study), NEW)


@dataclass(frozen=True)
class StudyBoard:
    """One study beside everybody; person ``p`` of `reach` is ``crowd.people[p]``.

    `shares` holds the last time that it was shared, by person. `version` is the study's own now.
    """

    study: Study
    crowd: Crowd
    reach: Reach
    states: Mapping[str, str]
    shares: Mapping[str, StudyShare]
    version: int


@dataclass(frozen=True)
class Pursuit:
    """How far one study is with one person (public id and code): since when, said `by` which
    account, and the last time that it was shared."""

    person: str
    code: str
    study: str
    state: str
    at: datetime
    by: str
    share: StudyShare | None


@dataclass(frozen=True)
class News:
    """What is different since an account last looked (None: it never did); `now` stands today."""

    crowd: Crowd
    last: Look | None
    now: Snapshot
    changes: Sequence[Change]


def board_of(
    session: Session, desk: Desk, panel: OpenPanel, matcher: Matcher, *, today: date, now: datetime
) -> Board:
    """People and studies of a panel."""
    crowd = _crowd(session, desk, panel)
    grid = screen(matcher, crowd.answers, today=today)
    board = Board(crowd, grid, _states(session, panel, crowd.by_number), listings(session))
    note_read(desk, panel, "matrix_read", now=now, of=Of(count=len(crowd.people)))
    return board


def crowd_of(session: Session, desk: Desk, panel: OpenPanel, *, now: datetime) -> Crowd:
    """Everybody who is on the lists of a panel."""
    crowd = _crowd(session, desk, panel)
    note_read(desk, panel, "people_read", now=now, of=Of(count=len(crowd.people)))
    return crowd


def study_board(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    study: Study,
    matcher: Matcher,
    *,
    today: date,
    now: datetime,
) -> StudyBoard:
    """One study of `matcher` and whom it reaches in a panel."""
    crowd = _crowd(session, desk, panel)
    found = reach(matcher, study.key, crowd.answers, today=today)
    ids = crowd.by_number
    states = {
        person: state
        for (person, key), state in _states(session, panel, ids).items()
        if key == study.key
    }
    shares = {
        ids[one.person_id]: one
        for one in panel_work.shares_in(session, panel.id)
        if one.study == study.key and one.person_id in ids
    }
    listing = listings(session).get(study.key)
    board = StudyBoard(study, crowd, found, states, shares, listing.version if listing else 0)
    note_read(desk, panel, "study_read", now=now, of=Of(study=study.key, count=len(crowd.people)))
    return board


def news_of(
    session: Session, desk: Desk, panel: OpenPanel, matcher: Matcher, *, today: date, now: datetime
) -> News:
    """What is new in a panel for the account. Asking for it keeps no look."""
    crowd = _crowd(session, desk, panel)
    known = listings(session)
    grid = screen(matcher, crowd.answers, today=today)
    snapshot = Snapshot.of(
        grid,
        rules=matcher.book.version,
        today=today,
        studies={study.key: _version(known, study) for study in grid.studies},
        people=crowd.versions,
    )
    last = last_look(session, desk, panel)
    changes = what_changed(last.snapshot, snapshot) if last else []
    note_read(desk, panel, "matrix_read", now=now, of=Of(count=len(crowd.people)))
    return News(crowd, last, snapshot, changes)


def pursuits(session: Session, desk: Desk, panel: OpenPanel, *, now: datetime) -> list[Pursuit]:
    """All work with the people on the lists of a panel, the latest first."""
    people = {row.id: row for row in panel_people.people(session, panel.id)}
    names = names_in(session, panel)
    shares = {(one.person_id, one.study): one for one in panel_work.shares_in(session, panel.id)}
    found = [
        Pursuit(
            person=people[one.person_id].public_id,
            code=people[one.person_id].code,
            study=one.study,
            state=one.state,
            at=one.changed_at,
            by=names.get(one.by_id, ""),
            share=shares.get((one.person_id, one.study)),
        )
        for one in panel_work.states_in(session, panel.id)
        if one.person_id in people
    ]
    note_read(desk, panel, "work_read", now=now, of=Of(count=len(people)))
    return sorted(found, key=lambda one: one.at, reverse=True)


def board_csv(
    session: Session, desk: Desk, panel: OpenPanel, matcher: Matcher, *, today: date, now: datetime
) -> Iterator[str]:
    """The lines of a CSV file of everybody beside every study: the level's word, then the state
    where there is one. The people are read before the first line comes, some opened at a time.
    """
    rows, names = panel_people.people(session, panel.id), names_in(session, panel)
    states = _states(session, panel, {number(row): row.public_id for row in rows})
    note_read(desk, panel, "matrix_exported", now=now, of=Of(count=len(rows)))
    listed = screen(matcher, (), today=today).studies
    size = max(1, EXPORTED_PAIRS // max(1, len(listed)))

    def lines() -> Iterator[str]:
        yield from write_rows([[CODE, *(study.title for study in listed)]])
        for start in range(0, len(rows), size):
            people = [opened(desk, row, names) for row in rows[start : start + size]]
            answers = [answers_from_stored(one.profile.answers, desk.book) for one in people]
            grid = screen(matcher, answers, today=today)
            for person, levels in zip(people, grid.levels.tolist(), strict=True):
                yield _line(person, levels, listed, states)

    return lines()


_WORDS = tuple(f'"{level.word}"' for level in Level)


def _line(person: Person, levels: list[int], studies: Sequence[Study], states: States) -> str:
    """One person's line: words of ours need no care, and it is the code alone that is guarded."""
    cells = [_WORDS[level] for level in levels]
    for place, study in enumerate(studies) if states else ():
        state = states.get((person.public_id, study.key))
        if state:
            cells[place] = f'"{Level(levels[place]).word}; {state}"'
    code = next(write_rows([[person.code]])).removesuffix("\r\n")
    return ",".join([code, *cells]) + "\r\n"


def _crowd(session: Session, desk: Desk, panel: OpenPanel) -> Crowd:
    names, rows = names_in(session, panel), panel_people.people(session, panel.id)
    people = tuple(opened(desk, row, names) for row in rows)
    answers = tuple(answers_from_stored(one.profile.answers, desk.book) for one in people)
    return Crowd(people, answers, {number(row): row.public_id for row in rows})


def _states(session: Session, panel: OpenPanel, ids: Mapping[int, str]) -> States:
    return {
        (ids[one.person_id], one.study): one.state
        for one in panel_work.states_in(session, panel.id)
        if one.person_id in ids
    }


def _version(known: Mapping[str, Listing], study: Study) -> int:
    listing = known.get(study.key)
    return listing.version if listing else 0
