"""Tries: how often somebody may get a sign-in wrong, for one address and from one network.

Nothing here depends on whether there is such an account.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from matcher.crypto import KeyedHashes
from matcher.services.accounts.trail import FAILED, note_own
from matcher.services.subscribing.limits import LOOPBACK
from matcher.store.accounts import Account, SignInTry
from matcher.store.columns import table_of
from matcher.store.upsert import insert_into

QUARTER = timedelta(minutes=15)
OWN_TRIES = 8
"""A quarter hour's tries for one address from one network: its owner is there, or nobody is."""

ADDRESS_TRIES = 40
"""Those for one address from everywhere: more, so that a stranger does not lock its owner out."""

NETWORK_TRIES = 100
"""Those from one network. A clinic's whole team that signs in at eight needs less."""

KEPT = timedelta(days=1)

_table = table_of(SignInTry)


class TooManyTriesError(Exception):
    """There were too many wrong sign-ins; `until` (aware) is when one may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong sign-ins")
        self.until = until


def count_try(
    session: Session, hashes: KeyedHashes, *, email: str, network: str, now: datetime
) -> None:
    """Count a sign-in before it is looked at, so that many at once are counted too.

    `email` is in lower case. Raises `TooManyTriesError`. Commits either way: what is refused
    counts no further.
    """
    since = now - timedelta(seconds=now.timestamp() % QUARTER.total_seconds())
    session.execute(sa.delete(SignInTry).where(_table.c.since < now - KEPT))
    keys = _keys(hashes, email=email, network=network)
    fits = [_fits(session, key, since=since, most=most) for key, most in keys]
    session.commit()
    if not all(fits):
        raise TooManyTriesError(since + QUARTER)


def note_failure(
    session: Session,
    hashes: KeyedHashes,
    account: Account | None,
    *,
    email: str,
    now: datetime,
) -> None:
    """Put a sign-in that failed into the trail; of an address without account nothing is kept."""
    # The same row is written in either case: how long it takes must not tell which it is.
    mine = _table.c.key_hash.in_(hashes.of("sign-in address", email))
    session.execute(sa.update(SignInTry).where(mine).values(count=_table.c.count))
    if account is not None:
        note_own(session, account, FAILED, now=now)
    session.commit()


def forget_tries(session: Session, hashes: KeyedHashes, *, email: str, network: str) -> None:
    """Count an address anew here: its owner has signed in. Its network goes on being counted."""
    mine = _table.c.key_hash.in_(hashes.of("sign-in", _own(email, network)))
    session.execute(sa.delete(SignInTry).where(mine))
    session.commit()


def _keys(hashes: KeyedHashes, *, email: str, network: str) -> list[tuple[str, int]]:
    counted = [
        (hashes.of("sign-in", _own(email, network))[0], OWN_TRIES),
        (hashes.of("sign-in address", email)[0], ADDRESS_TRIES),
    ]
    # Whoever comes from this very machine came through a proxy that nobody listed: everybody
    # shares that network, and must not be locked out as one.
    if network != LOOPBACK:
        counted.append((hashes.of("sign-in network", network)[0], NETWORK_TRIES))
    return counted


def _own(email: str, network: str) -> str:
    return f"{network} {email}"


def _fits(session: Session, key: str, *, since: datetime, most: int) -> bool:
    statement = insert_into(session, _table).values(key_hash=key, since=since, count=1)
    counted = statement.on_conflict_do_update(
        index_elements=["key_hash", "since"],
        set_={"count": _table.c.count + 1},
        where=_table.c.count < most,
    )
    return session.scalar(counted.returning(_table.c.count)) is not None
