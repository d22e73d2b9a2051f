"""Accounts: those who work at the desk, their organisations, sessions, passkeys and invitations."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import relationship
from sqlmodel import Field, Relationship, Session, SQLModel

from matcher.store.columns import AwareDateTime, CleanText, table_of

NAVIGATOR, CURATOR, ADMINISTRATOR = "navigator", "curator", "administrator"
ROLES = (NAVIGATOR, CURATOR, ADMINISTRATOR)

TECHNICAL = {"info": {"holds": "technical"}}
ACCOUNT = {"info": {"holds": "account"}}
SEALED = "sealed account"
SECRET = {"info": {"holds": "account secret"}}
TEXTS = MutableList.as_mutable(sa.JSON())


def _public_id() -> str:
    return secrets.token_hex(16)


class Organisation(SQLModel, table=True):
    """A clinic or charity whose people work at the desk; nothing is shared between two of them."""

    __tablename__ = "organisation"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=_public_id, unique=True, sa_type=CleanText, sa_column_kwargs=TECHNICAL
    )
    name: str = Field(unique=True, sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    created_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)


class AccountRole(SQLModel, table=True):
    """One role of one account."""

    __tablename__ = "account_role"

    account_id: int = Field(
        primary_key=True, foreign_key="account.id", ondelete="CASCADE", sa_column_kwargs=TECHNICAL
    )
    role_id: int = Field(primary_key=True, foreign_key="role.id", sa_column_kwargs=ACCOUNT)


class Role(SQLModel, table=True):
    """One of `ROLES`, there since the first account had it."""

    __tablename__ = "role"

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    name: str = Field(unique=True, sa_type=CleanText, sa_column_kwargs=TECHNICAL)


class Passkey(SQLModel, table=True):
    """A key in somebody's device that signs in without a password or beside one.

    `credential_id` and `public_key` are the device's (WebAuthn); `sign_count` goes up with each
    use where the device counts; `usage` is "first" or "secondary".
    """

    __tablename__ = "passkey"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    user_id: int = Field(
        index=True, foreign_key="account.id", ondelete="CASCADE", sa_column_kwargs=TECHNICAL
    )
    name: str = Field(sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    credential_id: bytes = Field(unique=True, sa_type=sa.LargeBinary, sa_column_kwargs=SECRET)
    public_key: bytes = Field(sa_type=sa.LargeBinary, sa_column_kwargs=SECRET)
    sign_count: int = Field(default=0, sa_column_kwargs=TECHNICAL)
    transports: list[str] | None = Field(
        default=None, sa_type=cast(Any, TEXTS), sa_column_kwargs=TECHNICAL
    )
    backup_state: bool = Field(sa_column_kwargs=TECHNICAL)
    device_type: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    extensions: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    usage: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    lastuse_datetime: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=ACCOUNT)


class Account(SQLModel, table=True):
    """Somebody who works at the desk.

    `email` is in lower case; `password` an argon2 hash, None until the invitation was used;
    `fs_uniquifier` names the account in sign-ins and is changed to end them all;
    `tf_totp_secret` is sealed with the data key, `mf_recovery_codes` are keyed hashes; no code is
    taken twice: `tf_last_counter` says which one was the last.
    """

    __tablename__ = "account"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    public_id: str = Field(
        default_factory=_public_id, unique=True, sa_type=CleanText, sa_column_kwargs=TECHNICAL
    )
    organisation_id: int = Field(
        index=True, foreign_key="organisation.id", sa_column_kwargs=ACCOUNT
    )
    email: str = Field(unique=True, sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    name: str = Field(sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    language: str = Field(default="en", sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    password: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=SECRET)
    active: bool = Field(default=True, sa_column_kwargs=ACCOUNT)
    fs_uniquifier: str = Field(
        default_factory=_public_id, unique=True, sa_type=CleanText, sa_column_kwargs=SECRET
    )
    confirmed_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=ACCOUNT
    )
    tf_primary_method: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=ACCOUNT)
    tf_totp_secret: bytes | None = Field(
        default=None, sa_type=sa.LargeBinary, sa_column_kwargs={"info": {"holds": SEALED}}
    )
    tf_last_counter: int | None = Field(default=None, sa_column_kwargs=TECHNICAL)
    mf_recovery_codes: list[str] | None = Field(
        default=None, sa_type=cast(Any, TEXTS), sa_column_kwargs=SECRET
    )
    fs_webauthn_user_handle: str | None = Field(
        default=None, unique=True, sa_type=CleanText, sa_column_kwargs=SECRET
    )
    created_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)

    roles: list[Role] = Relationship(
        sa_relationship=relationship(Role, secondary="account_role", lazy="selectin")
    )


class DeskSession(SQLModel, table=True):
    """One sign-in, open until `ends_at`, or until it rests too long after `last_seen_at`.

    Only the browser has the token behind `id_hash`; `agent` is that browser's short name.
    """

    __tablename__ = "desk_session"

    id_hash: str = Field(primary_key=True, sa_type=CleanText, sa_column_kwargs=SECRET)
    account_id: int = Field(
        index=True, foreign_key="account.id", ondelete="CASCADE", sa_column_kwargs=TECHNICAL
    )
    begun_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=ACCOUNT)
    last_seen_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=ACCOUNT)
    ends_at: datetime = Field(index=True, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    agent: str = Field(default="", sa_type=CleanText, sa_column_kwargs=ACCOUNT)


class Invitation(SQLModel, table=True):
    """A link, good once and until `ends_at`, that lets its holder choose an account's password."""

    __tablename__ = "invitation"

    token_hash: str = Field(primary_key=True, sa_type=CleanText, sa_column_kwargs=SECRET)
    account_id: int = Field(
        index=True, foreign_key="account.id", ondelete="CASCADE", sa_column_kwargs=TECHNICAL
    )
    ends_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    used_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )


