"""Status: what the ledger holds, for people and scripts who look after the mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.crypto import SealError
from matcher.mail.message import message_id
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.pausing import Pause, paused, restored
from matcher.store.deliveries import STATES
from matcher.store.ledger_listing import count_states, listed_digests, lost_letters

UNREADABLE = "its studies cannot be opened"


@dataclass(frozen=True)
class DigestRow:
    """One digest as the ledger has it; its fields are the public JSON's.

    `subscriber` is a public id, None once the person is erased; `items` are keys of studies.
    """

    id: int
    subscriber: str | None
    period: str
    state: str
    reason: str | None
    attempts: int
    message_id: str | None
    items: tuple[str, ...]


@dataclass(frozen=True)
class FailedLetter:
    """A confirmation or a link that did not arrive; its fields are the public JSON's.

    Whom it was for does not stand here: who wants it asks again. `at` is aware.
    """

    id: int
    kind: str
    state: str
    reason: str | None
    at: datetime | None


@dataclass(frozen=True)
class Overall:
    """How many digests and how many letters are in each state, and what holds mails back."""

    counts: dict[str, int]
    letters: dict[str, int]
    paused: Pause | None
    restored: datetime | None


def digest_rows(session: Session, desk: Desk, *, newest: int | None = None) -> Iterator[DigestRow]:
    """All digests, oldest first, or the `newest` ones, newest first; read a few at a time.

    Of a row whose studies cannot be opened none are told, and its reason says so.
    """
    sender = desk.settings.mail_from
    for row in listed_digests(session, newest=newest):
        items, reason = _opened(desk, row[7]), row.reason
        if items is None:
            reason = f"{reason}; {UNREADABLE}" if reason else UNREADABLE
        yield DigestRow(
            id=row.id,
            subscriber=row.subscriber,
            period=row.period,
            state=row.state,
            reason=reason,
            attempts=row.attempts,
            message_id=message_id(sender, row.public_id) if sender else None,
            items=items or (),
        )


def _opened(desk: Desk, sealed: bytes | None) -> tuple[str, ...] | None:
    """The keys of a row's studies; None if they cannot be read."""
    if sealed is None:
        return ()
    try:
        return tuple(item.study for item in Selection.from_bytes(desk.safe.open(sealed)).items)
    except (SealError, ValueError, TypeError, KeyError):
        return None


def failed_letters(session: Session, *, newest: int) -> list[FailedLetter]:
    """The newest letters that were refused or given up, newest first."""
    return [FailedLetter(*row) for row in lost_letters(session, newest=newest)]


def overall(session: Session) -> Overall:
    """The counts over the whole ledger; every state is named."""
    none = dict.fromkeys(STATES, 0)
    return Overall(
        counts=none | count_states(session, digests=True),
        letters=none | count_states(session, digests=False),
        paused=paused(session),
        restored=restored(session),
    )
