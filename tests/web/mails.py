"""Mails in the tests of pages: an application that offers them, and what is done beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask

from matcher.config import SmtpServer
from matcher.crypto import new_token, token_hash
from matcher.services.digests.desk import Desk
from matcher.services.subscribing import journal
from matcher.services.subscribing.deciding import decide
from matcher.services.visits import begin_visit
from matcher.store.database import session
from matcher.store.tables import metadata
from matcher.web.site import EXTENSION, Site
from tests.web.person import Person

MakeApp = Callable[..., Flask]
ANN = "ann.lee@example.org"
ANSWERS = {"er": "positive"}
CHOSEN = {"frequency": "weekly", "detail": "count", "zone": "America/Lima", "consent": "yes"}
MAIL: dict[str, Any] = {
    "public_url": "http://localhost",
    "smtp": SmtpServer("localhost", 1025, "none"),
    "mail_from": "Matcher <mail@example.org>",
}


def site_of(app: Flask) -> Site:
    """What the application was made with."""
    found = app.extensions[EXTENSION]
    assert isinstance(found, Site)
    return found


def desk_of(app: Flask) -> Desk:
    """The desk of an application."""
    return site_of(app).desk


def clock_of(app: Flask) -> Any:
    """The clock of an application, which a test may move."""
    return site_of(app).clock


def somebody(
    app: Flask, *, about: str = "self", answers: Mapping[str, Any] = ANSWERS, language: str = "en"
) -> Person:
    """Somebody with a visit that holds an answer, given without opening a page."""
    here = site_of(app)
    person = Person(app.test_client(), **{"Accept-Language": language})
    secret, now = here.settings.data_key, here.clock()
    with session(here.engine, writing=True) as opened:
        token, _ = begin_visit(opened, secret, about=about, shared=False, now=now, answers=answers)
    person.client.set_cookie("matcher", token)
    return person


def sign_up(app: Flask, address: str = ANN, **fields: Any) -> Person:
    """Somebody who has sent the form."""
    person = somebody(app)
    person.open("/subscribe")
    person.send(email=address, **{**CHOSEN, **fields})
    assert person.path == "/subscribe/sent", person.page
    return person


def mailed_token(app: Flask) -> str:
    """Decide, and write the newest confirmation mail: the token that stands in it."""
    here = site_of(app)
    decide(here.desk, now=here.clock())
    token = new_token()
    newest = "update signup set token_hash = :hash where id = (select max(id) from signup)"
    with here.engine.begin() as connection:
        connection.execute(sa.text(newest), {"hash": token_hash(token)})
    return token


def confirmed(app: Flask, address: str = ANN, **fields: Any) -> Person:
    """Somebody who has signed up and pressed the button in the mail."""
    person = sign_up(app, address, **fields)
    path = f"/confirm/{mailed_token(app)}"
    person.open(path)
    person.send(path)
    assert "All set" in person.page
    return person


def dump(app: Flask) -> dict[str, list[Any]]:
    """All rows of all tables but the visits' own."""
    engine = site_of(app).engine
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: sorted(map(repr, connection.execute(sa.text(f'select * from "{name}"'))))
            for name in names
            if name != "visit"
        }


def empty(here: Site) -> None:
    """Take everything out of an application's tables, and its journal with it."""
    with here.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    (here.settings.instance / journal.FILE_NAME).unlink(missing_ok=True)
