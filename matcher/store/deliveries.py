"""Deliveries: the ledger of every mail, from due to what became of it."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of

KINDS = ("digest", "confirmation", "link")
OPEN = ("due", "claimed", "retry")
TERMINAL = ("sent", "failed", "uncertain", "superseded", "empty", "cancelled", "expired")
STATES = (*OPEN, "sending", *TERMINAL)

TECHNICAL = {"info": {"holds": "technical"}}


class Delivery(SQLModel, table=True):
    """One mail: one row for each subscriber and period, or for each sign-up.

    `state` is one of `STATES`; `tried_since` is when the server first said "later". `fence` goes
    up with every claim: who holds an older one may change nothing. `holder` names the process
    that has the row, `lease_until` says until when at the latest, on the database's clock;
    `due_at` and `next_at` are on the run's. `items` (sealed) are the chosen studies as they were
    planned; `subscriber_version`, `catalogue_version` and `rules_version` say from what.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("subscriber_id", "period"),
        sa.Index("ix_delivery_state_next_at", "state", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=lambda: secrets.token_hex(16),
        unique=True,
        sa_type=CleanText,
        sa_column_kwargs=TECHNICAL,
    )
    kind: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    subscriber_id: int | None = Field(
        default=None,
        foreign_key="subscriber.id",
        ondelete="SET NULL",
        sa_column_kwargs=TECHNICAL,
    )
    signup_id: int | None = Field(
        default=None,
        foreign_key="signup.id",
        ondelete="SET NULL",
        index=True,
        sa_column_kwargs=TECHNICAL,
    )
    period: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    state: str = Field(default="due", sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    reason: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    attempts: int = Field(default=0, sa_column_kwargs=TECHNICAL)
    due_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    next_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    tried_since: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )
    fence: int = Field(default=0, sa_column_kwargs=TECHNICAL)
    lease_until: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )
    holder: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    items: bytes | None = Field(
        default=None,
        sa_type=sa.LargeBinary,
        sa_column_kwargs={"info": {"holds": "sealed person"}},
    )
    subscriber_version: int | None = Field(default=None, sa_column_kwargs=TECHNICAL)
    catalogue_version: str | None = Field(
        default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL
    )
    rules_version: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    template_version: str | None = Field(
        default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL
    )
    planned_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    done_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )


delivery_table = table_of(Delivery)
