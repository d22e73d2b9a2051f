"""Own page: somebody with a subscription, in the tests of what they see and change."""

from __future__ import annotations

from flask import Flask

from matcher.services.digests.profile import Profile, open_profile
from matcher.services.subscribing.tokens import manage_token
from matcher.store.subscribers import Subscriber
from tests.services.subscribing.kept import ADDRESS, ANSWERS, add_person, person_of
from tests.web.mails import desk_of, site_of
from tests.web.person import Person

MICE = "a-drug-slows-her2-low-tumors-in-mice"
TOLD = {**ANSWERS, "er": "positive", "her2": "negative", "tumor": {"ESR1": "mutation"}}
SETTINGS = {"frequency": "monthly", "language": "es", "zone": "America/Lima", "detail": "count"}
PAGES = ["/my-data", "/my-data/erase", "/my-data/died"]
POSTS = [
    "/my-data/settings",
    "/my-data/pause",
    "/my-data/go-on",
    "/my-data/keep",
    "/my-data/mute",
    "/my-data/unmute",
    "/my-data/stop",
    "/my-data/start-again",
    "/my-data/answers",
    "/my-data/results",
    "/my-data/file",
    "/my-data/erase",
    "/my-data/died",
]
CLOSED = "This page is closed now"


def link_of(app: Flask, public_id: str) -> str:
    """The way to their data that stands in each mail."""
    here = site_of(app)
    return f"/my-data/open/{manage_token(here.desk.hashes, public_id, now=here.clock())}"


def at_home(app: Flask, public_id: str, *, person: Person | None = None, **headers: str) -> Person:
    """Somebody on the page of their own data; `person` may be in a browser already."""
    person = person or Person(app.test_client(), **headers)
    person.open(link_of(app, public_id))
    person.send()
    assert person.path == "/my-data"
    return person


def add(app: Flask, **values: object) -> str:
    """A subscriber who told a little."""
    return add_person(desk_of(app), **{"profile": Profile(TOLD), **values})  # type: ignore[arg-type]


def now_kept(app: Flask, address: str = ADDRESS) -> Subscriber:
    """The subscriber as they stand now."""
    person = person_of(desk_of(app), address)
    assert person is not None
    return person


def muted(app: Flask) -> tuple[str, ...]:
    return open_profile(desk_of(app).safe, now_kept(app).profile).muted


def open_answers(app: Flask) -> object:
    return open_profile(desk_of(app).safe, now_kept(app).profile).answers
