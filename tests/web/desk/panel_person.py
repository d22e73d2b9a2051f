"""A panel in the tests: what a navigator does with it over its pages."""

from __future__ import annotations

import re

from tests.web.desk.worker import Worker

ANSWERED = {
    "cancer_status": "now",
    "cancer": "breast",
    "age": 52,
    "er": "positive",
    "her2": "negative",
    "extent": "metastatic",
}
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


def enter_answers(worker: Worker, panel: str, person: str, **answers: object) -> None:
    """Enter answers in the patients' form, and keep them."""
    worker.open(person_path(panel, person))
    worker.send(person_path(panel, person, "/answers"))
    for key, value in answers.items():
        worker.answer(key, value)
    worker.open("/check")
    worker.send(person_path(panel, person, "/answers/keep"), source="told")


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, text
    return found[1]
