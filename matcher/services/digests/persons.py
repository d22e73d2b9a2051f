"""Persons: subscribers as choosing needs them, and what a row says of what was chosen for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from matcher.core.answers import Answers
from matcher.schemas.stored_answers import answers_from_stored
from matcher.services.digests.asking import NOTICE
from matcher.services.digests.choosing import Wishes, choose
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.periods import following
from matcher.services.digests.profile import open_profile
from matcher.services.digests.seen import Seen, open_seen, stamp_of
from matcher.services.digests.stock import Stock
from matcher.services.digests.unsealing import unsealing
from matcher.services.subscribing.adults import is_adult
from matcher.services.subscribing.renewing import MONTHS, months_later
from matcher.store.digest_rows import Subscription

NOTHING_NEW = "nothing new"
LATE = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """A subscriber as choosing needs them. Nobody who is not `adult` is mailed. `after_loss`:
    somebody they love died of cancer."""

    answers: Answers
    seen: Seen
    wishes: Wishes
    adult: bool
    after_loss: bool = False


def person_of(
    desk: Desk,
    stock: Stock,
    subscriber: Subscription,
    owed: Sequence[Selection],
    *,
    asks: bool,
    asked: bool,
) -> Person:
    """A subscriber as choosing needs them; `asks` and `asked` are the wishes' `last` and `asked`.

    Raises `SealError` without the right key, and where what is stored of them has another shape.
    """
    with unsealing():
        profile = open_profile(desk.safe, subscriber.profile, of=subscriber.public_id)
        number_of = stock.shelf.number_of
        wishes = Wishes(
            stamp=stamp_of(profile.answers),
            muted={number_of[key] for key in profile.muted if key in number_of},
            leave_out=profile.leave_out,
            owed={item.number for selection in owed for item in selection.items},
            last=asks,
            asked=asked,
        )
        answers = answers_from_stored(profile.answers, desk.book)
        seen = open_seen(desk.safe, subscriber.seen)
        after_loss = profile.about == "loss"
        return Person(answers, seen, wishes, is_adult(profile.answers), after_loss)


def choose_for(stock: Stock, people: Sequence[Person], *, now: datetime) -> Iterator[Selection]:
    """What each person's digest tells."""
    standings = stock.standings(
        [person.answers for person in people],
        today=now.astimezone(UTC).date(),
        after_loss=[person.after_loss for person in people],
    )
    for person, standing in zip(people, standings, strict=True):
        yield choose(stock.shelf, standing, person.seen, person.wishes)


def outcome_values(
    desk: Desk, stock: Stock, subscriber: Subscription, selection: Selection, *, now: datetime
) -> dict[str, Any]:
    """The columns of a row that follow from what was chosen, and from what."""
    due = selection.is_due
    return {
        "state": "due" if due else "empty",
        "reason": None if due else NOTHING_NEW,
        "done_at": None if due else now,
        "items": desk.safe.seal(selection.to_bytes()) if due else None,
        "subscriber_version": subscriber.version,
        "catalogue_version": stock.version,
        "rules_version": stock.shelf.rules,
    }


def asks_to_keep(desk: Desk, subscriber: Subscription, due_at: datetime) -> bool:
    """Whether the digest that was due then asks if the mails shall go on.

    It does when the one after it would leave less than `NOTICE` to answer; that one may be
    planned some hours late.
    """
    next_one = following(
        subscriber.frequency, subscriber.zone, digest_time=desk.settings.digest_time, after=due_at
    )
    return subscriber.renewed_at <= months_later(next_one.due_at + LATE + NOTICE, -MONTHS)


def renewed_after(now: datetime) -> datetime:
    """Who is mailed began or renewed later than this: a subscription ends after twelve months."""
    return months_later(now, -MONTHS)


def is_planned(subscriber: Subscription, *, now: datetime) -> bool:
    """Whether somebody gets digests."""
    return subscriber.standing == "active" and subscriber.renewed_at > renewed_after(now)
