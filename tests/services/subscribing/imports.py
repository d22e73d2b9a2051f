"""Imports: lines of a file of subscribers, taken in, and what became of whom they name."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

from matcher.services.digests.desk import Desk
from matcher.services.subscribing.importing import Imported, Refusal, import_subscribers
from matcher.services.subscribing.known_by import address_hashes
from matcher.store.database import session
from matcher.store.subscribers import Subscriber, subscriber_by_hash

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANSWERS = {"cancer": ["breast"], "er": "positive"}
LATER_CONSENT = {"version": "2", "at": "2026-11-01T10:00:00-05:00"}


def line(email: str = "ana@example.org", **other: Any) -> dict[str, Any]:
    consent = {"version": "1", "at": "2026-01-02T10:00:00+00:00"}
    base = {"answers": ANSWERS, "frequency": "weekly", "zone": "America/Lima", "language": "es"}
    made = {"email": email, **base, "consent": consent, **other}
    return {key: value for key, value in made.items() if value is not None}


def taken(desk: Desk, *lines: Any) -> tuple[Imported, list[Refusal]]:
    texts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
    refusals: list[Refusal] = []
    file = io.BytesIO(b"\n".join(texts))
    return import_subscribers(desk, file, now=NOW, refuse=refusals.append), refusals


def stored(desk: Desk, email: str = "ana@example.org") -> Subscriber | None:
    with session(desk.engine) as opened:
        return subscriber_by_hash(opened, address_hashes(desk.hashes, email))
