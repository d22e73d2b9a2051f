"""The page behind the link of a confirmation: it asks, the press confirms, looking does nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.services.digests.profile import open_profile
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.tokens import unsubscribe_token
from matcher.store.database import session
from matcher.store.subscribers import Subscriber
from tests.web.mails import (
    ANN,
    CHOSEN,
    clock_of,
    confirmed,
    desk_of,
    dump,
    mailed_token,
    sign_up,
    site_of,
)
from tests.web.person import Person


def test_the_link_asks_and_the_press_confirms(mailing: Flask) -> None:
    sign_up(mailing, frequency="monthly")
    path = f"/confirm/{mailed_token(mailing)}"
    owner = Person(mailing.test_client())
    assert owner.open(path).status_code == 200
    assert "Do you want our emails?" in owner.page
    for private in ("er", "positive", ANN, "monthly", "example.org"):
        assert not re.search(rf"(?i)\b{re.escape(private)}\b", owner.text.split("<main")[1])
    assert owner.send(path).status_code == 200
    assert "All set" in owner.page
    with session(site_of(mailing).engine) as opened:
        found = opened.scalars(sa.select(Subscriber)).one()
    assert found.frequency == "monthly"
    profile = open_profile(desk_of(mailing).safe, found.profile)
    assert dict(profile.answers) == {"er": "positive"}
    assert owner.send(path).status_code == 200
    assert "All set" in owner.page
    assert owner.open(path).status_code == 200
    assert len(dump(mailing)["subscriber"]) == 1


def test_confirming_needs_our_own_page(mailing: Flask) -> None:
    """A mail program that posts whatever it finds confirms nothing."""
    sign_up(mailing)
    path = f"/confirm/{mailed_token(mailing)}"
    assert mailing.test_client().post(path).status_code == 400
    assert dump(mailing)["subscriber"] == []


def test_an_old_link_says_what_to_do(mailing: Flask) -> None:
    sign_up(mailing)
    path = f"/confirm/{mailed_token(mailing)}"
    clock_of(mailing).now += timedelta(days=7)
    owner = Person(mailing.test_client())
    for address in (path, path[:-1], "/confirm/x", "/confirm/%00", "/confirm/" + "x" * 900):
        assert owner.open(address).status_code == 404, address
        assert "This link is used or too old" in owner.page
    owner.open("/privacy")
    assert owner.send(path).status_code == 404
    assert dump(mailing)["subscriber"] == []


@pytest.mark.parametrize("step", ["asked", "mailed", "confirmed"])
def test_links_that_are_only_looked_at_change_nothing(mailing: Flask, step: str) -> None:
    """Programs follow every link in a mail before its owner does."""
    sign_up(mailing)
    token = mailed_token(mailing) if step != "asked" else "x"
    if step == "confirmed":
        owner = Person(mailing.test_client())
        owner.open(f"/confirm/{token}")
        owner.send(f"/confirm/{token}")
    desk = desk_of(mailing)
    hashed = desk.hashes.of("address", ANN)[0]
    stop = unsubscribe_token(desk.hashes, hashed)
    paths = [f"/confirm/{token}", f"/unsubscribe/{stop}", "/subscribe", "/subscribe/sent"]
    before = dump(mailing)
    for path in paths * 3:
        client = mailing.test_client()
        assert client.get(path).status_code == client.head(path).status_code
    assert dump(mailing) == before


@pytest.mark.parametrize("path", ["/confirm/{}", "/unsubscribe/{}"])
def test_pages_behind_a_mailed_link_are_for_nobody_else(mailing: Flask, path: str) -> None:
    confirmed(mailing)
    for token in (mailed_token(mailing), "x"):
        answer = mailing.test_client().get(path.format(token))
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text.split("<main")[1])


def test_one_wish_is_told_and_its_answers_are_not(mailing: Flask) -> None:
    sign_up(mailing, frequency="monthly", detail="titles")
    owner = Person(mailing.test_client())
    owner.open(f"/confirm/{mailed_token(mailing)}")
    assert "Once a month: the titles" in owner.text
    asked = clock_of(mailing)().astimezone(ZoneInfo(CHOSEN["zone"]))
    assert f"at {asked:%H:%M}" in owner.text
    assert 'type="radio"' not in owner.page


def test_of_several_wishes_the_owner_chooses_and_the_newest_is_preselected(mailing: Flask) -> None:
    """A stranger asks first and loudly; the owner asks half a minute later and gets no mail."""
    sign_up(mailing, detail="titles")
    path = f"/confirm/{mailed_token(mailing)}"
    clock_of(mailing).now += timedelta(seconds=30)
    sign_up(mailing, frequency="monthly")
    decide(desk_of(mailing), now=clock_of(mailing)())
    assert len(dump(mailing)["delivery"]) == 1
    owner = Person(mailing.test_client())
    owner.open(path)
    offered = re.findall(r'name="wish" type="radio" value="(\d+)"( checked)?', owner.page)
    assert [bool(checked) for _, checked in offered] == [True, False]
    assert owner.text.index("Once a month: only how many") < owner.text.index("Once a week: the t")
    for unsaid in ({}, {"wish": "0"}, {"wish": "x"}):
        assert owner.send(path, **unsaid).status_code == 422
        assert "Choose one of these" in owner.page
    assert dump(mailing)["subscriber"] == []
    owner.send(path, wish=offered[0][0])
    assert "All set" in owner.page
    with session(site_of(mailing).engine) as opened:
        found = opened.scalars(sa.select(Subscriber)).one()
    assert (found.frequency, found.detail) == ("monthly", "count")
    assert len(dump(mailing)["signup"]) == 1
