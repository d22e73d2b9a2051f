"""Invitations: the link, good once and for seven days, by which somebody chooses a password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher import crypto
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.trail import note_own
from matcher.store import accounts as store
from matcher.store.accounts import Account, Invitation

WEEK = timedelta(days=7)


def invite(session: Session, account_id: int, *, now: datetime) -> str:
    """A new invitation of an account, in place of earlier ones; its token. Does not commit."""
    token = crypto.new_token()
    store.drop_invitations(session, account_id)
    session.add(Invitation(token_hash=_hash(token), account_id=account_id, ends_at=now + WEEK))
    return token


def invited(session: Session, token: str, *, now: datetime) -> Account | None:
    """Whom an invitation is for; None if it cannot be used (any more). Looking changes nothing."""
    found = store.open_invitation(session, _hash(token), now=now)
    account = store.account(session, found.account_id) if found else None
    return account if account is not None and account.active else None


def accept(session: Session, token: str, *, password_hash: str, now: datetime) -> Account | None:
    """Use an invitation up and set the password; None, and nothing changes, if it cannot be.

    Ends all sign-ins that the account may have: who resets a password shuts others out.
    """
    account_id = store.use_invitation(session, _hash(token), now=now)
    account = store.account(session, account_id) if account_id is not None else None
    if account is None or not account.active:
        session.rollback()
        return None
    account.password = password_hash
    account.fs_uniquifier = secrets.token_hex(16)
    account.confirmed_at = account.confirmed_at or now
    session.add(account)
    store.end_sessions(session, account.id or 0)
    note_own(session, account, "joined", now=now)
    session.commit()
    return account


def change_password(
    session: Session, account_id: int, *, password_hash: str, now: datetime
) -> Account:
    """Set another password and end every sign-in; whoever changes it begins a new one."""
    account = store.account(session, account_id, for_update=True)
    if account is None or not account.active:
        raise AccountError("unknown", "there is no such account", str(account_id), "Sign in again.")
    account.password = password_hash
    account.fs_uniquifier = secrets.token_hex(16)
    session.add(account)
    store.end_sessions(session, account_id)
    store.drop_invitations(session, account_id)
    note_own(session, account, "password_changed", now=now)
    session.commit()
    return account


def _hash(token: str) -> str:
    return crypto.token_hash(f"invitation {token}")
