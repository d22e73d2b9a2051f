"""Entering: links are exchanged for a short session; no link does what another one does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile
from matcher.services.subscribing import entering
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.muting import mute_by_link, whose_link
from matcher.services.subscribing.own_data import opened
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token
from matcher.services.visits import Visit, begin_with, open_visit
from matcher.store.database import session
from tests.factories import StudyRowFactory
from tests.services.subscribing.kept import (
    ANSWERS,
    NOW,
    add_person,
)

LATER = NOW + timedelta(days=40)
# Where nothing depends on the kind of database, one is enough.
one_store = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


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


def holder(started: Session, desk: Desk, token: str, *, minutes: int = 0) -> str | None:
    now = NOW + timedelta(minutes=minutes)
    person = entering.whose(started, desk, token, now=now)
    return person.public_id if person else None
