"""Panel work: how far each study is with each person of a panel, notes, and what was shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of

NEW = "new"
STATES = (NEW, "shared", "discussed", "not_now", "dismissed")

TECHNICAL = {"info": {"holds": "technical"}}
PANEL = {"info": {"holds": "panel"}}
SEALED = {"info": {"holds": "sealed person"}}


class PersonStudy(SQLModel, table=True):
    """How far one study is with one person; no row says `new`. `reason` (sealed) is why it was
    dismissed."""

    __tablename__ = "person_study"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "study"),
        sa.CheckConstraint(
            "state IN ('new', 'shared', 'discussed', 'not_now', 'dismissed')", name="state"
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    person_id: int = Field(foreign_key="panel_person.id", sa_column_kwargs=TECHNICAL)
    study: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    state: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    reason: bytes | None = Field(default=None, sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    changed_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=PANEL)
    by_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=PANEL)


class PersonNote(SQLModel, table=True):
    """A note about a person, or about one study and them. `text` is sealed."""

    __tablename__ = "person_note"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    person_id: int = Field(foreign_key="panel_person.id", index=True, sa_column_kwargs=TECHNICAL)
    study: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=PANEL)
    text: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=PANEL)
    by_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=PANEL)


class StudyShare(SQLModel, table=True):
    """That a study was shared with a person: which version of it, in which language."""

    __tablename__ = "study_share"
    __table_args__ = (
        sa.CheckConstraint("language IN ('en', 'es')", name="language"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    person_id: int = Field(foreign_key="panel_person.id", index=True, sa_column_kwargs=TECHNICAL)
    study: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    version: int = Field(sa_column_kwargs=PANEL)
    language: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=PANEL)
    by_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=PANEL)


_study = table_of(PersonStudy)
_note = table_of(PersonNote)
_share = table_of(StudyShare)
_person = SQLModel.metadata.tables["panel_person"]


def _in_panel(panel_id: int) -> sa.Select[tuple[int]]:
    return sa.select(_person.c.id).where(_person.c.panel_id == panel_id)


def states_of(session: Session, person_id: int) -> Sequence[PersonStudy]:
    """How far each study is with a person, by study."""
    found = sa.select(PersonStudy).where(_study.c.person_id == person_id)
    return sorted(session.scalars(found), key=lambda row: row.study)


def state_of(session: Session, person_id: int, study: str) -> PersonStudy | None:
    """How far one study is with a person; None says `new`."""
    wanted = sa.and_(_study.c.person_id == person_id, _study.c.study == study)
    return session.scalar(sa.select(PersonStudy).where(wanted))


def put_state(
    session: Session, person_id: int, study: str, state: str, *, by: int, now: datetime
) -> PersonStudy:
    """Say how far a study is with a person, whose row is held; the row, without a reason."""
    row = state_of(session, person_id, study)
    if row is None:
        row = PersonStudy(person_id=person_id, study=study, state=state, changed_at=now, by_id=by)
        session.add(row)
    row.state, row.reason, row.changed_at, row.by_id = state, None, now, by
    return row


def states_in(session: Session, panel_id: int) -> Sequence[PersonStudy]:
    """How far each study is with each person of a panel."""
    return session.scalars(
        sa.select(PersonStudy).where(_study.c.person_id.in_(_in_panel(panel_id)))
    ).all()


def notes_of(session: Session, person_id: int) -> Sequence[PersonNote]:
    """The notes about a person, oldest first."""
    found = sa.select(PersonNote).where(_note.c.person_id == person_id)
    return session.scalars(found.order_by(_note.c.id)).all()


def note_counts(session: Session, panel_id: int) -> dict[int, int]:
    """How many notes there are about each person of a panel, by the person's number."""
    counted = sa.select(_note.c.person_id, sa.func.count()).group_by(_note.c.person_id)
    found = session.execute(counted.where(_note.c.person_id.in_(_in_panel(panel_id))))
    return {row[0]: row[1] for row in found}


def shares_of(session: Session, person_id: int) -> Sequence[StudyShare]:
    """What was shared with a person, oldest first."""
    found = sa.select(StudyShare).where(_share.c.person_id == person_id)
    return session.scalars(found.order_by(_share.c.id)).all()


def last_share(session: Session, person_id: int, study: str) -> StudyShare | None:
    """What was last noted of sharing a study with a person."""
    found = sa.select(StudyShare).where(_share.c.person_id == person_id, _share.c.study == study)
    return session.scalars(found.order_by(_share.c.id.desc()).limit(1)).first()


def shares_in(session: Session, panel_id: int) -> Sequence[StudyShare]:
    """What was shared with each person of a panel, oldest first."""
    found = sa.select(StudyShare).where(_share.c.person_id.in_(_in_panel(panel_id)))
    return session.scalars(found.order_by(_share.c.id)).all()


def delete_work(session: Session, person_id: int) -> None:
    """Take out states, notes and shares of a person."""
    for table in (_study, _note, _share):
        session.execute(sa.delete(table).where(table.c.person_id == person_id))
