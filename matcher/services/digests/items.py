"""Items: what one digest tells: chosen studies, those that are gone, how many more there are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from matcher.services.digests.seen import NOTHING, Seen

NEW, MOVED, CORRECTED, MAYBE = "new", "moved", "corrected", "maybe"
RETRACTED, SUPERSEDED, WITHDRAWN, RELABELLED = "retracted", "superseded", "withdrawn", "relabelled"


@dataclass(frozen=True)
class Item:
    """A study by its key, with its level's word, and why it is told.

    `why` is ``new``, ``moved`` (then `before` is the earlier level's word), ``corrected`` or
    ``maybe`` (an earlier mail that may have arrived told it). `tender`: it stands on hard ground.
    `number` is the study's in the database.
    """

    study: str
    level: str
    why: str
    before: str | None = None
    tender: bool = False
    number: int = 0


@dataclass(frozen=True)
class Gone:
    """A study that was told and is no longer offered, by its key and title.

    `why` is ``retracted``, ``superseded``, ``withdrawn`` or ``relabelled``.
    """

    study: str
    title: str
    why: str


@dataclass(frozen=True)
class Selection:
    """What a digest tells. `items` are in the engine's order, `more` counts what found no room.

    `first`: no digest was acknowledged before. `last`: it asks whether the mails shall go on.
    `seen_after` is what the digest adds to what was told, once it is acknowledged.
    """

    items: tuple[Item, ...] = ()
    gone: tuple[Gone, ...] = ()
    more: int = 0
    first: bool = False
    last: bool = False
    seen_after: Seen = field(default=NOTHING)

    @property
    def is_due(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.items or self.gone or self.last)

    def to_bytes(self) -> bytes:
        """As JSON, not sealed."""
        shape = {
            "items": [_item_json(item) for item in self.items],
            "gone": [[gone.study, gone.title, gone.why] for gone in self.gone],
            "more": self.more,
            "first": self.first,
            "last": self.last,
            "seen": self.seen_after.to_json(),
        }
        return json.dumps(shape, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Selection:
        """What `to_bytes` wrote."""
        shape = json.loads(raw)
        return cls(
            items=tuple(Item(*item) for item in shape["items"]),
            gone=tuple(Gone(*gone) for gone in shape["gone"]),
            more=shape["more"],
            first=shape["first"],
            last=shape["last"],
            seen_after=Seen.from_json(shape["seen"]),
        )


def _item_json(item: Item) -> list[Any]:
    return [item.study, item.level, item.why, item.before, item.tender, item.number]
