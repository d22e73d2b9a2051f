"""Entering: the short session in which a person sees and changes what is kept about them.

The link of a mail is exchanged for a token that lives in the browser alone. Its hash is stored
among the visits, whose lives it shares: it ends with its time, and with the subscription.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from matcher import crypto
from matcher.services.digests.desk import Desk
from matcher.services.subscribing.tokens import read_manage
from matcher.store import visits as store
from matcher.store.subscribers import Subscriber, subscriber_by_public_id

HALF_AN_HOUR = timedelta(minutes=30)


def enter(session: Session, desk: Desk, link: str, *, now: datetime) -> str | None:
    """Exchange a mail's link for a token of half an hour; None for a link that opens nothing."""
    public_id = read_manage(desk.hashes, link, now=now)
    if public_id is None or subscriber_by_public_id(session, public_id) is None:
        return None
    token = crypto.new_token()
    sealed = crypto.seal(token, _secrets(desk)[0], public_id.encode())
    ends = now + HALF_AN_HOUR
    store.put_visit(session, _hash(token), sealed, expires_at=ends, subscription=public_id)
    store.purge_visits(session, now=now)
    session.commit()
    return token


def whose(session: Session, desk: Desk, token: str, *, now: datetime) -> Subscriber | None:
    """The subscriber who holds this token; None if it ended or never was."""
    sealed = store.get_visit(session, _hash(token), now=now)
    for secret in _secrets(desk) if sealed else ():
        try:
            public_id = crypto.unseal(token, secret, sealed or b"").decode()
        except crypto.SealError:
            continue
        return subscriber_by_public_id(session, public_id)
    return None


def leave(session: Session, token: str) -> None:
    """End the session. Ending it twice is no error."""
    store.delete_visit(session, _hash(token))
    session.commit()


def _hash(token: str) -> str:
    # Not the hash of a visit: neither token opens what the other one does.
    return crypto.token_hash(f"own data {token}")


def _secrets(desk: Desk) -> list[str]:
    return [secret.strip() for secret in desk.settings.data_key.split(",")]
