"""Recording: what became of a mail, written into the ledger and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from matcher.mail.transport import Fate, Outcome
from matcher.services.digests import pausing, planning
from matcher.services.digests.desk import Desk
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.subscribing import stopping
from matcher.store import ledger
from matcher.store.database import session as open_session
from matcher.store.deliveries import Delivery
from matcher.store.ledger import Claim
from matcher.store.subscribers import Subscriber, subscriber

STATES = {
    Fate.SENT: "sent",
    Fate.FAILED: "failed",
    Fate.STOPPED: "failed",
    Fate.UNCERTAIN: "uncertain",
    Fate.RETRY: "retry",
    Fate.OURS: "due",
    Fate.WITHHELD: "due",
}
WITHHELD_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Done:
    """The state that a row came to, and why the run has to stop, if it has to."""

    state: str
    paused: str | None = None


def record(
    desk: Desk, claim: Claim, outcome: Outcome, *, now: datetime, rules: SendingRules
) -> Done:
    """Write down the outcome in one transaction; ``lost`` if the row is no longer this claim's."""
    with open_session(desk.engine, writing=True) as session:
        row = session.get(Delivery, claim.id)
        if row is None:
            return Done("lost", _pause_reason(outcome))
        # The person before the row, as everybody does: no two may wait for each other.
        person = (
            subscriber(session, row.subscriber_id, for_update=True) if row.subscriber_id else None
        )
        state, changes = _next_state(row, outcome, now=now, rules=rules)
        ours = ledger.finish(
            session, claim, state=state, reason=outcome.reason, now=now, changes=changes
        )
        if ours:
            _follow(session, desk, row, person, outcome, now=now)
        if outcome.fate is Fate.OURS:
            pausing.pause(session, outcome.reason, now)
        elif outcome.fate is Fate.SENT and pausing.paused(session) is not None:
            pausing.clear_pause(session)
        session.commit()
    return Done(state if ours else "lost", _pause_reason(outcome))


def _next_state(
    row: Delivery, outcome: Outcome, *, now: datetime, rules: SendingRules
) -> tuple[str, dict[str, Any]]:
    state = STATES[outcome.fate]
    if outcome.fate is Fate.WITHHELD:
        return state, {"next_at": now + WITHHELD_WAIT}
    if outcome.fate is not Fate.RETRY:
        return state, {}
    since = row.tried_since or now
    if now - since >= rules.give_up:
        return "expired", {}
    return state, {"tried_since": since, "next_at": now + rules.wait(row.attempts)}


def _follow(
    session: Session,
    desk: Desk,
    row: Delivery,
    person: Subscriber | None,
    outcome: Outcome,
    *,
    now: datetime,
) -> None:
    """What an outcome means for the person that the mail was for."""
    if outcome.fate is Fate.STOPPED and person is not None:
        stopping.stop(session, desk, person.address_hash, reason="bounced", now=now)
    if row.kind != "digest" or person is None:
        return
    if outcome.fate is Fate.SENT:
        planning.acknowledge(session, desk, row)
    elif outcome.fate is Fate.UNCERTAIN:
        planning.mark_maybe(session, desk, row)


def _pause_reason(outcome: Outcome) -> str | None:
    return outcome.reason if outcome.fate is Fate.OURS else None
