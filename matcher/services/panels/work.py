"""Work: how far each study is with each person, notes, and sharing a study with several at once.

Changes want a session that is writing, reads one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.core.text import LANGUAGES
from matcher.services.digests.desk import Desk
from matcher.services.panels.persons import ChangedMeanwhileError, hold, names_in, number
from matcher.services.panels.profile import seal_text
from matcher.services.panels.trail import Of, note, note_each, note_read
from matcher.services.panels.walls import OpenPanel, still_kept_up
from matcher.store import panel_people, panel_work
from matcher.store.columns import is_clean
from matcher.store.panel_people import ACTIVE
from matcher.store.panel_work import NEW, STATES, PersonNote, PersonStudy, StudyShare
from matcher.store.studies import row_by_key

SHARED, DISCUSSED, DISMISSED = "shared", "discussed", "dismissed"
LONGEST_REASON, LONGEST_NOTE = 500, 4000
ONE_PRESS = timedelta(minutes=1)


class StudyGoneError(LookupError):
    """There is no such study in the catalogue, or it is not to be shown any more."""


class WorkError(ValueError):
    """What was said cannot be taken: of which `field`, and which `fault` (``unknown``, ``empty``,
    ``long``, ``signs``)."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field, self.fault = field, fault


@dataclass(frozen=True)
class Wanted:
    """A state that a study is to have with a person. `seen` is the one that was shown to who says
    so (None: whichever); `reason` goes with `dismissed` alone."""

    study: str
    state: str
    reason: str = field(default="", repr=False)
    seen: str | None = None


@dataclass(frozen=True)
class State:
    """How far one study is with one person. `by` names an account."""

    study: str
    state: str
    changed_at: datetime
    by: str


@dataclass(frozen=True)
class Work:
    """The work with one person: states by study (what is not there is `new`; reasons stand in the
    history alone), when each study was last shared, how many notes there are."""

    states: Mapping[str, State] = field(default_factory=dict)
    shared: Mapping[str, datetime] = field(default_factory=dict)
    notes: int = 0

    def state(self, study: str) -> str:
        """How far a study is with the person."""
        found = self.states.get(study)
        return found.state if found else NEW


@dataclass(frozen=True)
class ToShare:
    """A study to share with people (public ids), in a language, or each in their own if None."""

    study: str
    people: Sequence[str]
    language: str | None = None


@dataclass(frozen=True)
class NewNote:
    """A note, about one study and the person where `study` says which."""

    text: str = field(repr=False)
    study: str | None = None


@dataclass(frozen=True)
class Shared:
    """With whom a study was shared (public ids), and who was passed over, each with the reason:
    ``gone``, ``archived``, ``died``, ``dismissed``."""

    people: tuple[str, ...]
    passed_over: Mapping[str, str]


def set_state(
    session: Session, desk: Desk, panel: OpenPanel, public_id: str, wanted: Wanted, *, now: datetime
) -> None:
    """Say how far a study is with a person. Setting what is there already changes nothing.

    Raises `WorkError`, `StudyGoneError`, `GoneError`, `PanelArchivedError`, and
    `ChangedMeanwhileError` if the state is not the one that was seen.
    """
    if wanted.state not in STATES:
        raise WorkError("state", "unknown")
    reason = _text("reason", wanted.reason, longest=LONGEST_REASON, needed=False)
    row = hold(session, panel, public_id)
    _study_version(session, wanted.study)
    there = panel_work.state_of(session, number(row), wanted.study)
    before = there.state if there else NEW
    if wanted.seen is not None and wanted.seen != before:
        raise ChangedMeanwhileError
    kept = None
    if wanted.state == DISMISSED and reason:
        kept = seal_text(desk.safe, reason, of=public_id)
    if before != wanted.state or kept is not None:
        state = panel_work.put_state(
            session, number(row), wanted.study, wanted.state, by=panel.account_id, now=now
        )
        state.reason = kept
        told = Of(person=public_id, study=wanted.study)
        note(session, panel, "state_set", now=now, of=told)
    session.commit()


