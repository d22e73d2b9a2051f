"""Refusing: what is not there is answered by the page of any unknown address."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.desk.panelled import panelled, put_studies

NOBODY = "f" * 32


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("people/{person}/notes", {"text": "A note", "study": "no-such-study"}),
        ("people/{person}/studies/no-such-study/notes", {"text": "A note"}),
        ("people/{person}/studies/no-such-study/state", {"state": "discussed"}),
        ("studies/no-such-study/share", {"who": "{person}"}),
        (f"people/{NOBODY}/notes", {"text": "A note"}),
    ],
)
def test_a_study_or_a_person_that_is_gone(
    desk_app: Flask, path: str, fields: dict[str, str]
) -> None:
    put_studies(desk_app)
    ana = panelled(desk_app)
    person = ana.add("A-117").public_id
    ana.worker.open(ana.root)
    sent = {name: value.format(person=person) for name, value in fields.items()}
    answer = ana.worker.send(f"{ana.root}/{path.format(person=person)}", **sent)
    assert answer.status_code == 404
    assert not {"note_added", "state_set", "study_shared"} & set(ana.actions())
