"""Trail complete: whatever is read or changed over the pages of a panel leaves its entry."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from matcher.services.panels import organising
from matcher.services.panels.trail import ACTIONS
from matcher.store.accounts import account_by_email
from matcher.store.database import session
from matcher.words import load_words
from tests.web.catalogue import CAMIZESTRANT
from tests.web.desk.crawl import path_of, unmet
from tests.web.desk.panelled import FITS, Panelled, panelled, put_studies
from tests.web.mails import site_of

WORDS = load_words()
TOKEN = re.compile(r'name="token" value="([^"]+)"')
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
TABLE = b"code,er\nA-117,negative\nZ-900,positive\n"
SHOWS_NOBODY = {
    "desk_panel.settings": "the panel's name and who works with it",
    "desk_people.form": "an empty form",
    "desk_records.form": "an empty form",
    "desk_records.empty_table": "an empty table",
    "desk_person.resume": "leads on to the form or to the person's page",
    "desk_matrix.cell": "leads on to the page of the pair",
    "desk_accounts.confirm_disable": "asks before an account is shut out",
}
"""Pages of a panel that leave no entry, and what they show."""


@dataclass
class Scene:
    """Ana's panel with one person; Kim is a member, and Lou could be one."""

    ana: Panelled
    person: str
    kim: str
    lou: str

    def read(self, path: str) -> None:
        """Open a page of the panel."""
        answer = self.ana.worker.open(self.ana.root + path)
        assert answer.status_code == 200, path

    def send(self, path: str, **fields: object) -> None:
        """Send a form of the panel."""
        answer = self.ana.worker.send(self.ana.root + path, **fields)
        assert answer.status_code == 200, (path, self.ana.worker.text)

    def of(self, path: str) -> str:
        """A path about the person."""
        return f"/people/{self.person}{path}"

    def preview(self) -> str:
        """Have a table read; the token of what waits."""
        self.send("/records", file=(io.BytesIO(TABLE), "people.csv"))
        found = TOKEN.search(self.ana.worker.page)
        assert found
        return found[1]

    def twice(self, first: str, then: str) -> None:
        """Do something and take it back."""
        self.send(first)
        self.send(then)

    def keep_answers(self) -> None:
        """Over the patients' form."""
        self.send(self.of("/answers"))
        self.ana.worker.answer("er", "low")
        self.ana.worker.open("/check")
        self.send(self.of("/answers/keep"), source="told")

    def look(self) -> None:
        """See what is new, and say so."""
        self.read("/news")
        found = STAMP.search(self.ana.worker.page)
        assert found
        self.send("/news/seen", stamp=found[1])


