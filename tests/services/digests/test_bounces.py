"""Bounces: a report stops an address only if it names a mail that this address was sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matcher.mail.addresses import return_path
from matcher.mail.reports import Report, Verdict
from matcher.services.digests.bounces import Deed, Heard, hear_report
from matcher.services.digests.desk import Desk
from matcher.services.subscribing import journal
from matcher.services.subscribing.known_by import address_hashes
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber, subscriber_by_hash
from matcher.store.suppressions import suppression
from tests.services.subscribing.kept import ADDRESS, add_mail, add_person

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENDER = "news@example.org"


def mailed(desk: Desk, *, state: str = "sent", attempts: int = 1) -> tuple[int, str]:
    """A subscriber's mail: its number and its public id."""
    add_person(desk)
    number = add_mail(desk, state=state)
    with session(desk.engine, writing=True) as opened:
        row = opened.get(Delivery, number)
        assert row
        row.attempts, row.reason = attempts, "taken: 250"
        opened.commit()
        return number, row.public_id


def heard(
    desk: Desk,
    verdict: Verdict,
    *,
    status: str = "5.1.1",
    sent_to: tuple[str, ...] = (),
    returned: tuple[str, ...] = (),
) -> Heard:
    with session(desk.engine, writing=True) as opened:
        return hear_report(opened, desk, Report(verdict, status, sent_to, returned), now=NOW)


def way_back(desk: Desk, public_id: str) -> tuple[str, ...]:
    return (return_path(SENDER, public_id, desk.hashes),)


def row(desk: Desk, number: int) -> Delivery:
    with session(desk.engine) as opened:
        found = opened.get(Delivery, number)
        assert found
        return found


def person(desk: Desk) -> Subscriber:
    with session(desk.engine) as opened:
        found = subscriber_by_hash(opened, address_hashes(desk.hashes, ADDRESS.lower()))
        assert found
        return found


def test_a_dead_address_gets_no_more_mails_and_the_row_stays_sent(kept_desk: Desk) -> None:
    number, public_id = mailed(kept_desk)
    waiting = add_mail(kept_desk, state="due", period="2026-W48")
    told = heard(kept_desk, Verdict.DEAD, sent_to=way_back(kept_desk, public_id))
    assert told.deed is Deed.STOPPED
    found = person(kept_desk)
    assert (found.standing, found.stopped_reason, found.version) == ("stopped", "bounced", 2)
    assert (row(kept_desk, number).state, row(kept_desk, number).reason) == (
        "sent",
        "returned: 5.1.1",
    )
    assert row(kept_desk, waiting).state == "cancelled"
    assert [entry.what for entry in journal.entries(kept_desk)] == ["bounced"]
    again = heard(kept_desk, Verdict.DEAD, sent_to=way_back(kept_desk, public_id))
    assert again.deed is Deed.NOTHING
    assert person(kept_desk).version == 2


def test_a_complaint_stops_too(kept_desk: Desk) -> None:
    _, public_id = mailed(kept_desk)
    told = heard(kept_desk, Verdict.COMPLAINT, status="abuse", returned=(f"<{public_id}@x.org>",))
    assert told.deed is Deed.STOPPED
    assert person(kept_desk).stopped_reason == "complained"


def test_a_mail_that_failed_is_noted_and_no_more(kept_desk: Desk) -> None:
    number, public_id = mailed(kept_desk)
    sent_to = way_back(kept_desk, public_id)
    assert heard(kept_desk, Verdict.FAILED, status="5.2.2", sent_to=sent_to).deed is Deed.NOTED
    found = row(kept_desk, number)
    assert (found.state, found.reason) == ("sent", "returned: 5.2.2")
    assert person(kept_desk).standing == "active"


@pytest.mark.parametrize("verdict", [Verdict.DELAYED, Verdict.DELIVERED, Verdict.OTHER])
def test_nothing_follows_from_what_is_no_failure(kept_desk: Desk, verdict: Verdict) -> None:
    number, public_id = mailed(kept_desk)
    told = heard(kept_desk, verdict, sent_to=way_back(kept_desk, public_id))
    assert told.deed is Deed.NOTHING
    assert row(kept_desk, number).reason == "taken: 250"


def test_what_is_forged_or_unknown_changes_nothing(kept_desk: Desk) -> None:
    _, public_id = mailed(kept_desk)
    (good,) = way_back(kept_desk, public_id)
    letter = "a" if good[-20] != "a" else "b"
    at = good.index("@") - 3
    forged = good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1 :]
    other = way_back(kept_desk, "12" * 16)[0]
    known, unknown = f"<{public_id}@example.org>", f"<{'ab' * 16}@example.org>"
    tries: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        ((), ()),
        (("news@example.org",), ()),
        ((forged,), ()),
        ((forged,), (known,)),
        ((forged, good), ()),
        ((good, other), ()),
        ((other,), (known,)),
        ((), (unknown,)),
        ((), (known, unknown)),
        ((), ("<short@example.org>",)),
        ((f"{letter}@x.org",), ()),
    ]
    for sent_to, returned in tries:
        told = heard(kept_desk, Verdict.DEAD, sent_to=sent_to, returned=returned)
        assert told.deed is Deed.REFUSED, (sent_to, returned)
        assert "@" not in told.why
    assert person(kept_desk).standing == "active"


def test_a_mail_that_was_never_sent_cannot_have_come_back(kept_desk: Desk) -> None:
    _, public_id = mailed(kept_desk, state="due", attempts=0)
    told = heard(kept_desk, Verdict.DEAD, sent_to=way_back(kept_desk, public_id))
    assert told.deed is Deed.REFUSED
    assert person(kept_desk).standing == "active"


def test_a_confirmation_that_came_back_stops_that_address(kept_desk: Desk) -> None:
    (address_hash, *_) = address_hashes(kept_desk.hashes, "wrong@example.org")
    with session(kept_desk.engine, writing=True) as opened:
        wish = Signup(
            kind="subscribe",
            address_hash=address_hash,
            mailbox_hash="m" * 64,
            network_hash="n" * 64,
            sealed=kept_desk.safe.seal(b"{}"),
            asked_at=NOW,
        )
        opened.add(wish)
        opened.flush()
        mail = Delivery(
            kind="confirmation",
            signup_id=wish.id,
            period=f"confirmation-{wish.id}",
            state="sent",
            attempts=1,
            due_at=NOW,
            next_at=NOW,
            planned_at=NOW,
            done_at=NOW,
        )
        opened.add(mail)
        opened.commit()
        public_id = mail.public_id
    told = heard(kept_desk, Verdict.DEAD, sent_to=way_back(kept_desk, public_id))
    assert told.deed is Deed.STOPPED
    with session(kept_desk.engine) as opened:
        entry = suppression(opened, [address_hash])
        assert entry
        assert entry.reason == "bounced"


def test_of_somebody_erased_nothing_is_left_to_stop(kept_desk: Desk) -> None:
    number, public_id = mailed(kept_desk)
    with session(kept_desk.engine, writing=True) as opened:
        found = opened.get(Delivery, number)
        assert found
        found.subscriber_id = None
        opened.commit()
    told = heard(kept_desk, Verdict.DEAD, sent_to=way_back(kept_desk, public_id))
    assert told.deed is Deed.NOTHING
