"""The export: all that is held about one person, opened, and nothing of anybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import Session

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_profile
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Item
from matcher.services.digests.profile import Profile
from matcher.services.digests.seen import Seen, Told, seal_seen
from matcher.services.subscribing import entering
from matcher.services.subscribing.export import LOCKED, export, export_text
from matcher.services.subscribing.known_by import mailbox_hashes
from matcher.services.subscribing.tokens import manage_token
from matcher.store.columns import table_of
from matcher.store.database import session
from matcher.store.signups import MailboxLimit
from matcher.store.suppressions import suppress
from matcher.store.tables import TABLES
from tests.factories import StudyRowFactory
from tests.services.subscribing.kept import (
    ADDRESS,
    ANSWERS,
    NOW,
    add_mail,
    add_person,
    add_wish,
    person_of,
)

PERSONAL = {"sealed person", "sealed answers", "keyed hash", "token hash", "choice"}
# What these hold is no subscriber's: hashes of networks, kept for two days; failed sign-ins at
# the desk; the people of panels, who have an export of their own.
OF_THE_DESK = {"panel_look", "panel_person", "person_study", "person_note"}
OF_NOBODY = {"network_limit", "sign_in_try", *OF_THE_DESK}
# Where nothing depends on the kind of database, one is enough.
one_store = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def test_the_export_holds_every_column_that_is_a_persons(desk: Desk) -> None:
    held = exported(desk)["technical"]
    missing = [
        f"{table.__tablename__}.{column.name}"
        for table in TABLES
        for column in table_of(table).columns
        if column.info["holds"] in PERSONAL and table.__tablename__ not in OF_NOBODY
        if not any(column.name in row for row in held.get(table.__tablename__, []))
    ]
    assert missing == []


@one_store
def test_the_export_is_opened_and_its_profile_can_be_loaded_again(
    desk: Desk, rulebook: Rulebook
) -> None:
    found = exported(desk)
    assert found["address"] == ADDRESS
    assert read_profile(found["profile"], rulebook).given["cancer_status"] == "now"
    (person,) = found["technical"]["subscriber"]
    assert person["profile"]["answers"] == ANSWERS
    assert person["seen"]["t"] == [[1, 1, 0, [1]]]
    digest = next(mail for mail in found["technical"]["delivery"] if mail["kind"] == "digest")
    assert digest["items"]["items"][0][0] == "a-study"
    (wish,) = found["technical"]["signup"]
    assert wish["sealed"]["address"] == ADDRESS
    # Of a visit we hold what only its browser can open.
    assert {visit["sealed"] for visit in found["technical"]["visit"]} == {LOCKED}


@one_store
def test_what_a_person_knows_by_name_comes_first_and_the_inside_last(desk: Desk) -> None:
    found = exported(desk)
    names = ["address", "choices", "profile", "muted", "mails", "agreed", "ends_at", "technical"]
    assert list(found) == names
    assert found["choices"]["frequency"] == "weekly"
    assert found["choices"]["emails"] == "active"
    assert found["muted"] == ["A study of things", "gone-by-now"]
    (mail,) = (mail for mail in found["mails"] if mail["kind"] == "digest")
    assert mail["reviews"] == ["A study of things"]
    assert (mail["state"], mail["at"]) == ("sent", NOW.isoformat())


@one_store
def test_the_export_is_of_one_person(desk: Desk) -> None:
    everything = json.dumps(exported(desk))
    assert "other@example.org" not in everything
    other = person_of(desk, "other@example.org")
    assert other is not None
    assert other.public_id not in everything
    with session(desk.engine) as started:
        alone = export(started, desk, other)["technical"]
        assert json.loads(export_text(started, desk, other))["technical"] == alone
    assert {table: len(rows) for table, rows in alone.items() if rows} == {"subscriber": 1}


def exported(desk: Desk) -> dict[str, Any]:
    """The export of somebody about whom every table holds something."""
    seen = seal_seen(desk.safe, Seen({1: Told(1, 1, "sent")}))
    profile = Profile(ANSWERS, muted=("a-study", "gone-by-now"))
    public_id = add_person(desk, seen=seen, profile=profile)
    add_person(desk, "other@example.org")
    add_mail(desk, items=[Item("a-study", "fits", "new")])
    add_wish(desk)
    with session(desk.engine, writing=True) as started:
        started.add(StudyRowFactory(key="a-study", title="A study of things"))
        entering.enter(started, desk, manage_token(desk.hashes, public_id, now=NOW), now=NOW)
        person = person_of(desk)
        assert person is not None
        suppress(started, person.address_hash, reason="unsubscribed", now=NOW)
        limit_mails(started, desk)
        started.commit()
        return export(started, desk, person)


def limit_mails(started: Session, desk: Desk) -> None:
    mailbox = mailbox_hashes(desk.hashes, "annsmith@example.org")[0]
    row = {"mailbox_hash": mailbox, "kind": "link", "last_at": NOW, "unconfirmed": 1}
    started.add(MailboxLimit.model_validate(row))
