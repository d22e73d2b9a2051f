"""Own data: every change is a new version, nothing is changed for anybody else, all is exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_profile
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Item
from matcher.services.digests.profile import Profile
from matcher.services.digests.seen import Seen, Told, seal_seen
from matcher.services.subscribing import entering, own_data
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.export import LOCKED, export, export_text
from matcher.services.subscribing.journal import entries
from matcher.services.subscribing.known_by import mailbox_hashes
from matcher.services.subscribing.muting import mute_by_link, whose_link
from matcher.services.subscribing.own_data import ChoiceError, GoneError, Settings, opened
from matcher.services.subscribing.stopping import stop
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token
from matcher.services.visits import Visit, begin_with, open_visit
from matcher.store.database import session
from matcher.store.signups import MailboxLimit
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import suppress, suppression
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

LATER = NOW + timedelta(days=40)
PERSONAL = {"sealed person", "sealed answers", "keyed hash", "token hash", "choice"}
# What these hold is nobody's: hashes of networks, kept for two days.
OF_NOBODY = {"network_limit"}
# Where nothing depends on the kind of database, one is enough.
one_store = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Change = Callable[[Session, Desk, str], object]
CHANGES: dict[str, tuple[Change, Callable[[Subscriber, Profile], Any], Any]] = {
    "settings": (
        lambda s, _, n: own_data.change_settings(
            s, n, Settings("monthly", "es", "America/Lima", "count")
        ),
        lambda p, _: (p.frequency, p.language, p.zone, p.detail),
        ("monthly", "es", "America/Lima", "count"),
    ),
    "pause": (lambda s, _, n: own_data.pause(s, n), lambda p, _: p.standing, "paused"),
    "keep": (
        lambda s, _, n: own_data.keep(s, n, now=LATER),
        lambda p, _: p.renewed_at,
        LATER,
    ),
    "mute": (
        lambda s, d, n: own_data.mute(s, d, n, "a-study"),
        lambda _, profile: profile.muted,
        ("a-study",),
    ),
    "answers": (
        lambda s, d, n: own_data.keep_answers(s, d, n, {"age": 70}, about="other", leave_out=True),
        lambda _, profile: profile,
        Profile({"age": 70}, "other", leave_out=True),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_kept_once_and_makes_a_new_version(desk: Desk, name: str) -> None:
    change, read, expected = CHANGES[name]
    public_id = add_person(desk)
    add_person(desk, "other@example.org")
    for _ in range(2):
        with session(desk.engine, writing=True) as started:
            change(started, desk, public_id)
        person = person_of(desk)
        assert person is not None
        assert read(person, opened(desk, person).profile) == expected
        # The second time nothing changes any more: mails under way stay good.
        assert person.version == 2
    other = person_of(desk, "other@example.org")
    assert other is not None
    assert (other.version, other.standing, other.frequency) == (1, "active", "weekly")


def test_nothing_can_be_changed_of_who_is_gone(desk: Desk) -> None:
    public_id = add_person(desk)
    erase_by_name(desk, public_id, reason="erased", now=NOW)
    for change, _, _ in CHANGES.values():
        with session(desk.engine, writing=True) as started, pytest.raises(GoneError):
            change(started, desk, public_id)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frequency", "daily"),
        ("language", "de"),
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("detail", ""),
    ],
)
@one_store
def test_what_is_not_offered_is_refused_and_nothing_changes(
    desk: Desk, name: str, value: str
) -> None:
    public_id = add_person(desk)
    wanted = replace(Settings("monthly", "es", "America/Lima", "count"), **{name: value})
    with session(desk.engine, writing=True) as started, pytest.raises(ChoiceError) as caught:
        own_data.change_settings(started, public_id, wanted)
    assert caught.value.name == name
    person = person_of(desk)
    assert person is not None
    assert (person.frequency, person.version) == ("weekly", 1)


@one_store
def test_a_pause_ends_when_the_person_says_so(desk: Desk) -> None:
    public_id = add_person(desk)
    with session(desk.engine, writing=True) as started:
        own_data.go_on(started, public_id)
        own_data.pause(started, public_id)
        own_data.go_on(started, public_id)
    person = person_of(desk)
    assert person is not None
    assert (person.standing, person.version) == ("active", 3)


@one_store
def test_muting_keeps_the_order_and_takes_back_one(desk: Desk) -> None:
    public_id = add_person(desk, profile=Profile(ANSWERS, muted=("b",)))
    with session(desk.engine, writing=True) as started:
        for study in ("c", "a", "c"):
            own_data.mute(started, desk, public_id, study)
        own_data.unmute(started, desk, public_id, "b")
    person = person_of(desk)
    assert person is not None
    assert opened(desk, person).profile.muted == ("c", "a")


def test_who_stopped_may_start_again_and_agrees_anew(desk: Desk) -> None:
    public_id = add_person(desk)
    stop_them(desk, "unsubscribed")
    with session(desk.engine, writing=True) as started:
        assert own_data.start_again(started, desk, public_id, now=LATER)
    person = person_of(desk)
    assert person is not None
    assert (person.standing, person.stopped_at, person.stopped_reason) == ("active", None, None)
    assert (person.consent_at, person.confirmed_at, person.renewed_at) == (LATER,) * 3
    with session(desk.engine) as started:
        assert suppression(started, [person.address_hash]) is None
    assert [entry.what for entry in entries(desk)] == ["unsubscribed", "confirmed"]


@pytest.mark.parametrize("reason", ["bounced", "complained"])
@one_store
def test_who_was_stopped_by_their_server_cannot(desk: Desk, reason: str) -> None:
    public_id = add_person(desk)
    stop_them(desk, reason)
    with session(desk.engine, writing=True) as started:
        assert not own_data.start_again(started, desk, public_id, now=LATER)
    person = person_of(desk)
    assert person is not None
    assert person.standing == "stopped"


@one_store
def test_nor_who_bounced_after_they_had_stopped(desk: Desk) -> None:
    public_id = add_person(desk)
    stop_them(desk, "unsubscribed")
    with session(desk.engine, writing=True) as started:
        person = person_of(desk)
        assert person is not None
        suppress(started, person.address_hash, reason="bounced", now=NOW)
        started.commit()
        assert not own_data.start_again(started, desk, public_id, now=LATER)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("Ann.Smith@example.org", "A…@example.org"),
        ("x@example.org", "x…@example.org"),
    ],
)
@one_store
def test_the_address_is_masked(desk: Desk, address: str, masked: str) -> None:
    add_person(desk, address)
    person = person_of(desk, address)
    assert person is not None
    assert opened(desk, person).masked == masked


# The way in


@one_store
def test_a_link_is_exchanged_for_half_an_hour(desk: Desk) -> None:
    public_id = add_person(desk)
    link = manage_token(desk.hashes, public_id, now=NOW)
    with session(desk.engine, writing=True) as started:
        token = entering.enter(started, desk, link, now=NOW)
        assert token is not None
        assert holder(started, desk, token, minutes=29) == public_id
        assert holder(started, desk, token, minutes=30) is None
        entering.leave(started, token)
        assert holder(started, desk, token, minutes=1) is None


@one_store
def test_neither_token_opens_what_the_other_does(desk: Desk) -> None:
    public_id = add_person(desk)
    secret = desk.settings.data_key
    with session(desk.engine, writing=True) as started:
        link = manage_token(desk.hashes, public_id, now=NOW)
        own = entering.enter(started, desk, link, now=NOW)
        visit = begin_with(started, secret, Visit(LATER, subscription=public_id), now=NOW)
        assert own is not None
        assert open_visit(started, own, secret, now=NOW) is None
        for token in (visit, link, "", "x" * 200, own + "x", own[:-1]):
            assert holder(started, desk, token) is None
        for wrong in (own, visit, link[:-1], mute_token(desk.hashes, Mute(public_id, 1))):
            assert entering.enter(started, desk, wrong, now=NOW) is None
        assert entering.enter(started, desk, link, now=NOW + timedelta(days=61)) is None


def test_no_session_outlives_the_person(desk: Desk) -> None:
    public_id = add_person(desk)
    link = manage_token(desk.hashes, public_id, now=NOW)
    with session(desk.engine, writing=True) as started:
        token = entering.enter(started, desk, link, now=NOW)
    assert token is not None
    erase_by_name(desk, public_id, reason="erased", now=NOW)
    with session(desk.engine, writing=True) as started:
        assert holder(started, desk, token) is None
        assert entering.enter(started, desk, link, now=NOW) is None


def test_the_link_beside_a_review_mutes_it_and_nothing_else(desk: Desk) -> None:
    public_id = add_person(desk)
    with session(desk.engine, writing=True) as started:
        row = StudyRowFactory()
        started.add(row)
        started.commit()
        link = mute_token(desk.hashes, Mute(public_id, row.id))
        assert [mute_by_link(started, desk, link) for _ in range(3)] == [True] * 3
        person = whose_link(started, desk, link)
        assert person is not None
        assert opened(desk, person).profile == Profile(ANSWERS, muted=(row.key,))
        assert person.version == 2
        unknown = mute_token(desk.hashes, Mute(public_id, row.id + 1))
        for wrong in (unknown, link[:-1], manage_token(desk.hashes, public_id, now=NOW)):
            assert not mute_by_link(started, desk, wrong)
    erase_by_name(desk, public_id, reason="erased", now=NOW)
    with session(desk.engine, writing=True) as started:
        assert not mute_by_link(started, desk, link)


# What they take with them


def test_the_export_holds_every_column_that_is_a_persons(desk: Desk) -> None:
    held = exported(desk)["held"]
    missing = [
        f"{table.__tablename__}.{column.name}"
        for table in TABLES
        for column in table.__table__.columns  # type: ignore[attr-defined]
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
    (person,) = found["held"]["subscriber"]
    assert person["profile"]["answers"] == ANSWERS
    assert person["seen"]["t"] == [[1, 1, 0, [1]]]
    digest = next(mail for mail in found["held"]["delivery"] if mail["kind"] == "digest")
    assert digest["items"]["items"][0][0] == "a-study"
    (wish,) = found["held"]["signup"]
    assert wish["sealed"]["address"] == ADDRESS
    # Of a visit we hold what only its browser can open.
    assert {visit["sealed"] for visit in found["held"]["visit"]} == {LOCKED}


@one_store
def test_the_export_is_of_one_person(desk: Desk) -> None:
    everything = json.dumps(exported(desk))
    assert "other@example.org" not in everything
    other = person_of(desk, "other@example.org")
    assert other is not None
    assert other.public_id not in everything
    with session(desk.engine) as started:
        alone = export(started, desk, other)["held"]
        assert json.loads(export_text(started, desk, other))["held"] == alone
    assert {table: len(rows) for table, rows in alone.items() if rows} == {"subscriber": 1}


def exported(desk: Desk) -> dict[str, Any]:
    """The export of somebody about whom every table holds something."""
    seen = seal_seen(desk.safe, Seen({1: Told(1, 1, "sent")}))
    public_id = add_person(desk, seen=seen)
    add_person(desk, "other@example.org")
    add_mail(desk, items=[Item("a-study", "fits", "new")])
    add_wish(desk)
    with session(desk.engine, writing=True) as started:
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


def holder(started: Session, desk: Desk, token: str, *, minutes: int = 0) -> str | None:
    now = NOW + timedelta(minutes=minutes)
    person = entering.whose(started, desk, token, now=now)
    return person.public_id if person else None


def stop_them(desk: Desk, reason: str) -> None:
    person = person_of(desk)
    assert person is not None
    with session(desk.engine, writing=True) as started:
        stop(started, desk, person.address_hash, reason=reason, now=NOW)
        started.commit()
