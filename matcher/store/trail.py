"""Trail: who read or changed what of a panel, and when. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of

TECHNICAL = {"info": {"holds": "technical"}}
TRAIL = {"info": {"holds": "trail"}}


class TrailEntry(SQLModel, table=True):
    """One thing that an account did. `person` is a public id: no code and nothing of a person's
    health stands here. `other_account_id` is whom it was done to or for, where that is an account;
    `count` how many people or studies it touched."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        sa.Index("ix_trail_entry_panel_id_person", "panel_id", "person"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    at: datetime = Field(index=True, sa_type=AwareDateTime, sa_column_kwargs=TRAIL)
    account_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=TRAIL)
    organisation_id: int = Field(foreign_key="organisation.id", index=True, sa_column_kwargs=TRAIL)
    panel_id: int | None = Field(default=None, foreign_key="panel.id", sa_column_kwargs=TRAIL)
    action: str = Field(sa_type=CleanText, sa_column_kwargs=TRAIL)
    person: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TRAIL)
    study: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TRAIL)
    other_account_id: int | None = Field(
        default=None, foreign_key="account.id", sa_column_kwargs=TRAIL
    )
    count: int | None = Field(default=None, sa_column_kwargs=TRAIL)


_entry = table_of(TrailEntry)


def add_entries(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, each with every column but the number."""
    if rows:
        session.execute(sa.insert(_entry), [dict(row) for row in rows])


def entries_of(
    session: Session,
    panel_id: int,
    *,
    person: str | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> Sequence[TrailEntry]:
    """What was done in a panel, or with one person of it, newest first; of those with a smaller
    number than `before`."""
    found = sa.select(TrailEntry).where(_entry.c.panel_id == panel_id)
    if person is not None:
        found = found.where(_entry.c.person == person)
    if before is not None:
        found = found.where(_entry.c.id < before)
    return session.scalars(found.order_by(_entry.c.id.desc()).limit(limit)).all()


def account_entries(
    session: Session, organisation_id: int, *, before: int | None = None, limit: int | None = None
) -> Sequence[TrailEntry]:
    """What was done with an organisation's accounts, outside of every panel, newest first."""
    ours = sa.and_(_entry.c.organisation_id == organisation_id, _entry.c.panel_id.is_(None))
    found = sa.select(TrailEntry).where(ours)
    if before is not None:
        found = found.where(_entry.c.id < before)
    return session.scalars(found.order_by(_entry.c.id.desc()).limit(limit)).all()


def entries_about(
    session: Session, account_id: int, actions: Sequence[str], *, limit: int
) -> Sequence[TrailEntry]:
    """The latest of some actions that an account did for itself, or that were done to it."""
    whom = sa.func.coalesce(_entry.c.other_account_id, _entry.c.account_id)
    about = sa.and_(_entry.c.panel_id.is_(None), whom == account_id, _entry.c.action.in_(actions))
    found = sa.select(TrailEntry).where(about).order_by(_entry.c.id.desc()).limit(limit)
    return session.scalars(found).all()
