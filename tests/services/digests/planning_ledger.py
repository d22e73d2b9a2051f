"""Planning ledger: a desk with a catalogue and subscribers, and a look at what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.config import Settings
from matcher.core.conditions import Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.planning import (
    Planned,
    acknowledge,
    plan,
)
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.digests.seen import Seen, open_seen
from matcher.services.live import LiveMatcher
from matcher.store import studies
from matcher.store.clock import db_now
from matcher.store.database import session
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.subscribers import Subscriber
from tests.factories import StudyFactory, SubscriberFactory

WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
ER = {"cancer_status": "now", "cancer": ["breast"], "er": "positive"}


@dataclass
class Ledger:
    """A desk with a catalogue and subscribers, and a look at what became of them."""

    desk: Desk

    def publish(self, *titles: str, tag: str = "er_positive") -> None:
        with session(self.desk.engine, writing=True) as opened:
            for title in titles:
                study = StudyFactory(title=title, most=Audience(title, Tag(tag)), also=())
                studies.add(opened, study, rules_version=self.desk.book.version, now=WEDNESDAY)
            opened.commit()

    def change(self, key: str, **how: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            row = studies.row_by_key(opened, key)
            assert row is not None
            study: Study = replace(row.body, **how)
            studies.change(opened, row, study, rules_version=row.rules_version, now=WEDNESDAY)
            opened.commit()

    def subscribe(self, answers: dict[str, Any] | None = None, **how: Any) -> int:
        about = {key: how.pop(key) for key in ("about", "leave_out", "muted") if key in how}
        profile = seal_profile(self.desk.safe, Profile(ER if answers is None else answers, **about))
        row = SubscriberFactory(**{"profile": profile, "renewed_at": WEDNESDAY, **how})
        with session(self.desk.engine, writing=True) as opened:
            opened.add(row)
            opened.commit()
        return row.id

    def plan(self, now: datetime = WEDNESDAY, **how: Any) -> Planned:
        return plan(self.desk, now=now, **how)

    def rows(self) -> list[Delivery]:
        with session(self.desk.engine) as opened:
            return list(opened.scalars(sa.select(Delivery).order_by(delivery_table.c.id)))

    def states(self) -> list[tuple[str, str]]:
        return [(row.period, row.state) for row in self.rows()]

    def titles(self, row: Delivery) -> list[str]:
        return [item.study for item in self.selection(row).items]

    def selection(self, row: Delivery) -> Selection:
        assert row.items is not None
        return Selection.from_bytes(self.desk.safe.open(row.items))

    def set(self, row: Delivery, **columns: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            changed = sa.update(delivery_table).where(delivery_table.c.id == row.id)
            opened.execute(changed.values(**columns))
            opened.commit()

    def set_person(self, id: int, **columns: Any) -> None:
        with session(self.desk.engine, writing=True) as opened:
            person = opened.get(Subscriber, id)
            assert person is not None
            for name, value in columns.items():
                setattr(person, name, value)
            opened.commit()

    def follow(self, step: Callable[[Session, Desk, Delivery], None], row: Delivery) -> None:
        state = "sent" if step is acknowledge else "uncertain"
        with session(self.desk.engine, writing=True) as opened:
            own = opened.get(Delivery, row.id)
            assert own is not None
            step(opened, self.desk, own)
            own.state = state
            opened.commit()

    def seen(self, id: int) -> Seen:
        with session(self.desk.engine) as opened:
            person = opened.get(Subscriber, id)
            assert person is not None
            return open_seen(self.desk.safe, person.seen)

    def clock(self) -> datetime:
        with session(self.desk.engine) as opened:
            return db_now(opened)


def ledger_on(engine: sa.Engine, rulebook: Rulebook, folder: Path) -> Ledger:
    settings = Settings(
        instance=folder,
        database_url="",
        secret_key="s" * 32,
        data_key="d" * 32,
        lookup_key="l" * 32,
    )
    return Ledger(Desk(engine, rulebook, LiveMatcher(engine, rulebook), settings))
