"""Signing in: with an invitation, a password, a code; kept out with anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.services.accounts import people
from matcher.services.accounts.tries import OWN_TRIES
from matcher.store.database import session
from tests.web.conftest import Clock
from tests.web.desk.worker import PASSWORD, Worker

Make = Callable[..., Worker]


def test_an_invitation_leads_to_the_desk(desk_app: Flask) -> None:
    ana, link = Worker.invited(desk_app, "ana@clinic.org")
    ana.open(link)
    assert "Choose your password" in ana.text
    ana.send(password=PASSWORD)
    assert "Your password is set" in ana.text
    ana.sign_in()
    assert ana.place == "/desk"
    assert "Sign out" in ana.text


def test_looking_at_an_invitation_uses_nothing_up_and_using_it_does(desk_app: Flask) -> None:
    ana, link = Worker.invited(desk_app, "ana@clinic.org")
    for _ in range(3):
        assert ana.open(link).status_code == 200
        assert ana.client.head(link).status_code == 200
    ana.send(password=PASSWORD)
    assert ana.open(link).status_code == 404
    assert ana.send(link, password="another long passphrase").status_code == 404
    assert "cannot be used any more" in ana.text
    ana.sign_in()
    assert ana.place == "/desk"


def test_an_invitation_ends_after_seven_days(desk_app: Flask, desk_clock: Clock) -> None:
    ana, link = Worker.invited(desk_app, "ana@clinic.org")
    desk_clock.now += timedelta(days=7)
    assert ana.open(link).status_code == 404


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short but odd", "at least 15 characters"),
        ("x" * 257, "too long"),
        ("clinic somebody 7261 wz", "your name"),
        ("password1234567", "easy to guess"),
        ("qwertyuiopasdfgh", "easy to guess"),
    ],
)
def test_a_weak_password_is_refused(desk_app: Flask, password: str, said: str) -> None:
    ana, link = Worker.invited(desk_app, "ana@clinic.org")
    ana.open(link)
    assert ana.send(password=password).status_code == 422
    assert said in ana.text
    assert "Error:" in ana.page


def test_wrong_and_unknown_say_the_same_with_the_same_bytes(worker: Make) -> None:
    ana = worker()
    nobody = Worker(ana.app, "eva@clinic.org")
    wrong, unknown = ana.sign_in("not her password at all"), nobody.sign_in()
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "is not right" in ana.text
    assert masked(ana) == masked(nobody)


def masked(one: Worker) -> str:
    """A page without what is new in every page."""
    page = re.sub(r'(csrf_token" value|data-options)="[^"]*"', "", one.page)
    return page.replace(one.email, "")


def test_the_desk_leads_to_the_sign_in_and_back(worker: Make) -> None:
    ana = worker()
    response = ana.client.get("/desk/account?done=app")
    assert response.status_code == 303
    ana.sign_in(at=response.headers["Location"])
    assert ana.place == "/desk/account"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/desk",
        "//evil.example",
        "/desk//evil.example",
        "/desk/\\evil.example",
        "/desk/../results",
        "/deskevil",
        "/results",
        "/desk/\r\nX: y",
        "javascript:alert(1)",
    ],
)
def test_no_other_place_is_led_to(worker: Make, wanted: str) -> None:
    ana = worker()
    ana.open("/desk/sign-in")
    ana.send("/desk/sign-in", email=ana.email, password=PASSWORD, next=wanted)
    assert ana.place == "/desk"


def test_too_many_tries_are_refused_even_with_the_right_password(
    worker: Make, desk_clock: Clock
) -> None:
    ana = worker()
    desk_clock.now += timedelta(minutes=15)
    statuses = [ana.sign_in("wrong").status_code for _ in range(OWN_TRIES)]
    assert set(statuses) == {422}
    refused = ana.sign_in()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    nobody = Worker(ana.app, "eva@clinic.org")
    for _ in range(OWN_TRIES):
        nobody.sign_in()
    assert nobody.sign_in().status_code == 429
    assert masked(ana) == masked(nobody)
    desk_clock.now += timedelta(minutes=15)
    assert ana.sign_in().status_code == 200


def test_a_post_of_another_site_is_refused(worker: Make) -> None:
    ana = worker()
    ana.open("/desk/sign-in")
    ana.headers["Origin"] = "https://evil.example"
    assert ana.sign_in().status_code == 400
    del ana.headers["Origin"]
    data = {"email": ana.email, "password": PASSWORD}
    assert ana.client.post("/desk/sign-in", data=data).status_code == 400


def test_after_the_password_comes_the_code(worker: Make, desk_clock: Clock) -> None:
    ana = worker()
    ana.sign_in()
    codes = ana.set_up_app()
    assert len(set(codes)) == 8
    there = ana.elsewhere()
    there.sign_in()
    assert there.place == "/desk/sign-in/code"
    assert there.client.get("/desk").status_code == 303
    assert there.send(code="000000").status_code == 422
    # The code that set it up was used already.
    assert there.send(code=ana.code()).status_code == 422
    desk_clock.now += timedelta(seconds=60)
    there.send(code=ana.code())
    assert there.place == "/desk"


def test_a_recovery_code_opens_once(worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    code = ana.set_up_app()[0]
    there = ana.elsewhere()
    there.sign_in()
    there.send(code=code.upper().replace("-", " "))
    assert there.place == "/desk"
    again = ana.elsewhere()
    again.sign_in()
    assert again.send(code=code).status_code == 422


def test_a_code_without_the_password_opens_nothing(worker: Make, desk_clock: Clock) -> None:
    ana = worker()
    ana.sign_in()
    ana.set_up_app()
    there = ana.elsewhere()
    there.open("/desk/sign-in/code")
    assert there.place == "/desk/sign-in"
    there.sign_in()
    desk_clock.now += timedelta(minutes=11)
    there.send("/desk/sign-in/code", code=ana.code())
    assert there.place == "/desk/sign-in"


def test_a_first_step_does_not_outlive_a_reset(
    worker: Make, desk_clock: Clock, desk_engine: sa.Engine
) -> None:
    ana = worker()
    ana.sign_in()
    codes = ana.set_up_app()
    there = ana.elsewhere()
    there.sign_in()
    with session(desk_engine, writing=True) as opened:
        people.reset(opened, people.find(opened, ana.email), now=desk_clock.now)
    there.send("/desk/sign-in/code", code=codes[0])
    assert there.place == "/desk/sign-in"
    there.sign_in()
    assert there.place == "/desk/sign-in"


def test_a_passkey_that_answers_nonsense_opens_nothing(worker: Make) -> None:
    ana = worker()
    for answer in ("", "{}", "[]", '{"rawId": "AAAA"}', "[" * 5000, '{"rawId": 5}'):
        ana.open("/desk/sign-in")
        assert ana.send("/desk/sign-in/passkey", answer=answer).status_code == 422
