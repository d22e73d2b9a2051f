"""Work: why a study stands where it does for a person, its state, notes and shares."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from matcher.services.panels import organising, people, work
from matcher.services.panels.persons import Person
from matcher.services.panels.work import ToShare, Wanted
from matcher.store.panel_work import states_in
from tests.web.catalogue import CAMIZESTRANT
from tests.web.desk.panelled import MAY_FIT, Panelled, panelled, put_studies
from tests.web.mails import site_of

SECRET = "marker of a note"


@pytest.fixture
def ana(desk_app: Flask) -> Panelled:
    """Ana, with an empty panel."""
    put_studies(desk_app)
    return panelled(desk_app)


@pytest.fixture
def person(ana: Panelled) -> Person:
    """Somebody whom the study may fit."""
    return ana.add("A-1", MAY_FIT)


def at(ana: Panelled, person: Person, key: str = CAMIZESTRANT) -> str:
    return f"{ana.root}/people/{person.public_id}/studies/{key}"


def state_of(ana: Panelled) -> str | None:
    found = ana.work(lambda s, panel: list(states_in(s, panel.id)))
    return found[0].state if found else None


def test_the_page_says_why_and_what_is_open(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    text = ana.worker.text
    assert "A-1" in text
    assert "ESR1" in text
    assert "Ask the doctor" in text
    assert "May be about this person" in text


def test_the_open_question_leads_to_the_form(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    assert 'value="tumor.ESR1"' in ana.worker.page
    ana.worker.send(f"{ana.root}/people/{person.public_id}/answers", key="tumor.ESR1")
    assert ana.worker.place == "/questions/tumor"


def test_a_state_is_kept_with_who_and_when(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    ana.worker.send(f"{at(ana, person)}/state", state="discussed", seen="new", reason="")
    assert state_of(ana) == "discussed"
    assert "“Discussed” since November 22, 2026, by Somebody" in ana.worker.text
    assert ana.actions()[-2:] == ["state_set", "person_read"]


def test_a_reason_goes_with_setting_aside_alone(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    path = f"{at(ana, person)}/state"
    ana.worker.send(path, state="dismissed", seen="new", reason="Had it")
    assert 'value="Had it"' in ana.worker.page
    ana.worker.send(path, state="not_now", seen="dismissed", reason="Had it")
    assert 'value="Had it"' not in ana.worker.page


def test_the_second_of_two_is_told(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    other, here = ana.worker, site_of(ana.app)
    wanted = Wanted(CAMIZESTRANT, "shared")
    ana.work(
        lambda s, panel: work.set_state(
            s, here.desk, panel, person.public_id, wanted, now=here.clock()
        )
    )
    response = other.send(f"{at(ana, person)}/state", state="dismissed", seen="new", reason="mine")
    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in other.page
    assert state_of(ana) == "shared"
    assert 'name="seen" value="shared"' in other.page
    assert 'value="mine"' in other.page


@pytest.mark.parametrize(
    ("path", "fields", "told", "anchor"),
    [
        ("state", {"state": "best"}, "Choose one of these", "state"),
        ("state", {"state": "dismissed", "reason": "x" * 501}, "at most 500", "reason"),
        ("state", {"state": "dismissed", "reason": "a\x00b"}, "cannot be kept", "reason"),
        ("notes", {"text": "  "}, "Write a note first", "text"),
        ("notes", {"text": "x" * 4001}, "at most 4000", "text"),
        ("notes", {"text": "a\x00b"}, "cannot be kept", "text"),
    ],
)
def test_what_cannot_be_taken_is_said(
    ana: Panelled, person: Person, path: str, fields: dict[str, str], told: str, anchor: str
) -> None:
    ana.worker.open(at(ana, person))
    response = ana.worker.send(f"{at(ana, person)}/{path}", seen="new", **fields)
    assert response.status_code == 422
    assert told in ana.worker.page
    assert f'href="#{anchor}"' in ana.worker.page
    assert re.search(rf'id="{anchor}"', ana.worker.page)
    assert state_of(ana) is None


def test_a_note_shows_its_author_and_is_locked_away(ana: Panelled, person: Person) -> None:
    ana.worker.open(at(ana, person))
    ana.worker.send(f"{at(ana, person)}/notes", text=f"<b>{SECRET}</b>\nline two")
    assert f"&lt;b&gt;{SECRET}" in ana.worker.page
    assert "November 22, 2026, Somebody" in ana.worker.page
    file = site_of(ana.app).engine.url.database or ""
    with open(file, "rb") as content:
        assert SECRET.encode() not in content.read()


def test_what_was_shared_stands_with_version_and_language(ana: Panelled, person: Person) -> None:
    here = site_of(ana.app)
    what = ToShare(CAMIZESTRANT, [person.public_id], "es")
    ana.work(lambda s, panel: work.share(s, panel, what, now=here.clock()))
    ana.worker.open(at(ana, person))
    assert "November 22, 2026, Spanish, version 1, by Somebody" in ana.worker.text


def test_all_work_of_a_panel_is_on_one_page(ana: Panelled, person: Person) -> None:
    ana.worker.open(f"{ana.root}/work")
    assert "Nothing is noted yet" in ana.worker.page
    ana.worker.open(at(ana, person))
    ana.worker.send(f"{at(ana, person)}/state", state="not_now", seen="new")
    ana.worker.open(f"{ana.root}/work")
    assert f'href="{at(ana, person)}"' in ana.worker.page
    ana.worker.open(f"{ana.root}/work?state=not_now")
    assert "A-1" in ana.worker.page
    ana.worker.open(f"{ana.root}/work?state=shared")
    assert "Nothing stands at this state" in ana.worker.page
    assert ana.worker.open(f"{ana.root}/work?state=%00x").status_code == 200


def test_an_archived_panel_can_be_read_and_not_changed(ana: Panelled, person: Person) -> None:
    here = site_of(ana.app)
    ana.worker.open(at(ana, person))
    ana.work(lambda s, panel: organising.archive_panel(s, panel, now=here.clock()))
    ana.worker.send(f"{at(ana, person)}/state", state="shared", seen="new")
    assert state_of(ana) is None
    assert ana.worker.open(at(ana, person)).status_code == 200


def test_who_died_is_on_no_list(ana: Panelled, person: Person) -> None:
    here = site_of(ana.app)
    ana.worker.open(at(ana, person))
    ana.worker.send(f"{at(ana, person)}/state", state="shared", seen="new")
    ana.work(lambda s, panel: people.mark_died(s, panel, person.public_id, now=here.clock()))
    for page in ("matrix", "work", "wanted", f"studies/{CAMIZESTRANT}", "matrix.csv"):
        ana.worker.open(f"{ana.root}/{page}")
        assert "A-1" not in ana.worker.page, page


def test_another_panel_of_the_same_person_does_not_open_it(ana: Panelled, person: Person) -> None:
    other = panelled(ana.app, "ben@clinic.org")
    assert other.worker.open(at(ana, person)).status_code == 404
    theirs = f"{other.root}/people/{person.public_id}/studies/{CAMIZESTRANT}"
    assert other.worker.open(theirs).status_code == 404
    other.worker.open(f"{other.root}/work")
    assert other.worker.send(f"{theirs}/state", state="shared").status_code == 404
    assert other.worker.send(f"{theirs}/notes", text="x").status_code == 404
    assert state_of(ana) is None
