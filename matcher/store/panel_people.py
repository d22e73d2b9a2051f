"""Panel people: the people of a panel, known by a code. What is known of them is sealed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, is_clean, table_of

ACTIVE, ARCHIVED, DIED = "active", "archived", "died"
STANDINGS = (ACTIVE, ARCHIVED, DIED)

TECHNICAL = {"info": {"holds": "technical"}}
PANEL = {"info": {"holds": "panel"}}
SEALED = {"info": {"holds": "sealed person"}}


class PanelPerson(SQLModel, table=True):
    """One person of a panel.

    `code` is the name that a navigator knows them by, which is nobody's real one; `code_key` is
    the same whatever its case. `profile` (sealed): answers, where and when each fact was found,
    topics left out. `standing` is one of `STANDINGS`. `owner_id` is the navigator who looks after
    them. `version` goes up with every change: who changes an older one is told.
    """

    __tablename__ = "panel_person"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "code_key"),
        sa.CheckConstraint("standing IN ('active', 'archived', 'died')", name="standing"),
        sa.CheckConstraint("language IN ('en', 'es')", name="language"),
        # No number comes back: what was worked out for one person is never another's.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=lambda: secrets.token_hex(16),
        unique=True,
        sa_type=CleanText,
        sa_column_kwargs=TECHNICAL,
    )
    panel_id: int = Field(foreign_key="panel.id", sa_column_kwargs=TECHNICAL)
    code: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    code_key: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    profile: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    standing: str = Field(default=ACTIVE, sa_type=CleanText, sa_column_kwargs=PANEL)
    language: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    next_visit: date | None = Field(default=None, sa_column_kwargs=PANEL)
    bring_up_by: date | None = Field(default=None, sa_column_kwargs=PANEL)
    owner_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=TECHNICAL)
    consent_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=PANEL)
    version: int = Field(default=1, sa_column_kwargs=TECHNICAL)
    created_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    changed_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)


_person = table_of(PanelPerson)


def code_key(code: str) -> str:
    """What two codes that differ by case alone have in common."""
    return code.casefold()


def person(
    session: Session, panel_id: int, public_id: str, *, for_update: bool = False
) -> PanelPerson | None:
    """The person of a panel with this public id; `for_update` keeps others from changing it."""
    if not is_clean(public_id):
        return None
    return _one(session, panel_id, _person.c.public_id == public_id, for_update=for_update)


def person_by_code(session: Session, panel_id: int, code: str) -> PanelPerson | None:
    """The person of a panel with this code, whatever its case."""
    if not is_clean(code):
        return None
    return _one(session, panel_id, _person.c.code_key == code_key(code), for_update=False)


def _one(
    session: Session, panel_id: int, wanted: sa.ColumnElement[bool], *, for_update: bool
) -> PanelPerson | None:
    found = sa.select(PanelPerson).where(_person.c.panel_id == panel_id, wanted)
    if for_update:
        # What was read before is read again: somebody else may have changed it meanwhile.
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found)


def people(
    session: Session,
    panel_id: int,
    *,
    standings: Sequence[str] = (ACTIVE,),
    for_update: bool = False,
) -> Sequence[PanelPerson]:
    """The people of a panel with these standings, in the order in which they came."""
    wanted = sa.and_(_person.c.panel_id == panel_id, _person.c.standing.in_(standings))
    found = sa.select(PanelPerson).where(wanted).order_by(_person.c.id)
    if for_update:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalars(found).all()


def named(
    session: Session, panel_id: int, public_ids: Sequence[str], *, for_update: bool = False
) -> Sequence[PanelPerson]:
    """Those of a panel with these public ids, in the order in which they came."""
    clean = [one for one in public_ids if is_clean(one)]
    wanted = sa.and_(_person.c.panel_id == panel_id, _person.c.public_id.in_(clean))
    found = sa.select(PanelPerson).where(wanted).order_by(_person.c.id)
    if for_update:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalars(found).all()


def codes(session: Session, panel_id: int) -> dict[str, str]:
    """The codes of everybody in a panel, whatever their standing, by public id."""
    found = sa.select(_person.c.public_id, _person.c.code).where(_person.c.panel_id == panel_id)
    return {row.public_id: row.code for row in session.execute(found)}


def all_public_ids(session: Session) -> list[tuple[int, str]]:
    """The number and public id of everybody in every panel."""
    found = sa.select(_person.c.id, _person.c.public_id).order_by(_person.c.id)
    return [(id, public_id) for id, public_id in session.execute(found)]


def add_people(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows at once, each with every column but the number. Raises `IntegrityError`."""
    if rows:
        session.execute(sa.insert(_person), [dict(row) for row in rows])


def give_people(session: Session, panel_id: int, *, of: int, to: int, now: datetime) -> int:
    """Hand everybody whom one account looks after in a panel to another; returns how many."""
    theirs = sa.and_(_person.c.panel_id == panel_id, _person.c.owner_id == of)
    found = list(session.scalars(sa.select(PanelPerson).where(theirs).with_for_update()))
    for one in found:
        one.owner_id, one.version, one.changed_at = to, one.version + 1, now
    return len(found)


def count_people(session: Session, panel_id: int) -> dict[str, int]:
    """How many people of a panel have each standing."""
    counted = sa.select(_person.c.standing, sa.func.count()).where(_person.c.panel_id == panel_id)
    found = {row[0]: row[1] for row in session.execute(counted.group_by(_person.c.standing))}
    return {standing: found.get(standing, 0) for standing in STANDINGS}


def delete_person(session: Session, id: int) -> None:
    """Take a person's row out; what hangs on it must be gone."""
    session.execute(sa.delete(PanelPerson).where(_person.c.id == id))