def share(session: Session, panel: OpenPanel, what: ToShare, *, now: datetime) -> Shared:
    """Note that a study, as it stands now, was shared with several people of a panel.

    It is `shared` with them from now on, unless it was talked about already. Who is not on the
    lists any more, and who wants to hear no more of it, is passed over. The same said twice within
    `ONE_PRESS` is a button pressed twice, and noted once.
    Raises `StudyGoneError`, `WorkError`, `PanelArchivedError`.
    """
    still_kept_up(session, panel)
    version = _study_version(session, what.study)
    if what.language is not None and what.language not in LANGUAGES:
        raise WorkError("language", "unknown")
    rows = panel_people.named(session, panel.id, what.people, for_update=True)
    passed = dict.fromkeys(what.people, "gone")
    done: list[str] = []
    noted: list[str] = []
    for row in rows:
        there = panel_work.state_of(session, number(row), what.study)
        if row.standing != ACTIVE:
            passed[row.public_id] = row.standing
        elif there is not None and there.state == DISMISSED:
            passed[row.public_id] = DISMISSED
        else:
            del passed[row.public_id]
            done.append(row.public_id)
            wanted = StudyShare(
                person_id=number(row),
                study=what.study,
                version=version,
                language=what.language or row.language,
                at=now,
                by_id=panel.account_id,
            )
            if not _is_noted(session, wanted):
                noted.append(row.public_id)
                _share(session, wanted, there)
    if noted:
        told = Of(study=what.study, count=len(noted))
        note_each(session, panel, "study_shared", noted, now=now, of=told)
    session.commit()
    return Shared(tuple(done), passed)


def _is_noted(session: Session, wanted: StudyShare) -> bool:
    """Whether the same was noted just now."""
    last = panel_work.last_share(session, wanted.person_id, wanted.study)
    if last is None or not timedelta() <= wanted.at - last.at < ONE_PRESS:
        return False
    return all(
        getattr(last, name) == getattr(wanted, name) for name in ("version", "language", "by_id")
    )


def _share(session: Session, wanted: StudyShare, there: PersonStudy | None) -> None:
    session.add(wanted)
    if there is None or there.state != DISCUSSED:
        panel_work.put_state(
            session, wanted.person_id, wanted.study, SHARED, by=wanted.by_id, now=wanted.at
        )


def add_note(
    session: Session, desk: Desk, panel: OpenPanel, public_id: str, new: NewNote, *, now: datetime
) -> None:
    """Add a note about a person, or about one study and them.

    Raises `WorkError`, `StudyGoneError`, `GoneError`, `PanelArchivedError`.
    """
    text = _text("text", new.text, longest=LONGEST_NOTE, needed=True)
    row = hold(session, panel, public_id)
    if new.study is not None:
        _study_version(session, new.study)
    session.add(
        PersonNote(
            person_id=number(row),
            study=new.study,
            text=seal_text(desk.safe, text, of=public_id),
            at=now,
            by_id=panel.account_id,
        )
    )
    note(session, panel, "note_added", now=now, of=Of(person=public_id, study=new.study))
    session.commit()


def work_of(session: Session, desk: Desk, panel: OpenPanel, *, now: datetime) -> dict[str, Work]:
    """The work with everybody who is on the lists of a panel, by public id."""
    rows = panel_people.people(session, panel.id)
    names, notes = names_in(session, panel), panel_work.note_counts(session, panel.id)
    states: dict[int, dict[str, State]] = {}
    for one in panel_work.states_in(session, panel.id):
        states.setdefault(one.person_id, {})[one.study] = State(
            one.study, one.state, one.changed_at, names.get(one.by_id, "")
        )
    shared: dict[int, dict[str, datetime]] = {}
    for told in panel_work.shares_in(session, panel.id):
        shared.setdefault(told.person_id, {})[told.study] = told.at
    found = {
        row.public_id: Work(
            states.get(number(row), {}), shared.get(number(row), {}), notes.get(number(row), 0)
        )
        for row in rows
    }
    note_read(desk, panel, "work_read", now=now, of=Of(count=len(found)))
    return found


def _study_version(session: Session, key: str) -> int:
    """The version of a study that may be shown; raises `StudyGoneError`."""
    row = row_by_key(session, key)
    if row is None or row.withdrawn_at is not None or row.standing != "current":
        raise StudyGoneError
    return row.version


def _text(field: str, text: str, *, longest: int, needed: bool) -> str:
    plain = text.strip()
    if needed and not plain:
        raise WorkError(field, "empty")
    if len(plain) > longest:
        raise WorkError(field, "long")
    if not is_clean(plain):
        raise WorkError(field, "signs")
    return plain
