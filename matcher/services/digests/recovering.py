"""Recovering: rows that were in the hands of a run that is gone.

Each step is a transaction of its own: whoever holds several people at once, or rows before their
people, could wait for somebody who waits for them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial

from matcher.services.digests import pausing
from matcher.services.digests.acknowledging import LOST
from matcher.services.digests.desk import Desk
from matcher.services.digests.holder import is_gone
from matcher.services.digests.noting import note_maybe
from matcher.services.digests.patience import patiently
from matcher.services.digests.sending_rules import SendingRules
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.subscribers import subscriber


def recover(desk: Desk, *, now: datetime, rules: SendingRules) -> Counter[str]:
    """Settle what earlier runs left; returns how many rows became `uncertain` and `expired`.

    What was claimed is due again. What was being sent is uncertain: it may have arrived. Raises
    `StoreError`, and `SealError` if the keys are not those of this database.
    """
    counts: Counter[str] = Counter()
    for id, subscriber_id in patiently(lambda: _released(desk), seconds=rules.patience):
        close = partial(_closed, desk, id, subscriber_id, now)
        counts["uncertain"] += patiently(close, seconds=rules.patience)
    counts["expired"] += patiently(lambda: _expired(desk, now, rules), seconds=rules.patience)
    return +counts


def _released(desk: Desk) -> list[tuple[int, int | None]]:
    """Give back what was only claimed; the rows that were being sent, with their subscribers."""
    with open_session(desk.engine, writing=True) as session:
        ledger.end_leases(session, is_gone)
        ledger.release_lapsed(session)
        session.commit()
        return ledger.lapsed_sending(session)


def _closed(desk: Desk, id: int, subscriber_id: int | None, now: datetime) -> bool:
    """Put down that nobody knows whether this mail arrived; False if it was settled meanwhile."""
    with open_session(desk.engine, writing=True) as session:
        # The person before the row, as everybody does: no two may wait for each other.
        if subscriber_id is not None:
            subscriber(session, subscriber_id, for_update=True)
        row = ledger.lock_lapsed(session, id)
        if row is None:
            return False
        row.state, row.reason, row.lease_until = "uncertain", LOST, None
        row.fence, row.done_at = row.fence + 1, now
        note_maybe(session, desk, row)
        session.commit()
    return True


def _expired(desk: Desk, now: datetime, rules: SendingRules) -> int:
    with open_session(desk.engine, writing=True) as session:
        tried_before = now - rules.give_up
        pause = pausing.paused(session)
        unreachable = pause is not None and pause.since <= tried_before
        expired = ledger.expire(session, tried_before=tried_before, now=now, every=unreachable)
        session.commit()
    return expired
