"""Panels: lists of people that a navigator works through, who may open each, what each saw last."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, is_clean, table_of
from matcher.store.upsert import insert_into

TECHNICAL = {"info": {"holds": "technical"}}
PANEL = {"info": {"holds": "panel"}}
SEALED = {"info": {"holds": "sealed person"}}


class Panel(SQLModel, table=True):
    """One panel of an organisation. `public_id` names it in addresses of pages; its owner and its
    members may open it."""

    __tablename__ = "panel"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=lambda: secrets.token_hex(16),
        unique=True,
        sa_type=CleanText,
        sa_column_kwargs=TECHNICAL,
    )
    organisation_id: int = Field(
        foreign_key="organisation.id", index=True, sa_column_kwargs=TECHNICAL
    )
    name: str = Field(sa_type=CleanText, sa_column_kwargs=PANEL)
    owner_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=TECHNICAL)
    created_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    archived_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )


class PanelMember(SQLModel, table=True):
    """An account that may open a panel which is somebody else's. Who may no more has no row."""

    __tablename__ = "panel_member"

    panel_id: int = Field(foreign_key="panel.id", primary_key=True, sa_column_kwargs=TECHNICAL)
    account_id: int = Field(
        foreign_key="account.id", primary_key=True, index=True, sa_column_kwargs=TECHNICAL
    )
    added_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)


class PanelLook(SQLModel, table=True):
    """What stood in a panel when an account last looked, so that it can be told what is new."""

    __tablename__ = "panel_look"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "account_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    panel_id: int = Field(foreign_key="panel.id", sa_column_kwargs=TECHNICAL)
    account_id: int = Field(foreign_key="account.id", index=True, sa_column_kwargs=TECHNICAL)
    at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    sealed: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)


_panel = table_of(Panel)
_member = table_of(PanelMember)
_look = table_of(PanelLook)


def _open_to(account_id: int, organisation_id: int) -> sa.ColumnElement[bool]:
    """The one condition under which an account may open a panel."""
    member = sa.select(_member.c.panel_id).where(_member.c.account_id == account_id)
    return sa.and_(
        _panel.c.organisation_id == organisation_id,
        sa.or_(_panel.c.owner_id == account_id, _panel.c.id.in_(member)),
    )


def panel_open_to(
    session: Session, public_id: str, *, account_id: int, organisation_id: int
) -> Panel | None:
    """The panel with this public id if the account may open it, else None."""
    if not is_clean(public_id):
        return None
    wanted = sa.and_(_panel.c.public_id == public_id, _open_to(account_id, organisation_id))
    return session.scalar(sa.select(Panel).where(wanted))


def panels_open_to(session: Session, *, account_id: int, organisation_id: int) -> Sequence[Panel]:
    """Every panel that the account may open, archived ones too, oldest first."""
    found = sa.select(Panel).where(_open_to(account_id, organisation_id)).order_by(_panel.c.id)
    return session.scalars(found).all()


def lock_panel(session: Session, id: int) -> Panel | None:
    """The panel as it is now, kept from others who would change it or who may open it."""
    # Rows that name the panel, above all those of the trail, may still be added by others: who
    # holds a person and adds one would wait for who holds the panel and wants that person.
    found = sa.select(Panel).where(_panel.c.id == id).with_for_update(key_share=True)
    return session.scalar(found.execution_options(populate_existing=True))


def hold_panel(session: Session, id: int) -> Panel | None:
    """The panel as it is now; several may hold it, and nobody has it by `lock_panel` meanwhile."""
    found = sa.select(Panel).where(_panel.c.id == id).with_for_update(read=True)
    return session.scalar(found.execution_options(populate_existing=True))


def members(session: Session, panel_id: int) -> Sequence[PanelMember]:
    """The members of a panel but for its owner, by the order in which they came."""
    found = sa.select(PanelMember).where(_member.c.panel_id == panel_id)
    return session.scalars(found.order_by(_member.c.added_at, _member.c.account_id)).all()


def put_member(session: Session, panel_id: int, account_id: int, *, now: datetime) -> None:
    """Make an account a member. Twice is no error."""
    row = insert_into(session, _member).values(
        panel_id=panel_id, account_id=account_id, added_at=now
    )
    session.execute(row.on_conflict_do_nothing())


def drop_membership(session: Session, panel_id: int, account_id: int) -> None:
    """Take the row of a member out, who may be the owner from now on. Twice is no error."""
    theirs = sa.and_(_member.c.panel_id == panel_id, _member.c.account_id == account_id)
    session.execute(sa.delete(_member).where(theirs))


def drop_member(session: Session, panel_id: int, account_id: int) -> None:
    """Take a member out, with what they saw last. Twice is no error."""
    drop_membership(session, panel_id, account_id)
    theirs = sa.and_(_look.c.panel_id == panel_id, _look.c.account_id == account_id)
    session.execute(sa.delete(_look).where(theirs))


def look(session: Session, panel_id: int, account_id: int) -> PanelLook | None:
    """What an account saw last, None before its first look."""
    theirs = sa.and_(_look.c.panel_id == panel_id, _look.c.account_id == account_id)
    return session.scalar(sa.select(PanelLook).where(theirs))


def looks(session: Session, panel_id: int) -> Sequence[PanelLook]:
    """What everybody saw last in a panel, kept from others who would change it."""
    found = sa.select(PanelLook).where(_look.c.panel_id == panel_id).order_by(_look.c.id)
    return session.scalars(found.with_for_update().execution_options(populate_existing=True)).all()


def put_look(
    session: Session, panel_id: int, account_id: int, *, sealed: bytes, now: datetime
) -> None:
    """Keep what an account sees now, in place of what it saw before."""
    values = {"at": now, "sealed": sealed}
    row = insert_into(session, _look).values(panel_id=panel_id, account_id=account_id, **values)
    session.execute(
        row.on_conflict_do_update(index_elements=["panel_id", "account_id"], set_=values)
    )
