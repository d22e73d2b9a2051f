"""The way in to one's own data: by a link that is mailed, for half an hour, and no other way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from matcher.services.subscribing import limits
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token, unsubscribe_token
from tests.services.subscribing.kept import ADDRESS
from tests.web.conftest import Clock
from tests.web.mails import ANN, MAIL, MakeApp, desk_of, dump
from tests.web.own_page import (
    CLOSED,
    MICE,
    PAGES,
    POSTS,
    SETTINGS,
    add,
    at_home,
    link_of,
    now_kept,
)
from tests.web.person import Person


@pytest.fixture
def mailing(make_app: MakeApp) -> Flask:
    """An application that can mail people."""
    return make_app(**MAIL)


def test_looking_at_the_link_changes_nothing(mailing: Flask) -> None:
    client = mailing.test_client()
    link = link_of(mailing, add(mailing))
    before = dump(mailing)
    for method in (client.get, client.head) * 3:
        response = method(link)
        assert response.status_code == 200
        assert "matcher-own" not in str(response.headers)
        assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == (
            "no-store",
            "no-referrer",
        )
    assert dump(mailing) == before
    page = client.get(link).get_data(as_text=True)
    assert ADDRESS not in page
    assert "breast" not in page.lower()


def test_the_button_opens_the_page_for_half_an_hour(mailing: Flask, clock: Clock) -> None:
    person = at_home(mailing, add(mailing))
    assert "ER-positive" in person.text
    clock.now += timedelta(minutes=29)
    assert CLOSED not in person.open("/my-data").get_data(as_text=True)
    clock.now += timedelta(minutes=1)
    assert CLOSED in person.open("/my-data").get_data(as_text=True)
    assert "ER-positive" not in person.text


def test_the_cookie_is_out_of_reach_and_bound_to_the_host(make_app: MakeApp) -> None:
    app = make_app(**{**MAIL, "public_url": "https://matcher.example.org"})
    client = app.test_client()
    link = link_of(app, add(app))
    where = {"base_url": "https://matcher.example.org"}
    code = re.search(r'csrf_token" value="([^"]+)"', client.get(link, **where).text)
    assert code is not None
    origin = {"Origin": "https://matcher.example.org"}
    response = client.post(link, data={"csrf_token": code[1]}, headers=origin, **where)
    (cookie,) = [c for c in response.headers.getlist("Set-Cookie") if "matcher-own" in c]
    assert cookie.startswith("__Host-matcher-own=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=1800"):
        assert part in cookie
    assert "Domain" not in cookie


def test_no_other_link_opens_it(mailing: Flask, clock: Clock) -> None:
    public_id = add(mailing)
    hashes, good = desk_of(mailing).hashes, link_of(mailing, public_id).rpartition("/")[2]
    wrong = [
        good[:-1],
        "A" + good[1:],
        mute_token(hashes, Mute(public_id, 1)),
        unsubscribe_token(hashes, now_kept(mailing).address_hash),
        manage_token(hashes, "ab" * 16, now=clock.now),
        manage_token(hashes, public_id, now=clock.now - timedelta(days=61)),
    ]
    person = Person(mailing.test_client())
    person.open("/my-data/link")
    for token in wrong:
        assert person.client.get(f"/my-data/open/{token}").status_code == 404
        assert person.send(f"/my-data/open/{token}").status_code == 404
        person.open("/my-data/link")
    assert CLOSED in person.open("/my-data").get_data(as_text=True)


def test_without_a_session_nothing_is_shown_and_nothing_changes(mailing: Flask) -> None:
    add(mailing)
    person = Person(mailing.test_client())
    before = dump(mailing)
    for path in PAGES:
        assert CLOSED in person.open(path).get_data(as_text=True)
    for path in POSTS:
        person.open("/my-data/link")
        assert CLOSED in person.send(path, **SETTINGS, study=MICE).get_data(as_text=True)
    assert dump(mailing) == before


def test_a_session_is_of_one_person(mailing: Flask) -> None:
    """What somebody sends along about others changes nothing of theirs."""
    mine, other = add(mailing), add(mailing, address="other@example.org")
    person = at_home(mailing, mine)
    for path in POSTS[:7]:
        person.open("/my-data")
        person.send(path, **SETTINGS, study=MICE, public_id=other, subscriber=other)
    assert now_kept(mailing, "other@example.org").version == 1
    assert "other@example.org" not in person.open("/my-data").get_data(as_text=True)


def test_closing_the_page_closes_it(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    response = person.send("/my-data/leave")
    assert response.status_code == 200
    assert CLOSED in person.open("/my-data").get_data(as_text=True)


def test_a_link_can_be_asked_for_and_writes_one_wish(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.open("/my-data/link")
    assert person.send(email="no address").status_code == 422
    assert person.text.startswith("<!DOCTYPE html>")
    assert "<title>Error:" in person.page
    assert 'value="no address"' in person.page
    person.send(email=ANN)
    assert person.path == "/my-data/link/sent"
    (row,) = dump(mailing)["signup"]
    assert "'link'" in row
    assert ANN not in row
    assert ANN not in person.page


def test_a_flood_of_wishes_ends_with_a_calm_page(
    mailing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NETWORK_WISHES", 3)
    person = Person(mailing.test_client())
    person.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for number in range(3):
        person.open("/my-data/link")
        person.send(email=f"p{number}@example.org")
        assert person.path == "/my-data/link/sent"
    person.open("/my-data/link")
    response = person.send(email=ANN)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Too many people asked" in person.text


def test_without_mail_no_link_is_offered_but_the_page_still_opens(make_app: MakeApp) -> None:
    app = make_app()
    assert app.test_client().get("/my-data/link").status_code == 404
    person = at_home(app, add(app))
    assert person.open("/my-data").status_code == 200
