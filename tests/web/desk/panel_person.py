"""A panel in the tests: what a navigator does with it over its pages."""

from __future__ import annotations

import re
from typing import Any

from sqlmodel import Session

from matcher.services.panels import people
from matcher.services.panels.people import NewAnswers
from matcher.services.panels.walls import OpenPanel, open_panel
from matcher.store import accounts
from matcher.store.database import session
from tests.web.desk.worker import Worker
from tests.web.mails import site_of

ANSWERED: dict[str, Any] = {
    "cancer_status": "now",
    "cancer": ["breast"],
    "age": 52,
    "er": "positive",
    "her2": "negative",
    "extent": "metastatic",
}
_CODE = re.compile(r'name="csrf_token" value="[^"]+"')
_PANEL = re.compile(r"/desk/panels/([0-9a-f]{32})")
_PERSON = re.compile(r"/people/([0-9a-f]{32})")


def make_panel(worker: Worker, name: str = "Tuesday clinic") -> str:
    """Make a panel; its public id."""
    worker.open("/desk")
    worker.send("/desk/panels", name=name)
    return _found(_PANEL, worker.path)


def add_person(worker: Worker, panel: str, code: str, **fields: str) -> str:
    """Add somebody without answers; their public id."""
    worker.open(f"/desk/panels/{panel}/people/add")
    worker.send(**{"code": code, "language": "en", "consent": "yes", "then": "later", **fields})
    return _found(_PERSON, worker.path)


def person_path(panel: str, person: str, rest: str = "") -> str:
    """The path of a person's page, or of one below it."""
    return f"/desk/panels/{panel}/people/{person}{rest}"


def give_answers(worker: Worker, panel: str, person: str, **answers: Any) -> None:
    """Keep answers in place of a person's, as the form would."""
    here = site_of(worker.app)
    with session(here.engine) as reading:
        opened = opened_by(reading, worker, panel)
        now = people.read_person(reading, here.desk, opened, person, now=here.clock())
    with session(here.engine, writing=True) as writing:
        people.change_answers(
            writing, here.desk, opened, now.seen, NewAnswers(answers), now=here.clock()
        )


def opened_by(opened: Session, worker: Worker, panel: str) -> OpenPanel:
    """A panel as somebody opens it."""
    account = accounts.account_by_email(opened, worker.email)
    assert account is not None
    return open_panel(opened, account.id or 0, panel)


def without(text: str, name: str) -> str:
    """A page without a name in its addresses, and without the code of its forms."""
    return _CODE.sub("", text).replace(name, "")


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, text
    return found[1]
