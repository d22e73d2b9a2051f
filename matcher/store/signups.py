"""Signups: wishes to be mailed that nobody has confirmed yet, gone after some days."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from matcher.store.columns import AwareDateTime, CleanText

KINDS = ("subscribe", "link")

TECHNICAL = {"info": {"holds": "technical"}}
KEYED = {"info": {"holds": "keyed hash"}}


class Signup(SQLModel, table=True):
    """One wish: to subscribe, or to be mailed the link to one's data.

    Every request writes one, whatever the address: who asks learns nothing. What becomes of it is
    decided later, beside the requests. `sealed` holds the address and all that was chosen;
    `token_hash` is there once a confirmation mail was written.
    """

    __tablename__ = "signup"

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


signup_table = cast(sa.Table, Signup.__table__)  # type: ignore[attr-defined]
mailbox_table = cast(sa.Table, MailboxLimit.__table__)  # type: ignore[attr-defined]
network_table = cast(sa.Table, NetworkLimit.__table__)  # type: ignore[attr-defined]
