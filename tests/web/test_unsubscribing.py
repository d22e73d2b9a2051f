"""Unsubscribing: a button, and the mail program's own, which comes from anywhere with nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.services.digests.desk import Desk
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.tokens import unsubscribe_token
from matcher.web import create_app
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
    somebody,
)
from tests.web.person import Person

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FOREIGN = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def mailing(mailing: Flask) -> Flask:
    """An application with one subscriber."""
    confirmed(mailing)
    return mailing


def path_of(app: Flask, address: str = ANN) -> str:
    hashes = desk_of(app).hashes
    return f"/unsubscribe/{unsubscribe_token(hashes, hashes.of('address', address)[0])}"


def standing(app: Flask) -> list[Any]:
    with site_of(app).engine.connect() as connection:
        return list(connection.scalars(sa.text("select standing from subscriber")))


def test_the_page_asks_and_its_button_stops(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    assert person.open(path_of(mailing)).status_code == 200
    assert standing(mailing) == ["active"]
    assert ANN not in person.page
    assert person.send().status_code == 200
    assert "You will get no more emails" in person.page
    assert standing(mailing) == ["stopped"]


def test_what_is_done_is_said_in_the_other_language_too(mailing: Flask) -> None:
    person, path = Person(mailing.test_client()), path_of(mailing)
    person.open(path)
    person.send()
    assert f'name="back" value="{path}"' in person.page
    person.send("/language", language="es", back=path)
    assert "No recibirá más correos" in person.page


@pytest.mark.parametrize(
    "body",
    [
        {"data": ONE_CLICK},
        {"data": ONE_CLICK, "content_type": "multipart/form-data"},
        {"data": {}},
        {"data": b"\xff\xfe\x00", "content_type": "application/octet-stream"},
        {"json": {"subscribe": True}},
        {"data": {"email": "other@example.org", "consent": "yes", "frequency": "weekly"}},
    ],
)
@pytest.mark.parametrize("headers", [{}, FOREIGN, {"Origin": "null"}])
def test_whatever_a_mail_program_posts_can_only_stop(
    mailing: Flask, body: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = mailing.test_client().post(path_of(mailing), headers=headers, **body)
    assert answer.status_code == 200
    assert "You will get no more emails" in answer.text
    assert standing(mailing) == ["stopped"]
    found = dump(mailing)
    assert (len(found["subscriber"]), len(found["signup"]), len(found["suppression"])) == (1, 1, 1)


def test_it_can_be_pressed_a_hundred_times(mailing: Flask) -> None:
    client = mailing.test_client()
    answers = [client.post(path_of(mailing), data=ONE_CLICK) for _ in range(100)]
    assert {answer.status_code for answer in answers} == {200}
    found = dump(mailing)
    assert client.post(path_of(mailing)).status_code == 200
    assert dump(mailing) == found


def test_it_works_after_years_and_after_erasure(mailing: Flask) -> None:
    with site_of(mailing).engine.connect() as connection:
        name = connection.scalar(sa.text("select public_id from subscriber"))
    erase_by_name(desk_of(mailing), str(name), reason="erased", now=clock_of(mailing).now)
    clock_of(mailing).now += timedelta(days=3653)
    answer = mailing.test_client().post(path_of(mailing), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "You will get no more emails" in answer.text


def test_it_works_where_mails_are_sent_no_more(mailing: Flask) -> None:
    here = site_of(mailing)
    settings = replace(here.settings, smtp=None, mail_from=None)
    quiet = create_app(settings, here.rulebook, engine=here.engine, matcher=here.matcher)
    answer = quiet.test_client().post(path_of(mailing), data=ONE_CLICK)
    assert answer.status_code == 200
    assert standing(mailing) == ["stopped"]


def test_a_foreign_post_does_not_write_over_the_cookie_of_our_forms(mailing: Flask) -> None:
    """The browser leaves our cookie out of it: the answer must not give a new one."""
    answer = mailing.test_client().post(path_of(mailing), data=ONE_CLICK, headers=FOREIGN)
    assert "Set-Cookie" not in answer.headers


def test_no_other_page_takes_a_foreign_post(mailing: Flask) -> None:
    open_to_all = {"stopping.stop"}
    client = mailing.test_client()
    for rule in mailing.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/api/"):
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        refused = client.post(path, headers=FOREIGN).status_code == 400
        assert refused == (rule.endpoint not in open_to_all), rule.endpoint


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_whole_shows_another_way(mailing: Flask, method: str) -> None:
    whole = path_of(mailing)
    for path in (whole[:-1], whole + "A", "/unsubscribe/x", "/unsubscribe/" + "x" * 900):
        answer = getattr(mailing.test_client(), method)(path)
        assert answer.status_code == 404, path
        assert "/my-data/link" in answer.text
    assert standing(mailing) == ["active"]


def test_no_token_opens_another_door(mailing: Flask) -> None:
    """A link is good for what it was made for: confirm, unsubscribe and the rest are apart."""
    sign_up(mailing, "bob@example.org")
    confirm = mailed_token(mailing)
    stop = path_of(mailing).rpartition("/")[2]
    before = dump(mailing)
    person = Person(mailing.test_client())
    person.open("/privacy")
    assert person.send(f"/unsubscribe/{confirm}").status_code == 404
    person.open("/privacy")
    assert person.send(f"/confirm/{stop}").status_code == 404
    for other in ("mute", "my-data/open"):
        for token in (confirm, stop):
            person.open("/privacy")
            assert person.send(f"/{other}/{token}").status_code in (403, 404, 410), other
    assert dump(mailing) == before


def test_the_page_speaks_as_the_mails_do_unless_told_otherwise(mailing: Flask) -> None:
    app = mailing
    spanish = somebody(app, language="es")
    spanish.open("/subscribe")
    spanish.send(email="eva@example.org", **CHOSEN)
    token = mailed_token(app)
    spanish.open(f"/confirm/{token}")
    spanish.send(f"/confirm/{token}")
    assert "Todo listo" in spanish.page
    person = Person(app.test_client())
    path = path_of(app, "eva@example.org")
    person.open(path)
    assert "¿Dejar de recibir los correos?" in person.page
    person.send("/language", language="en", back=path)
    assert "Stop the emails?" in person.page


def test_one_unknown_address_is_not_told_from_another(mailing: Flask) -> None:
    """Who holds such a link holds a mail to that address: it stops, and says no more than that."""
    person = Person(mailing.test_client())
    pages = []
    for address in (ANN, "never.seen@example.org"):
        person.open("/privacy")
        person.send(path_of(mailing, address))
        pages.append(person.page.replace(path_of(mailing, address), ""))
    plain = [re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in pages]
    assert plain[0] == plain[1]


def test_the_desk_of_the_tests_is_the_applications(mailing: Flask) -> None:
    assert isinstance(desk_of(mailing), Desk)
