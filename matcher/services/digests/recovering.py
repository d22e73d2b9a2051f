"""Recovering: rows that were in the hands of a run that is gone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from matcher.services.digests import pausing, planning
from matcher.services.digests.desk import Desk
from matcher.services.digests.holder import is_gone
from matcher.services.digests.patience import patiently
from matcher.services.digests.sending_rules import SendingRules
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.subscribers import subscriber

LOST = "the sender stopped before the server's answer was read"


def recover(desk: Desk, *, now: datetime, rules: SendingRules) -> Counter[str]:
    """Settle what earlier runs left; returns how many rows became `uncertain` and `expired`.

    What was claimed is due again. What was being sent is uncertain: it may have arrived.
    """
    return patiently(lambda: _recovered(desk, now, rules), seconds=rules.patience)


def _recovered(desk: Desk, now: datetime, rules: SendingRules) -> Counter[str]:
    counts: Counter[str] = Counter()
    with open_session(desk.engine, writing=True) as session:
        ledger.end_leases(session, is_gone)
        ledger.release_lapsed(session)
        for id, subscriber_id in ledger.lapsed_sending(session):
            # The person before the row, as everybody does: no two may wait for each other.
            if subscriber_id is not None:
                subscriber(session, subscriber_id, for_update=True)
            row = ledger.lock_lapsed(session, id)
            if row is None:
                continue
            row.state, row.reason, row.lease_until = "uncertain", LOST, None
            row.fence, row.done_at = row.fence + 1, now
            if row.kind == "digest":
                planning.mark_maybe(session, desk, row)
            counts["uncertain"] += 1
        tried_before = now - rules.give_up
        pause = pausing.paused(session)
        unreachable = pause is not None and pause.since <= tried_before
        expired = ledger.expire(session, tried_before=tried_before, now=now, every=unreachable)
        if expired:
            counts["expired"] += expired
        session.commit()
    return counts
