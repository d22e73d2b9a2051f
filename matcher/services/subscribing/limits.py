"""Limits: how often one network, one mailbox and all together may ask, and be mailed."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.subscribing.known_by import network_hash
from matcher.store import signups

HOUR = timedelta(hours=1)

NETWORK_WISHES = 20
"""An hour's wishes from one network. A ward, or a household, that shares one asks for less."""

MAILBOX_WISHES = 20
"""An hour's wishes for one mailbox that are kept: whoever floods one takes nobody else's room."""

ALL_WISHES = 2000
"""An hour's wishes from all networks: more than a charity gets in a day, less than hurts."""

CONFIRMATION_PAUSE = timedelta(hours=24)
CONFIRMATIONS = 3
"""So many confirmation mails a mailbox gets without ever having confirmed one."""

FORGIVEN = timedelta(days=365)
"""So long after the last of them it is counted anew: no stranger bars somebody for ever."""

LINK_PAUSE = timedelta(minutes=10)
LINKS_A_DAY = 5

LOOPBACK = "this machine"


class TooManyError(Exception):
    """There were too many wishes in this hour; `until` (aware) is when the next one begins."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wishes in this hour")
        self.until = until


def network_of(address: str | None) -> str:
    """The network that a visitor's address belongs to: the first 24 bits of IPv4, 48 of IPv6."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "no network"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return LOOPBACK
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, bits), strict=False))


def count_wish(
    session: Session, desk: Desk, *, mailbox_key: str, network: str, now: datetime
) -> bool:
    """Count one wish; False if its mailbox was asked for so often that one more says nothing.

    Nothing here depends on whose address it is. Raises `TooManyError`, and then nothing counts.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)

    def fits(key: str, most: int) -> bool:
        return signups.count_if_below(session, key, hour=hour, most=most)

    # Whoever comes from this very machine came through a proxy that nobody listed: one network
    # for everybody, which must not be locked out as one.
    if network != LOOPBACK and not fits(network_hash(desk.hashes, network), NETWORK_WISHES):
        raise TooManyError(hour + HOUR)
    if not fits(mailbox_key, MAILBOX_WISHES):
        return False
    if not fits("", ALL_WISHES):
        raise TooManyError(hour + HOUR)
    return True


def may_confirm(session: Session, mailbox: tuple[str, ...], *, now: datetime) -> bool:
    """Whether a mailbox (its keyed hashes) may get a confirmation mail now; if so, it counts."""
    key = signups.limit_key(session, mailbox, kind="confirmation")
    return signups.count_mail(
        session,
        key,
        kind="confirmation",
        now=now,
        pause=CONFIRMATION_PAUSE,
        most=CONFIRMATIONS,
        since=now - FORGIVEN,
    )


def may_link(session: Session, mailbox: tuple[str, ...], *, now: datetime) -> bool:
    """Whether a mailbox may get the link to its owner's data now; if so, it counts."""
    key = signups.limit_key(session, mailbox, kind="link")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return signups.count_mail(
        session, key, kind="link", now=now, pause=LINK_PAUSE, most=LINKS_A_DAY, since=today
    )
