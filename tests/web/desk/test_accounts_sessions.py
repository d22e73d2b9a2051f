"""Sessions: they end with time, with a word, with a new password, with the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.services.accounts import people
from matcher.store.accounts import DeskSession
from matcher.store.database import session
from tests.web.conftest import Clock
from tests.web.desk.worker import PASSWORD, Worker

Make = Callable[..., Worker]
OTHER = "lantern gravel Thursday oboe"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def is_in(one: Worker) -> bool:
    return one.client.get("/desk/account").status_code == 200


def test_a_session_rests_for_half_an_hour_at_most(worker: Make, desk_clock: Clock) -> None:
    ana = worker()
    ana.sign_in()
    for _ in range(3):
        desk_clock.now += timedelta(minutes=29)
        assert is_in(ana)
    desk_clock.now += timedelta(minutes=30)
    ana.open("/desk/account")
    assert ana.place == "/desk/sign-in"
    assert "You were signed out" in ana.text


def test_a_session_lasts_twelve_hours_at_most(worker: Make, desk_clock: Clock) -> None:
    ana = worker()
    ana.sign_in()
    for _ in range(24):
        desk_clock.now += timedelta(minutes=29)
        assert is_in(ana)
    desk_clock.now += timedelta(minutes=25)
    assert not is_in(ana)


def test_signing_out_ends_it_on_the_server_too(worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    cookie = ana.client.get_cookie("matcher-form")
    assert cookie is not None
    ana.open("/desk")
    ana.send("/desk/sign-out")
    assert "You are signed out" in ana.text
    ana.client.set_cookie("matcher-form", cookie.value)
    assert not is_in(ana)


def test_everywhere_means_everywhere_and_nobody_else(worker: Make) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    there = ana.elsewhere(**{"User-Agent": CHROME})
    for one in (ana, ben, there):
        one.sign_in()
    ana.open("/desk/account")
    assert "Chrome, Linux" in ana.text
    assert ana.text.count("(this one)") == 1
    ana.send("/desk/account/sign-out-everywhere")
    assert [is_in(one) for one in (ana, there, ben)] == [False, False, True]


def test_a_new_password_ends_all_others(worker: Make) -> None:
    ana = worker()
    there = ana.elsewhere()
    for one in (ana, there):
        one.sign_in()
    ana.open("/desk/account")
    refused = ana.send("/desk/account/password", current="not it", chosen=OTHER)
    assert (refused.status_code, is_in(there)) == (422, True)
    weak = ana.send("/desk/account/password", current=PASSWORD, chosen="password1234567")
    assert (weak.status_code, is_in(there)) == (422, True)
    ana.send("/desk/account/password", current=PASSWORD, chosen=OTHER)
    assert "Your password is changed" in ana.text
    assert [is_in(ana), is_in(there)] == [True, False]
    assert there.sign_in().status_code == 422
    there.sign_in(OTHER)
    assert is_in(there)


@pytest.mark.parametrize("act", [people.disable, people.reset])
def test_who_is_disabled_or_reset_is_out_at_once(
    worker: Make, desk_engine: sa.Engine, desk_clock: Clock, act: Callable[..., object]
) -> None:
    ana = worker()
    ana.sign_in()
    with session(desk_engine, writing=True) as opened:
        act(opened, people.find(opened, ana.email), now=desk_clock.now)
    assert not is_in(ana)
    assert ana.sign_in().status_code == 422


def test_only_a_hash_of_the_token_is_stored(worker: Make, desk_engine: sa.Engine) -> None:
    ana = worker()
    ana.sign_in()
    with ana.client.session_transaction() as cookie:
        token = cookie["desk"]
    with session(desk_engine) as opened:
        (row,) = opened.scalars(sa.select(DeskSession)).all()
    assert token not in row.id_hash
    assert len(row.id_hash) == 64


def test_signing_in_anew_ends_what_was_open_in_this_browser(
    worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    for _ in range(3):
        ana.sign_in()
    with session(desk_engine) as opened:
        assert len(opened.scalars(sa.select(DeskSession)).all()) == 1


def test_a_late_change_of_second_factors_asks_for_a_sign_in(
    worker: Make, desk_clock: Clock
) -> None:
    ana = worker()
    ana.sign_in()
    for _ in range(2):
        desk_clock.now += timedelta(minutes=20)
        assert is_in(ana)
    ana.open("/desk/account/authenticator")
    assert ana.place == "/desk/sign-in"
    assert "once more" in ana.text


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(worker: Make) -> None:
    response = worker().client.get("/desk/account", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/desk/sign-in?")


def test_the_patients_pages_know_nothing_of_it(desk_app: Flask, worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    start = ana.client.get("/")
    assert "script-src" not in start.headers["Content-Security-Policy"]
    assert "<script" not in start.get_data(as_text=True)
    assert "Somebody" not in start.get_data(as_text=True)
    bare = desk_app.test_client()
    assert "Set-Cookie" not in bare.get("/healthz").headers
    assert "Vary" not in bare.get("/healthz").headers
    desk = ana.client.get("/desk")
    assert "script-src 'self'; connect-src 'self'" in desk.headers["Content-Security-Policy"]
    assert "unsafe" not in desk.headers["Content-Security-Policy"]
    assert desk.headers["Cache-Control"] == "no-store"
