"""Erased over the pages: nothing of the person is left in the files of the database."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from matcher.services.panels import work
from matcher.services.panels.work import NewNote
from tests.web.desk.panelled import FITS, panelled, put_studies
from tests.web.mails import site_of


def test_the_log_of_sqlite_is_emptied(desk_app: Flask) -> None:
    put_studies(desk_app)
    here, ana = site_of(desk_app), panelled(desk_app)
    person = ana.add("Q7-Q8-Q9", FITS).public_id
    note = NewNote("She asked")
    ana.work(lambda s, p: work.add_note(s, here.desk, p, person, note, now=here.clock()))
    file = Path(str(here.engine.url.database))
    assert any(b"Q7-Q8-Q9" in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    ana.worker.open(f"{ana.root}/people/{person}/erase")
    ana.worker.send()
    assert "erased" in ana.worker.text.lower()
    for one in file.parent.glob(f"{file.name}*"):
        assert b"Q7-Q8-Q9" not in one.read_bytes(), one.name
