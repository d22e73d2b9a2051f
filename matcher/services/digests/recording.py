"""Recording: what became of a mail, written into the ledger and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from matcher.mail.transport import Fate, Outcome
from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.noting import note_maybe, note_told
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing import stopping
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.deliveries import Delivery
from matcher.store.ledger import Claim
from matcher.store.returned_mails import address_hash_of
from matcher.store.subscribers import subscriber
from matcher.store.suppressions import lock_address

REFUSED = (Fate.FAILED, Fate.STOPPED)
STATES = {
    Fate.SENT: "sent",
    Fate.FAILED: "due",
    Fate.STOPPED: "due",
    Fate.UNCERTAIN: "uncertain",
    Fate.RETRY: "retry",
    Fate.OURS: "due",
    Fate.WITHHELD: "due",
}
"""A refusal is only believed, and the row `failed`, once the run knows that it is not the server
that refuses everybody (`settle`)."""

WITHHELD_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Done:
    """The state that a row came to, and why the run has to stop, if it has to."""

    state: str
    paused: str | None = None


def record(
    desk: Desk, claim: Claim, outcome: Outcome, *, now: datetime, rules: SendingRules
) -> Done:
    """Write down the outcome in one transaction; ``lost`` if the row is no longer this claim's.

    Raises `StoreError`, and `SealError` if the keys are not those of this database.
    """
    with open_session(desk.engine, writing=True) as session:
        row = session.get(Delivery, claim.id)
        if row is not None and row.subscriber_id is not None:
            subscriber(session, row.subscriber_id, for_update=True)
        if row is None:
            return Done("lost", _pause_reason(outcome))
        state, changes = _next_state(row, outcome, now=now, rules=rules)
        ours = ledger.finish(
            session, claim, state=state, reason=outcome.reason, now=now, changes=changes
        )
        if ours and outcome.fate is Fate.SENT:
            note_told(session, desk, row)
        elif ours and outcome.fate is Fate.UNCERTAIN:
            note_maybe(session, desk, row)
        if outcome.fate is Fate.OURS:
            pausing.pause(session, outcome.reason, now)
        elif outcome.fate is Fate.SENT and pausing.paused(session) is not None:
            pausing.clear_pause(session)
        session.commit()
    return Done(state if ours else "lost", _pause_reason(outcome))


def settle(desk: Desk, claim: Claim, outcome: Outcome, *, now: datetime) -> str:
    """Believe a refusal that was recorded: the row has failed; returns its state or ``lost``.

    A refusal that is about the address stops it, a subscriber's or one that was only signed up.
    Raises `StoreError`.
    """
    with open_session(desk.engine, writing=True) as session:
        row = session.get(Delivery, claim.id)
        if row is None:
            return "lost"
        stops = outcome.fate is Fate.STOPPED
        address_hash = address_hash_of(session, row) if stops else None
        # The address before the person before the row, as everybody does: no two may wait for
        # each other.
        if address_hash is not None:
            lock_address(session, [address_hash])
        if row.subscriber_id is not None:
            subscriber(session, row.subscriber_id, for_update=True)
        failed = ledger.finish(
            session, claim, state="failed", reason=outcome.reason, now=now, held=("due",)
        )
        if failed and address_hash is not None:
            stopping.stop(session, desk, address_hash, reason="bounced", now=now)
        session.commit()
    return "failed" if failed else "lost"


def _next_state(
    row: Delivery, outcome: Outcome, *, now: datetime, rules: SendingRules
) -> tuple[str, dict[str, Any]]:
    state, since = STATES[outcome.fate], row.tried_since or now
    if outcome.fate is Fate.WITHHELD:
        return state, {"next_at": now + WITHHELD_WAIT}
    if outcome.fate in REFUSED:
        return state, {"tried_since": since, "next_at": now + rules.refused_wait}
    if outcome.fate is not Fate.RETRY:
        return state, {}
    if now - since >= rules.give_up:
        return "expired", {}
    return state, {"tried_since": since, "next_at": now + rules.wait(now - since)}


def _pause_reason(outcome: Outcome) -> str | None:
    return outcome.reason if outcome.fate is Fate.OURS else None
