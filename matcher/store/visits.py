"""Visits: the sealed answers of people who are on the site now, gone when the visit ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of
from matcher.store.upsert import insert_into


class Visit(SQLModel, table=True):
    """One visit. Only the holder of the token behind `id_hash` can open `sealed`.

    `subscription` is the public id of the subscriber, or of the person of a panel, whose answers
    it was opened with, if any: it goes when they are erased.
    """

    __tablename__ = "visit"

    id_hash: str = Field(
        primary_key=True, sa_type=CleanText, sa_column_kwargs={"info": {"holds": "token hash"}}
    )
    sealed: bytes = Field(
        sa_type=sa.LargeBinary, sa_column_kwargs={"info": {"holds": "sealed answers"}}
    )
    expires_at: datetime = Field(
        index=True, sa_type=AwareDateTime, sa_column_kwargs={"info": {"holds": "technical"}}
    )
    subscription: str | None = Field(
        default=None,
        index=True,
        sa_type=CleanText,
        sa_column_kwargs={"info": {"holds": "technical"}},
    )


def put_visit(
    session: Session,
    id_hash: str,
    sealed: bytes,
    *,
    expires_at: datetime,
    subscription: str | None = None,
) -> None:
    """Keep a visit's sealed answers until `expires_at` (aware), in place of earlier ones."""
    values = {"sealed": sealed, "expires_at": expires_at, "subscription": subscription}
    statement = insert_into(session, _table).values(id_hash=id_hash, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["id_hash"], set_=values))


def change_visit(session: Session, id_hash: str, sealed: bytes, *, expires_at: datetime) -> None:
    """Keep other sealed answers for a visit that was locked, until `expires_at` (aware)."""
    changed = sa.update(_table).where(_table.c.id_hash == id_hash)
    session.execute(changed.values(sealed=sealed, expires_at=expires_at))


def get_visit(session: Session, id_hash: str, *, now: datetime, lock: bool = False) -> bytes | None:
    """The sealed answers, None if there is no such visit or it has ended.

    `lock`, in a writing session: nobody else changes or ends the visit until the session ends.
    """
    alive = sa.and_(_table.c.id_hash == id_hash, _table.c.expires_at > now)
    found = sa.select(_table.c.sealed).where(alive)
    return session.scalar(found.with_for_update() if lock else found)


def take_visit(session: Session, id_hash: str, *, now: datetime) -> bytes | None:
    """End a visit and give its sealed answers to one caller only; None as `get_visit`."""
    alive = sa.and_(_table.c.id_hash == id_hash, _table.c.expires_at > now)
    return session.scalar(sa.delete(_table).where(alive).returning(_table.c.sealed))


def delete_visit(session: Session, id_hash: str) -> None:
    """End a visit: its answers are gone. Ending it twice is no error."""
    session.execute(sa.delete(Visit).where(_table.c.id_hash == id_hash))


def delete_visits_of(session: Session, subscription: str) -> None:
    """End every visit that was opened with the answers of this subscriber or person of a panel."""
    session.execute(sa.delete(Visit).where(_table.c.subscription == subscription))


def visits_of(session: Session, subscription: str) -> Sequence[Visit]:
    """The visits that were opened with this subscriber's answers; all of them stay sealed."""
    return session.scalars(sa.select(Visit).where(_table.c.subscription == subscription)).all()


def purge_visits(session: Session, *, now: datetime | None = None) -> int:
    """Delete the visits that have ended by `now`, or all; returns how many."""
    statement = sa.delete(Visit)
    if now is not None:
        statement = statement.where(_table.c.expires_at <= now)
    return cast(sa.CursorResult[tuple[()]], session.execute(statement)).rowcount


_table = table_of(Visit)
