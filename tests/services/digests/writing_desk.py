"""Writing desk: a database with subscribers and rows of the ledger, whose mails can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from matcher.mail.envelope import Envelope
from matcher.services.digests import letters
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Item, Selection
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.wish import Wish, seal_wish
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber, count_subscribers

MORNING = datetime(2026, 11, 30, 8, tzinfo=UTC)
BASE = "https://matcher.example"


@dataclass
class WritingDesk:
    """Puts people and rows into the database, and writes their mails."""

    desk: Desk

    def subscribe(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        about: str = "self",
        muted: Sequence[str] = (),
        leave_out: bool = False,
        **settings: Any,
    ) -> int:
        """A subscriber; gives their number."""
        if settings.get("standing") == "stopped":
            settings = {"stopped_reason": "unsubscribed", "stopped_at": MORNING, **settings}
        with session(self.desk.engine, writing=True) as opened:
            address = f"ana{count_subscribers(opened)}@example.org"
            profile = Profile(answers or {}, about=about, muted=tuple(muted), leave_out=leave_out)
            row = Subscriber(
                address_hash=address_hashes(self.desk.hashes, address)[0],
                address=self.desk.safe.seal(address.encode()),
                profile=seal_profile(self.desk.safe, profile),
                **{
                    "frequency": "weekly",
                    "language": "en",
                    "zone": "America/Bogota",
                    "consent_version": "1",
                    "consent_at": MORNING,
                    "confirmed_at": MORNING,
                    "renewed_at": MORNING,
                    **settings,
                },
            )
            opened.add(row)
            opened.commit()
            assert row.id is not None
            return row.id

    def ask(self, **wish: Any) -> int:
        """A sign-up that waits; gives its number."""
        chosen = Wish(**{"address": "bo@example.org", "language": "en", **wish})
        with session(self.desk.engine, writing=True) as opened:
            row = Signup(
                kind="subscribe",
                state="mailed",
                address_hash="0" * 64,
                mailbox_hash="0" * 64,
                network_hash="0" * 64,
                sealed=seal_wish(self.desk.safe, chosen),
                asked_at=MORNING,
            )
            opened.add(row)
            opened.commit()
            assert row.id is not None
            return row.id

    def row(self, kind: str, **values: Any) -> Delivery:
        """A row of the ledger; nothing of it need be in the database."""
        times = {"due_at": MORNING, "next_at": MORNING, "planned_at": MORNING}
        return Delivery(kind=kind, period=f"{kind}-1", **times, **values)

    def digest(self, subscriber: int, selection: Selection, **values: Any) -> Envelope | None:
        """The mail of a digest."""
        items = self.desk.safe.seal(selection.to_bytes())
        return self.write(self.row("digest", subscriber_id=subscriber, items=items, **values))

    def write(self, row: Delivery, *, now: datetime = MORNING) -> Envelope | None:
        """The mail of a row."""
        with session(self.desk.engine, writing=True) as opened:
            envelope = letters.write(opened, self.desk, row, now=now)
            opened.commit()
            return envelope

    def chosen(self, *keys: str, **values: Any) -> Selection:
        """A selection of these studies, all new, numbered from 1."""
        items = tuple(Item(key, "fits", "new", number=n) for n, key in enumerate(keys, start=1))
        return Selection(items=items, **values)
