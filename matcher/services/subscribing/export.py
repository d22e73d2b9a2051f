"""Export: everything that is held about one person, as JSON that they may take with them.

What a person knows by name comes first. The rest is made from the tables themselves, column by
column: what a table gains later is in it too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from matcher.crypto import SealError
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.subscribing.erasing import known_by
from matcher.services.subscribing.own_data import opened
from matcher.services.subscribing.renewing import ends_at
from matcher.store.columns import table_of
from matcher.store.deliveries import Delivery, delivery_table
from matcher.store.signups import MailboxLimit, Signup, mailbox_table, signup_table
from matcher.store.studies import StudyRow
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import Suppression, suppression
from matcher.store.visits import Visit, visits_of

LOCKED = "locked: only the browser that holds its key can open it"


def export(session: Session, desk: Desk, person: Subscriber) -> dict[str, Any]:
    """What is held about a subscriber. `profile` is a profile of the contract, to be loaded
    again; reviews stand with their titles. `technical`, at the end, has a list of rows for each
    table, with every column of theirs."""
    own = opened(desk, person)
    hashes, _ = known_by(desk, person)
    mails = list(session.scalars(_theirs(person, hashes)))
    told = [(mail, _selection(desk, mail)) for mail in mails]
    keys = {*own.profile.muted, *(item.study for _, one in told for item in one.items)}
    titles = _titles(session, keys)
    return {
        "address": own.address,
        "choices": {
            "emails": person.standing,
            "frequency": person.frequency,
            "language": person.language,
            "time_zone": person.zone,
            "detail": person.detail,
            "about": own.profile.about,
            "hard_topics_left_out": own.profile.leave_out,
        },
        "profile": {"answers": dict(own.profile.answers)},
        "muted": [titles.get(key, key) for key in own.profile.muted],
        "mails": [_mail(mail, selection, titles) for mail, selection in told],
        "agreed": {"at": person.consent_at.isoformat(), "wording": person.consent_version},
        "ends_at": ends_at(person.renewed_at).isoformat(),
        "technical": _technical(session, desk, person, mails),
    }


def _mail(mail: Delivery, selection: Selection, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": mail.kind,
        "state": mail.state,
        "at": (mail.done_at or mail.planned_at).isoformat(),
        "reviews": [titles.get(item.study, item.study) for item in selection.items],
        "no_longer_offered": [gone.title for gone in selection.gone],
    }


def _selection(desk: Desk, mail: Delivery) -> Selection:
    """What a mail told; nothing where it can no longer be opened."""
    try:
        return Selection.from_bytes(desk.safe.open(mail.items)) if mail.items else Selection()
    except SealError:
        return Selection()


def _titles(session: Session, keys: Iterable[str]) -> Mapping[str, str]:
    study = table_of(StudyRow).c
    wanted = sa.select(study.key, study.title).where(study.key.in_(keys))
    return {row.key: row.title for row in session.execute(wanted)}


def _technical(
    session: Session, desk: Desk, person: Subscriber, mails: list[Delivery]
) -> dict[str, Any]:
    hashes, mailboxes = known_by(desk, person)
    rows: dict[type[SQLModel], Any] = {
        Subscriber: [person],
        Delivery: mails,
        Signup: session.scalars(sa.select(Signup).where(signup_table.c.address_hash.in_(hashes))),
        MailboxLimit: session.scalars(
            sa.select(MailboxLimit).where(mailbox_table.c.mailbox_hash.in_(mailboxes))
        ),
        Suppression: filter(None, [suppression(session, hashes)]),
        Visit: visits_of(session, person.public_id),
    }
    return {
        str(table.__tablename__): [dict(_columns(desk, row)) for row in found]
        for table, found in rows.items()
    }


def export_text(session: Session, desk: Desk, person: Subscriber) -> str:
    """The same as text, to be read by people too."""
    return json.dumps(export(session, desk, person), ensure_ascii=False, indent=2) + "\n"


def _theirs(person: Subscriber, hashes: tuple[str, ...]) -> sa.Select[Delivery]:
    asked = sa.select(signup_table.c.id).where(signup_table.c.address_hash.in_(hashes))
    row = delivery_table.c
    mine = sa.or_(row.subscriber_id == person.id, row.signup_id.in_(asked))
    return sa.select(Delivery).where(mine).order_by(row.id)


def _columns(desk: Desk, row: SQLModel) -> Iterator[tuple[str, Any]]:
    for column in table_of(type(row)).columns:
        value = getattr(row, column.name)
        if isinstance(value, bytes):
            yield column.name, _unsealed(desk, value)
        else:
            yield column.name, value.isoformat() if isinstance(value, datetime) else value


def _unsealed(desk: Desk, sealed: bytes) -> Any:
    try:
        plain = desk.safe.open(sealed).decode()
    except SealError:
        return LOCKED
    try:
        return json.loads(plain)
    except ValueError:
        return plain
