"""Signups: wishes to be mailed that nobody has confirmed yet, gone after some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of
from matcher.store.upsert import insert_into

KINDS = ("subscribe", "link")

TECHNICAL = {"info": {"holds": "technical"}}
KEYED = {"info": {"holds": "keyed hash"}}


class Signup(SQLModel, table=True):
    """One wish: to subscribe, or to be mailed the link to one's data.

    Every request writes one, whatever the address: who asks learns nothing. What becomes of it is
    decided later, beside the requests: then `state` goes from "asked" to "mailed" (its mail
    stands in the ledger) or "kept" (the mail of another wish of the same address offers it), and
    at last to "confirmed". `sealed` holds the address and all that was
    chosen, nothing any more once it is confirmed; `token_hash` is there once a confirmation mail
    was written.
    """

    __tablename__ = "signup"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    kind: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    state: str = Field(default="asked", sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    address_hash: str = Field(sa_type=CleanText, sa_column_kwargs=KEYED)
    mailbox_hash: str = Field(index=True, sa_type=CleanText, sa_column_kwargs=KEYED)
    network_hash: str = Field(sa_type=CleanText, sa_column_kwargs=KEYED)
    sealed: bytes = Field(
        sa_type=sa.LargeBinary, sa_column_kwargs={"info": {"holds": "sealed person"}}
    )
    token_hash: str | None = Field(
        default=None,
        unique=True,
        sa_type=CleanText,
        sa_column_kwargs={"info": {"holds": "token hash"}},
    )
    asked_at: datetime = Field(index=True, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)


class MailboxLimit(SQLModel, table=True):
    """How often one mailbox, whatever its spelling, was mailed without having confirmed."""

    __tablename__ = "mailbox_limit"

    mailbox_hash: str = Field(primary_key=True, sa_type=CleanText, sa_column_kwargs=KEYED)
    kind: str = Field(primary_key=True, sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    last_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    unconfirmed: int = Field(sa_column_kwargs=TECHNICAL)


class NetworkLimit(SQLModel, table=True):
    """How many wishes came from one network (or, with an empty hash, from all) in one hour."""

    __tablename__ = "network_limit"

    network_hash: str = Field(primary_key=True, sa_type=CleanText, sa_column_kwargs=KEYED)
    hour: datetime = Field(primary_key=True, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    count: int = Field(sa_column_kwargs=TECHNICAL)


signup_table = table_of(Signup)
mailbox_table = table_of(MailboxLimit)
network_table = table_of(NetworkLimit)


def asked_signups(session: Session, *, after: int, limit: int) -> Sequence[Signup]:
    """The oldest wishes that nobody has decided on, locked; `after` is the last one looked at."""
    found = (
        sa.select(Signup)
        .where(signup_table.c.state == "asked", signup_table.c.id > after)
        .order_by(signup_table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(found).all()


def signup_by_token(
    session: Session, token_hash: str, *, for_update: bool = False
) -> Signup | None:
    """The sign-up whose confirmation mail holds the token with this hash, as it stands now."""
    found = sa.select(Signup).where(signup_table.c.token_hash == token_hash)
    found = found.execution_options(populate_existing=True)
    return session.scalar(found.with_for_update() if for_update else found)


def waiting_signups(
    session: Session, hashes: Sequence[str], *, after: datetime
) -> Sequence[Signup]:
    """What was asked for under an address after then and not confirmed yet, newest first.

    Only what was decided on: a mail offers it.
    """
    row = signup_table.c
    mine = sa.and_(row.address_hash.in_(hashes), row.kind == "subscribe", row.asked_at > after)
    found = sa.select(Signup).where(mine, row.state.in_(("mailed", "kept")))
    return session.scalars(found.order_by(row.asked_at.desc(), row.id.desc())).all()


def signup(session: Session, id: int, *, for_update: bool = False) -> Signup | None:
    """The sign-up with this number, as it stands now."""
    found = sa.select(Signup).where(signup_table.c.id == id)
    found = found.execution_options(populate_existing=True)
    return session.scalar(found.with_for_update() if for_update else found)


def delete_settled(session: Session, hashes: Sequence[str], *, by: Signup, until: datetime) -> None:
    """Take out the other sign-ups of an address, by any of its keyed hashes, asked for until then.

    Those that have no mail of their own go whenever they were asked for.
    """
    row = signup_table.c
    mine = sa.and_(row.address_hash.in_(hashes), row.kind == by.kind, row.id != by.id)
    settled = sa.or_(row.asked_at <= until, row.state == "kept")
    session.execute(sa.delete(Signup).where(mine, settled))


def purge_signups(session: Session, *, before: datetime) -> int:
    """Take out the sign-ups that are older; returns how many."""
    return _count(session, sa.delete(Signup).where(signup_table.c.asked_at < before))


def count_if_below(session: Session, key: str, *, hour: datetime, most: int) -> bool:
    """Count one more in this hour; False, and nothing is counted, if there are `most` already."""
    statement = insert_into(session, network_table).values(network_hash=key, hour=hour, count=1)
    counted = statement.on_conflict_do_update(
        index_elements=["network_hash", "hour"],
        set_={"count": network_table.c.count + 1},
        where=network_table.c.count < most,
    )
    return session.scalar(counted.returning(network_table.c.count)) is not None


def purge_network_limits(session: Session, *, before: datetime) -> int:
    """Take out the counts of hours that are over; returns how many."""
    return _count(session, sa.delete(NetworkLimit).where(network_table.c.hour < before))


def limit_key(session: Session, hashes: Sequence[str], *, kind: str) -> str:
    """The hash by which a mailbox is counted: the one it was first counted by, else the newest."""
    mine = sa.and_(mailbox_table.c.mailbox_hash.in_(hashes), mailbox_table.c.kind == kind)
    return session.scalar(sa.select(mailbox_table.c.mailbox_hash).where(mine)) or hashes[0]


def count_mail(
    session: Session,
    key: str,
    *,
    kind: str,
    now: datetime,
    pause: timedelta,
    most: int,
    since: datetime | None = None,
) -> bool:
    """Count one more mail to a mailbox, if it may be sent; False, and nothing is counted, if not.

    It may not within `pause` after the last one, nor when there were `most` of them since
    `since` (ever, without it).
    """
    limit = mailbox_table.c
    anew: Any = limit.last_at < since if since else sa.false()
    statement = insert_into(session, mailbox_table).values(
        mailbox_hash=key, kind=kind, last_at=now, unconfirmed=1
    )
    counted = statement.on_conflict_do_update(
        index_elements=["mailbox_hash", "kind"],
        set_={"last_at": now, "unconfirmed": sa.case((anew, 1), else_=limit.unconfirmed + 1)},
        where=sa.and_(limit.last_at <= now - pause, sa.or_(limit.unconfirmed < most, anew)),
    )
    return session.scalar(counted.returning(limit.unconfirmed)) is not None


def forget_limits(session: Session, hashes: Sequence[str]) -> None:
    """Count a mailbox anew: its owner has confirmed."""
    session.execute(sa.delete(MailboxLimit).where(mailbox_table.c.mailbox_hash.in_(hashes)))


def _count(session: Session, statement: sa.Delete) -> int:
    return cast(sa.CursorResult[tuple[()]], session.execute(statement)).rowcount