class SignInTry(SQLModel, table=True):
    """How many sign-ins failed for one account or network (a keyed hash) in one quarter hour."""

    __tablename__ = "sign_in_try"

    key_hash: str = Field(
        primary_key=True, sa_type=CleanText, sa_column_kwargs={"info": {"holds": "keyed hash"}}
    )
    since: datetime = Field(primary_key=True, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    count: int = Field(sa_column_kwargs=TECHNICAL)


_account = table_of(Account)
_organisation = table_of(Organisation)
_session = table_of(DeskSession)
_invitation = table_of(Invitation)


def account(session: Session, id: int, *, for_update: bool = False) -> Account | None:
    """The account with this number, as it stands now; `for_update` keeps others from changing it
    (PostgreSQL)."""
    return _one(session, _account.c.id == id, for_update=for_update)


def account_by_email(session: Session, email: str) -> Account | None:
    """The account with this address, in whatever case it is given."""
    return _one(session, _account.c.email == email.strip().lower())


def account_by_public_id(session: Session, public_id: str) -> Account | None:
    """The account whose name in addresses of pages this is."""
    return _one(session, _account.c.public_id == public_id)


def _one(
    session: Session, wanted: sa.ColumnElement[bool], *, for_update: bool = False
) -> Account | None:
    found = sa.select(Account).where(wanted).execution_options(populate_existing=True)
    return session.scalar(found.with_for_update() if for_update else found)


def accounts_of(session: Session, organisation_id: int | None = None) -> Sequence[Account]:
    """The accounts of one organisation, or all, by organisation and address."""
    found = sa.select(Account).order_by(_account.c.organisation_id, _account.c.email)
    if organisation_id is not None:
        found = found.where(_account.c.organisation_id == organisation_id)
    return session.scalars(found).all()


def organisation(session: Session, id: int) -> Organisation | None:
    """The organisation with this number."""
    return session.get(Organisation, id)


def organisation_named(session: Session, name: str) -> Organisation | None:
    """The organisation with this name, whatever its case."""
    found = sa.select(Organisation).where(sa.func.lower(_organisation.c.name) == name.lower())
    return session.scalars(found).first()


def role(session: Session, name: str) -> Role:
    """The role with this name, made if no account had it yet."""
    found = session.scalar(sa.select(Role).where(table_of(Role).c.name == name))
    if found is None:
        found = Role(name=name)
        session.add(found)
        session.flush()
    return found


def desk_session(session: Session, id_hash: str) -> DeskSession | None:
    """The sign-in with this hash, whether it is still open or not."""
    return session.get(DeskSession, id_hash)


def sessions_of(session: Session, account_id: int, *, now: datetime) -> Sequence[DeskSession]:
    """The sign-ins of an account that have not ended, last used first."""
    mine = sa.and_(_session.c.account_id == account_id, _session.c.ends_at > now)
    found = sa.select(DeskSession).where(mine).order_by(_session.c.last_seen_at.desc())
    return session.scalars(found).all()


def end_sessions(session: Session, account_id: int, *, but: str | None = None) -> int:
    """End the sign-ins of an account, all `but` the one with this hash; returns how many."""
    ended = sa.delete(DeskSession).where(_session.c.account_id == account_id)
    if but is not None:
        ended = ended.where(_session.c.id_hash != but)
    return cast(sa.CursorResult[tuple[()]], session.execute(ended)).rowcount


def purge_sessions(session: Session, *, now: datetime) -> int:
    """Take out the sign-ins that have ended; returns how many."""
    ended = sa.delete(DeskSession).where(_session.c.ends_at <= now)
    return cast(sa.CursorResult[tuple[()]], session.execute(ended)).rowcount


def use_invitation(session: Session, token_hash: str, *, now: datetime) -> int | None:
    """Use an invitation up; the account's number, None if it was used, has ended or never was."""
    good = sa.and_(
        _invitation.c.token_hash == token_hash,
        _invitation.c.used_at.is_(None),
        _invitation.c.ends_at > now,
    )
    used = sa.update(_invitation).where(good).values(used_at=now)
    found: int | None = session.scalar(used.returning(_invitation.c.account_id))
    return found


def open_invitation(session: Session, token_hash: str, *, now: datetime) -> Invitation | None:
    """The invitation with this hash if it can still be used; looking changes nothing."""
    found = session.get(Invitation, token_hash)
    return found if found and found.used_at is None and found.ends_at > now else None


def drop_invitations(session: Session, account_id: int) -> None:
    """Take out the invitations of an account: a newer one stands, or nobody needs any."""
    session.execute(sa.delete(Invitation).where(_invitation.c.account_id == account_id))