Deed = Callable[[Scene], object]
DEEDS: dict[str, Deed] = {
    "panel_made": lambda x: x.ana.worker.send("/desk/panels", name="Another"),
    "panel_renamed": lambda x: x.send("/rename", name="Other"),
    "panel_archived": lambda x: x.send("/archive"),
    "panel_brought_back": lambda x: x.twice("/archive", "/bring-back"),
    "panel_given": lambda x: x.send("/give", owner=x.kim),
    "member_added": lambda x: x.send("/members", colleague=x.lou),
    "member_removed": lambda x: x.send("/members/remove", member=x.kim),
    "people_read": lambda x: x.read(""),
    "person_read": lambda x: x.read(x.of("")),
    "person_added": lambda x: x.send(
        "/people/add", code="B-2", language="en", consent="yes", then="later"
    ),
    "answers_changed": lambda x: x.keep_answers(),
    "details_changed": lambda x: x.send(x.of("/details"), version=1, code="Z-9", language="es"),
    "person_handed_over": lambda x: x.send(x.of("/hand-over"), version=1, owner=x.kim),
    "person_archived": lambda x: x.send(x.of("/archive")),
    "person_brought_back": lambda x: x.twice(x.of("/archive"), x.of("/bring-back")),
    "person_died": lambda x: x.send(x.of("/died")),
    "death_taken_back": lambda x: x.twice(x.of("/died"), x.of("/alive")),
    "person_erased": lambda x: x.send(x.of("/erase")),
    "file_previewed": lambda x: x.preview(),
    "file_taken": lambda x: x.send("/records/take", token=x.preview(), row="1", consent="yes"),
    "work_read": lambda x: x.read("/work"),
    "state_set": lambda x: x.send(x.of(f"/studies/{CAMIZESTRANT}/state"), state="discussed"),
    "study_shared": lambda x: x.send(f"/studies/{CAMIZESTRANT}/share", who=x.person),
    "note_added": lambda x: x.send(x.of("/notes"), text="She asked"),
    "person_exported": lambda x: x.send(x.of("/file")),
    "panel_exported": lambda x: x.read("/records/panel.csv"),
    "trail_read": lambda x: x.read("/trail"),
    "trail_exported": lambda x: x.read("/trail/trail.csv"),
    "look_kept": lambda x: x.look(),
    "study_read": lambda x: x.read(f"/studies/{CAMIZESTRANT}"),
    "matrix_read": lambda x: x.read("/matrix"),
    "matrix_exported": lambda x: x.read("/matrix.csv"),
    "sheet_printed": lambda x: x.read(x.of("/sheet")),
}
ELSEWHERE = {"member_reset", "member_reset_by_command", "panel_taken_over"}
"""What an administrator does, which `test_accounts_trail` looks at, and what `test_panels` does."""
ABOUT_A_PERSON = re.compile(r"person_(?!added)|answers|details|death|note_|state_|sheet|history")


@pytest.fixture
def scene(desk_app: Flask) -> Scene:
    put_studies(desk_app)
    here = site_of(desk_app)
    ana, kim, lou = (panelled(desk_app, f"{name}@clinic.org") for name in ("ana", "kim", "lou"))
    person = ana.add("A-117", FITS).public_id
    found = Scene(ana, person, public_id(kim), public_id(lou))
    ana.work(lambda s, p: organising.add_member(s, p, found.kim, now=here.clock()))
    ana.worker.open("/desk")
    return found


def public_id(of: Panelled) -> str:
    with session(site_of(of.app).engine) as opened:
        account = account_by_email(opened, of.worker.email)
        assert account is not None
        return account.public_id


def test_for_every_action_there_is_a_deed() -> None:
    assert set(DEEDS) | ELSEWHERE == set(ACTIONS)


@pytest.mark.parametrize("action", DEEDS)
def test_what_is_done_over_the_pages_leaves_its_entry(scene: Scene, action: str) -> None:
    before = len(scene.ana.trail())
    DEEDS[action](scene)
    entries = [one for one in scene.ana.trail()[before:] if one.action == action]
    assert len(entries) >= 1
    if ABOUT_A_PERSON.match(action):
        assert {one.person for one in entries} == {scene.person}
    # The owner reads it in words.
    if action not in ("panel_made", "panel_given"):
        scene.read("/trail")
        told = WORDS.speak(f"desk_trail.{action}", language="en").unescape()
        assert told in scene.ana.worker.text


def test_every_page_that_shows_somebody_leaves_an_entry(scene: Scene) -> None:
    app = scene.ana.app
    filled = {
        "panel": [scene.ana.panel],
        "person": [scene.person],
        "key": [CAMIZESTRANT],
        "study": ["0" * 8],
        "unit": ["er"],
        "what": ["archive", "died", "erase"],
        "public_id": [scene.kim],
    }
    adapter, silent = app.url_map.bind("localhost"), set()
    for probe in sorted(unmet(app, [], filled), key=lambda one: one.path):
        if probe.method != "GET":
            continue
        before = len(scene.ana.trail())
        scene.ana.worker.client.get(probe.path, headers=scene.ana.worker.headers)
        entries = scene.ana.trail()[before:]
        endpoint, values = adapter.match(path_of(probe), "GET")
        if not entries:
            silent.add(endpoint)
        elif "person" in values:
            assert scene.person in {one.person for one in entries}, endpoint
    assert silent == set(SHOWS_NOBODY)
