"""Waiting: the wishes of one address that its owner can say yes to, by the link in one mail.

Anybody can type an address. Where several did, or where its owner asked twice, one mail went
out, and whoever opens its link chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.crypto import SealError, token_hash
from matcher.mail.addresses import parse_address
from matcher.services.digests.desk import Desk
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.wish import Wish, open_wish
from matcher.store.signups import Signup, signup_by_token, waiting_signups

LASTS = timedelta(days=7)
"""So long a link to confirm works, and so long an unconfirmed sign-up is kept."""

MOST = 3
"""So many wishes one can choose from: the one that the mail was sent for, and the newest others."""


@dataclass(frozen=True)
class Waiting:
    """One wish, the number of its sign-up, and when it was asked for (aware)."""

    id: int
    wish: Wish
    asked_at: datetime


def choices(session: Session, desk: Desk, token: str, *, now: datetime) -> list[Waiting]:
    """What the owner of a link can say yes to, newest first; empty if the link is good for nothing.

    A wish that no key opens is left out.
    """
    own = signup_by_token(session, token_hash(token))
    if own is None or own.state == "confirmed" or now - own.asked_at >= LASTS:
        return []
    mine = _opened(desk, own)
    if mine is None:
        return []
    hashes = address_hashes(desk.hashes, parse_address(mine.wish.address).normal)
    others = [one for one in waiting_signups(session, hashes, after=now - LASTS) if one is not own]
    readable = [one for other in others if (one := _opened(desk, other))]
    found = [mine, *readable[: MOST - 1]]
    return sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True)


def keep_beside(
    session: Session, desk: Desk, signup: Signup, hashes: tuple[str, ...], *, now: datetime
) -> bool:
    """Keep a wish that gets no mail of its own beside one of the same address that has one.

    False, and nothing is kept, without such a one, or if the same is wished already.
    """
    waiting = waiting_signups(session, hashes, after=now - LASTS)
    if not any(one.state == "mailed" for one in waiting):
        return False
    wished = _opened(desk, signup)
    if wished is None or any(_wishes(desk, one) == wished.wish for one in waiting):
        return False
    for old in [one for one in waiting if one.state == "kept"][MOST - 2 :]:
        session.delete(old)
    signup.state = "kept"
    session.add(signup)
    session.flush()
    return True


def _wishes(desk: Desk, signup: Signup) -> Wish | None:
    opened = _opened(desk, signup)
    return opened.wish if opened else None


def _opened(desk: Desk, signup: Signup) -> Waiting | None:
    try:
        return Waiting(signup.id or 0, open_wish(desk.safe, signup.sealed), signup.asked_at)
    except SealError:
        return None
