"""Noting: what a mail told is put down with its subscriber, as far as that can be read.

One value that is broken must keep no row open: it would keep all other mails back.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlmodel import Session

from matcher.crypto import SealError
from matcher.services.digests import planning
from matcher.services.digests.desk import Desk
from matcher.services.keys import keys_fit
from matcher.store.deliveries import Delivery

log = structlog.get_logger(__name__)


def note_told(session: Session, desk: Desk, row: Delivery) -> None:
    """The server took the mail: its studies count as told. Does not commit.

    Raises `SealError` if the keys are not those of this database.
    """
    _note(planning.acknowledge, session, desk, row)


def note_maybe(session: Session, desk: Desk, row: Delivery) -> None:
    """The mail may have arrived: its studies are told again, as maybe had. Does not commit.

    Raises `SealError` if the keys are not those of this database.
    """
    _note(planning.mark_maybe, session, desk, row)


def _note(
    put: Callable[[Session, Desk, Delivery], None], session: Session, desk: Desk, row: Delivery
) -> None:
    if row.kind != "digest":
        return
    try:
        put(session, desk, row)
    except (SealError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, SealError) and not keys_fit(session, desk.settings):
            raise
        log.error("what a mail told cannot be read", row=row.id, kind=type(error).__name__)
