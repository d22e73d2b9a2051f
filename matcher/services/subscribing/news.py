"""News: what the last digest told one person, as it stands for them now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from matcher.core.matching import Match, Outcome
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Gone, Item, Selection
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.subscribers import Subscriber

TOLD = ("sent", "uncertain")


@dataclass(frozen=True)
class News:
    """The last digest: when it was sent, its reviews with their matches of today, and what it
    said was taken back. `tender` are reviews on hard ground, `more` those that found no room;
    `first`: no digest came before it."""

    at: datetime
    plain: tuple[tuple[Item, Match], ...]
    tender: tuple[tuple[Item, Match], ...]
    gone: tuple[Gone, ...]
    more: int
    first: bool


def last_news(
    session: Session, desk: Desk, person: Subscriber, *, find: Callable[[str], Match | None]
) -> News | None:
    """What the last digest told; None before the first one. `find` gives a study's match, None
    for one that is not to be shown."""
    row = session.scalar(_last_digest(person))
    if row is None or row.items is None:
        return None
    selection = Selection.from_bytes(desk.safe.open(row.items))
    found = [(item, match) for item in selection.items if (match := find(item.study))]
    return News(
        at=row.done_at or row.planned_at,
        plain=tuple(pair for pair in found if not pair[0].tender),
        tender=tuple(pair for pair in found if pair[0].tender),
        gone=selection.gone,
        more=selection.more,
        first=selection.first,
    )


def matches_by_key(outcome: Outcome) -> Mapping[str, int]:
    """Where each listed study stands among somebody's matches."""
    everything = range(len(outcome.matches))
    return {study.key: place for place, study in enumerate(outcome.matches.studies(everything))}


def _last_digest(person: Subscriber) -> sa.Select[Delivery]:
    row = delivery_table.c
    told = sa.and_(row.kind == "digest", row.state.in_(TOLD), row["items"].is_not(None))
    mine = sa.select(Delivery).where(row.subscriber_id == person.id, told)
    return mine.order_by(row.due_at.desc(), row.id.desc()).limit(1)
