"""Suppressions: addresses that are not to be mailed, as keyed hashes and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of
from matcher.store.upsert import insert_into

REASONS = ("unsubscribed", "erased", "ended", "died", "bounced", "complained")
FINAL = ("bounced", "complained")
"""Reasons that no new sign-up lifts. Who says that somebody died may want mails of their own."""


class Suppression(SQLModel, table=True):
    """One address that is not to be mailed, and why: one of `REASONS`."""

    __tablename__ = "suppression"

    address_hash: str = Field(
        primary_key=True, sa_type=CleanText, sa_column_kwargs={"info": {"holds": "keyed hash"}}
    )
    reason: str = Field(sa_type=CleanText, sa_column_kwargs={"info": {"holds": "technical"}})
    at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs={"info": {"holds": "technical"}})


_table = table_of(Suppression)


def suppress(session: Session, address_hash: str, *, reason: str, now: datetime) -> None:
    """Never mail this address again; a final reason is never replaced by a milder one."""
    values = {"reason": reason, "at": now}
    statement = insert_into(session, _table).values(address_hash=address_hash, **values)
    milder = _table.c.reason.not_in(FINAL)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["address_hash"], set_=values, where=None if reason in FINAL else milder
        )
    )


def suppression(session: Session, hashes: Sequence[str]) -> Suppression | None:
    """The entry of an address, by any of its keyed hashes; the final one if there are several."""
    found = session.scalars(sa.select(Suppression).where(_table.c.address_hash.in_(hashes))).all()
    return min(found, key=lambda entry: entry.reason not in FINAL, default=None)


def lift(session: Session, hashes: Sequence[str]) -> None:
    """Forget the entries of an address whose owner has signed up again."""
    session.execute(sa.delete(Suppression).where(_table.c.address_hash.in_(hashes)))


def lock_address(session: Session, hashes: Sequence[str]) -> None:
    """Let nobody else confirm, stop or erase this address before this transaction is over.

    The oldest key's hash names it, which all have in common. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int(hashes[-1][:15], 16)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
