"""Resuming: a restored copy sends again, and nothing as new that was perhaps sent already.

Between the backup and the restore digests went out that the copy knows nothing of. So what was
due by the restore counts as perhaps sent: its studies come with the next digest, as maybe had.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.noting import note_maybe
from matcher.services.digests.patience import patiently
from matcher.services.digests.planning import plan
from matcher.store.database import session as open_session
from matcher.store.restored_rows import lock_open_digest, open_digests
from matcher.store.subscribers import subscriber

MAYBE_SENT = "it may have been sent before the restore"
PATIENCE = 10.0


def close_restored(desk: Desk, *, now: datetime) -> int:
    """Count as perhaps sent whatever digests a restored copy owes from before its restore.

    Returns how many; 0 for a database that was not restored. Each is a transaction of its own:
    stopped at any point, the next call does the rest. Raises `StoreError`, and `SealError` if
    the keys are not those of this database.
    """
    with open_session(desk.engine) as session:
        restored_at = pausing.restored(session)
    if restored_at is None:
        return 0
    # What stands there open first: planning would only take its place with the same again.
    count = _close_all(desk, restored_at, now)
    plan(desk, now=restored_at)
    return count + _close_all(desk, restored_at, now)


def resume(desk: Desk) -> bool:
    """Let this database send again; returns whether it had been held back."""
    return _patiently(partial(_resumed, desk))


def _close_all(desk: Desk, restored_at: datetime, now: datetime) -> int:
    with open_session(desk.engine) as session:
        found = open_digests(session, due_by=restored_at)
    return sum(_patiently(partial(_closed, desk, id, person, now)) for id, person in found)


def _closed(desk: Desk, id: int, subscriber_id: int | None, now: datetime) -> bool:
    with open_session(desk.engine, writing=True) as session:
        # The person before the row, as everybody does: no two may wait for each other.
        if subscriber_id is not None:
            subscriber(session, subscriber_id, for_update=True)
        row = lock_open_digest(session, id)
        if row is None:
            return False
        row.state, row.reason, row.lease_until = "uncertain", MAYBE_SENT, None
        row.fence, row.done_at = row.fence + 1, now
        note_maybe(session, desk, row)
        session.commit()
    return True


def _resumed(desk: Desk) -> bool:
    with open_session(desk.engine, writing=True) as session:
        held = pausing.resume(session)
        session.commit()
    return held


def _patiently(work: Callable[[], bool]) -> bool:
    return patiently(work, seconds=PATIENCE)
