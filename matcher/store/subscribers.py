"""Subscribers: people who are mailed what is new for them. What is theirs is sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of

FREQUENCIES = ("weekly", "monthly")
COUNT, TITLES, FULL = "count", "titles", "full"
DETAILS = (COUNT, TITLES, FULL)
STANDINGS = ("active", "paused", "stopped")

TECHNICAL = {"info": {"holds": "technical"}}
CHOICE = {"info": {"holds": "choice"}}
SEALED = {"info": {"holds": "sealed person"}}
KEYED = {"info": {"holds": "keyed hash"}}


class Subscriber(SQLModel, table=True):
    """One subscription.

    `address` and `profile` are sealed with the data key; `profile` holds the answers, whose life
    they are about, muted studies and hard topics left out. `seen` (sealed) says which studies
    were told in a mail that the server took. `version` goes up with every change that a mail
    which is under way must honour. `standing` is one of `STANDINGS`.
    """

    __tablename__ = "subscriber"
    # No number comes back on SQLite: what is worked out for one person is never another's.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=lambda: secrets.token_hex(16),
        unique=True,
        sa_type=CleanText,
        sa_column_kwargs=TECHNICAL,
    )
    address_hash: str = Field(unique=True, sa_type=CleanText, sa_column_kwargs=KEYED)
    address: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    profile: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    seen: bytes | None = Field(default=None, sa_type=sa.LargeBinary, sa_column_kwargs=SEALED)
    frequency: str = Field(sa_type=CleanText, sa_column_kwargs=CHOICE)
    language: str = Field(sa_type=CleanText, sa_column_kwargs=CHOICE)
    zone: str = Field(sa_type=CleanText, sa_column_kwargs=CHOICE)
    detail: str = Field(default="count", sa_type=CleanText, sa_column_kwargs=CHOICE)
    standing: str = Field(default="active", sa_type=CleanText, sa_column_kwargs=CHOICE)
    stopped_reason: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=CHOICE)
    stopped_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )
    consent_version: str = Field(sa_type=CleanText, sa_column_kwargs=CHOICE)
    consent_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=CHOICE)
    confirmed_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=CHOICE)
    renewed_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=CHOICE)
    version: int = Field(default=1, sa_column_kwargs=TECHNICAL)


_table = table_of(Subscriber)


def subscriber(session: Session, id: int, *, for_update: bool = False) -> Subscriber | None:
    """The subscriber with this number; `for_update` keeps others from changing it (PostgreSQL)."""
    return _one(session, _table.c.id == id, for_update=for_update)


def subscriber_by_public_id(
    session: Session, public_id: str, *, for_update: bool = False
) -> Subscriber | None:
    """The subscriber whose name in tokens this is."""
    return _one(session, _table.c.public_id == public_id, for_update=for_update)


def subscriber_by_hash(session: Session, hashes: Sequence[str]) -> Subscriber | None:
    """The subscriber whose address has one of these keyed hashes."""
    return session.scalar(sa.select(Subscriber).where(_table.c.address_hash.in_(hashes)))


def _one(
    session: Session, wanted: sa.ColumnElement[bool], *, for_update: bool
) -> Subscriber | None:
    found = sa.select(Subscriber).where(wanted)
    if for_update:
        # What was read before is read again: somebody else may have changed it meanwhile.
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found)


def stopped_before(session: Session, *, before: datetime, only: str | None = None) -> list[str]:
    """The public ids of those who stopped their mails by then; `only` asks about one of them."""
    return _ids(
        session, sa.and_(_table.c.standing == "stopped", _table.c.stopped_at <= before), only
    )


def not_renewed(session: Session, *, before: datetime, only: str | None = None) -> list[str]:
    """The public ids of those who last renewed by then; `only` asks about one of them."""
    return _ids(session, _table.c.renewed_at <= before, only)


def _ids(session: Session, wanted: sa.ColumnElement[bool], only: str | None) -> list[str]:
    found = sa.select(_table.c.public_id).where(wanted).order_by(_table.c.id)
    return list(session.scalars(found if only is None else found.where(_table.c.public_id == only)))


def delete_subscriber(session: Session, id: int) -> None:
    """Take a subscriber out, with all that is theirs; ledger rows stay, and name nobody."""
    session.execute(sa.delete(Subscriber).where(_table.c.id == id))


def count_subscribers(session: Session) -> int:
    """How many there are, whatever their standing."""
    return session.scalar(sa.select(sa.func.count()).select_from(_table)) or 0
