"""Acknowledging: what a digest told is put down with its subscriber, surely or maybe."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.seen import Seen, open_seen, seal_seen
from matcher.services.digests.unsealing import unsealing
from matcher.store.deliveries import Delivery
from matcher.store.subscribers import subscriber

LOST = "the sender stopped before the server's answer was read"
"""Why a mail is uncertain whose sender is gone."""


def acknowledge(session: Session, desk: Desk, row: Delivery) -> None:
    """The server took the mail: its studies count as told. Does not commit.

    Raises `SealError` where what was told, or what the mail told, cannot be read.
    """
    _put(session, desk, row, lambda seen, selection: seen.after(selection.seen_after))


def mark_maybe(session: Session, desk: Desk, row: Delivery) -> None:
    """The mail may have arrived: its studies are told again, as maybe had. Does not commit.

    Raises `SealError` as `acknowledge` does.
    """
    _put(session, desk, row, with_maybe)


def with_maybe(seen: Seen, selection: Selection) -> Seen:
    """What is told once a mail with this selection may or may not have arrived."""
    return seen.maybe_after((item.number for item in selection.items), selection.seen_after)


def _put(
    session: Session, desk: Desk, row: Delivery, change: Callable[[Seen, Selection], Seen]
) -> None:
    if row.subscriber_id is None or row.items is None:
        return
    person = subscriber(session, row.subscriber_id, for_update=True)
    if person is None:
        return
    with unsealing():
        selection = Selection.from_bytes(desk.safe.open(row.items))
        seen = change(open_seen(desk.safe, person.seen), selection)
    person.seen = seal_seen(desk.safe, seen)
