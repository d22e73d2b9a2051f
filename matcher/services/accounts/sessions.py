"""Sessions: the sign-ins of an account. Each request asks here whether its own is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher import crypto
from matcher.services.accounts.trail import SIGNED_IN, note_own
from matcher.store import accounts as store
from matcher.store.accounts import Account, DeskSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED = timedelta(minutes=1)
"""So exactly is it noted when a session was last used: not every request writes."""
LONGEST_AGENT = 60


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that is open now, and whose it is; `is_to_be_noted` asks for `note_use`."""

    account: Account
    id_hash: str
    begun_at: datetime
    organisation: str
    is_to_be_noted: bool


def begin_session(session: Session, account_id: int, *, agent: str, now: datetime) -> str:
    """Begin a sign-in; the token for the browser, of which only a hash is stored."""
    token = crypto.new_token()
    begun = DeskSession(
        id_hash=_hash(token),
        account_id=account_id,
        begun_at=now,
        last_seen_at=now,
        ends_at=now + LONGEST,
        agent=agent[:LONGEST_AGENT],
    )
    store.purge_sessions(session, now=now)
    session.add(begun)
    _note(session, account_id, SIGNED_IN, now=now)
    session.commit()
    return token


def open_session(session: Session, token: str, *, now: datetime) -> OpenSession | None:
    """The sign-in that a browser's token opens; None if it is over.

    It is over when it was ended, rested for `IDLE`, lasted `LONGEST`, or its account is disabled.
    """
    found = store.desk_session(session, _hash(token))
    if found is None or not is_open(found, now=now):
        return None
    account = store.account(session, found.account_id)
    if account is None or not account.active:
        return None
    place = store.organisation(session, account.organisation_id)
    return OpenSession(
        account=account,
        id_hash=found.id_hash,
        begun_at=found.begun_at,
        organisation=place.name if place else "",
        is_to_be_noted=now - found.last_seen_at >= NOTED,
    )


def note_use(session: Session, id_hash: str, *, now: datetime) -> None:
    """Write down that a sign-in was used just now; one that is over stays over."""
    found = store.desk_session(session, id_hash)
    if found is not None and is_open(found, now=now):
        found.last_seen_at = max(found.last_seen_at, now)
        session.add(found)
    session.commit()


def is_open(one: DeskSession, *, now: datetime) -> bool:
    """Whether a sign-in has neither ended nor rested too long."""
    return now < one.ends_at and now - one.last_seen_at < IDLE


def end_session(session: Session, token: str, *, now: datetime) -> None:
    """Sign out. Doing so twice is no error."""
    found = store.desk_session(session, _hash(token))
    if found is not None:
        session.delete(found)
        _note(session, found.account_id, "signed_out", now=now)
    session.commit()


def end_all_sessions(session: Session, account_id: int, *, now: datetime) -> None:
    """Sign an account out everywhere."""
    store.end_sessions(session, account_id)
    _note(session, account_id, "signed_out_everywhere", now=now)
    session.commit()


def sessions_now(session: Session, account_id: int, *, now: datetime) -> Sequence[DeskSession]:
    """The sign-ins of an account that are open now, last used first."""
    found = store.sessions_of(session, account_id, now=now)
    return [one for one in found if is_open(one, now=now)]


def _note(session: Session, account_id: int, action: str, *, now: datetime) -> None:
    account = store.account(session, account_id)
    if account is not None:
        note_own(session, account, action, now=now)


def _hash(token: str) -> str:
    # Not the hash of a visit: neither token opens what the other one does.
    return crypto.token_hash(f"desk {token}")
