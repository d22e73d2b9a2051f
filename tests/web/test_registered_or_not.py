"""Registered or not: no page says whether an address is known, by its bytes or by what it does."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.stopping import stop
from matcher.store.database import session
from tests.web.mails import CHOSEN, confirmed, desk_of, sign_up, site_of, somebody

KINDS = ("new", "known", "stopped", "bounced", "limited", "waiting")
CODE = re.compile(r'name="csrf_token" value="[^"]+"')


@pytest.fixture
def mailing(mailing: Flask) -> Flask:
    """An application that knows of addresses of every kind."""
    app, now = mailing, site_of(mailing).clock()
    confirmed(app, "known@example.org")
    confirmed(app, "stopped@example.org")
    desk = desk_of(app)
    for name, reason in (("stopped", "unsubscribed"), ("bounced", "bounced")):
        with session(desk.engine, writing=True) as opened:
            hashed = desk.hashes.of("address", f"{name}@example.org")[0]
            stop(opened, desk, hashed, reason=reason, now=now)
            opened.commit()
    sign_up(app, "limited@example.org")
    decide(desk, now=now)
    sign_up(app, "waiting@example.org")
    return app


def asked(app: Flask, kind: str) -> tuple[object, ...]:
    """All that comes back when an address is sent: status, headers, bytes; and the statements."""
    person = somebody(app)
    person.open("/subscribe")
    code = CODE.search(person.page)
    assert code is not None
    data = {**CHOSEN, "email": f"{kind}@example.org", "csrf_token": code[0].split('"')[3]}
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    engine = site_of(app).engine
    sa.event.listen(engine, "before_cursor_execute", note)
    first = person.client.post("/subscribe", data=data)
    sa.event.remove(engine, "before_cursor_execute", note)
    second = person.client.get(first.headers["Location"])
    told = [
        (one.status_code, sorted(one.headers.items()), CODE.sub("", one.text))
        for one in (first, second)
    ]
    return (*told, statements)


def test_every_address_gets_the_same_answer_for_the_same_work(mailing: Flask) -> None:
    found = {kind: asked(mailing, kind) for kind in KINDS}
    assert found["new"][0][0] == 303  # type: ignore[index]
    assert len(found["new"][2]) > 4  # type: ignore[arg-type]
    for kind in KINDS:
        assert found[kind] == found["new"], kind
    # Our own sender is named; whoever asked is not.
    assert "example.org" not in repr(found).replace("from mail@example.org and", "")


def test_what_follows_is_done_beside_the_requests(mailing: Flask) -> None:
    for kind in KINDS:
        asked(mailing, kind)
    with site_of(mailing).engine.connect() as connection:
        mails = "select count(*) from delivery where state = 'due'"
        before = connection.scalar(sa.text(mails))
    decide(desk_of(mailing), now=site_of(mailing).clock())
    with site_of(mailing).engine.connect() as connection:
        after = connection.scalar(sa.text(mails))
    assert after - before == len(KINDS) - len(("bounced", "limited"))
