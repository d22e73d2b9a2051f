"""The trail: every verb leaves its entry, with the change or not at all, and no entry tells."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from matcher.records.draft import Draft
from matcher.services.panels import (
    erasing,
    export,
    importing,
    looks,
    organising,
    people,
    taking,
    trail,
    work,
)
from matcher.services.panels.people import NewAnswers
from matcher.services.panels.persons import Details, Person
from matcher.services.panels.taking import Chosen
from matcher.services.panels.walls import OpenPanel
from tests.services.panels.clinic import ANSWERS, NOW, Clinic, one_store, snapshot

MODULES = (erasing, export, importing, looks, organising, people, taking, trail, work)


@dataclass
class Scene:
    """A panel with two people, a study, a member and a file that waits."""

    clinic: Clinic
    person: Person
    token: str

    @property
    def name(self) -> str:
        """The person's public id."""
        return self.person.public_id


Verb = Callable[[Scene, Session, OpenPanel], object]
CHANGES: dict[str, Verb] = {
    "panel_renamed": lambda _, s, p: organising.rename(s, p, name="Other", now=NOW),
    "panel_archived": lambda _, s, p: organising.archive_panel(s, p, now=NOW),
    "panel_given": lambda x, s, p: organising.give_panel(s, p, x.clinic.name("ben"), now=NOW),
    "member_added": lambda x, s, p: organising.add_member(s, p, x.clinic.name("cid"), now=NOW),
    "member_removed": lambda x, s, p: organising.remove_member(s, p, x.clinic.name("ben"), now=NOW),
    "answers_changed": lambda x, s, p: people.change_answers(
        s, x.clinic.desk, p, x.person.seen, NewAnswers({"er": "low"}), now=NOW
    ),
    "details_changed": lambda x, s, p: people.change_details(
        s, x.clinic.desk, p, x.person.seen, Details("Z-9", "es"), now=NOW
    ),
    "person_handed_over": lambda x, s, p: people.hand_over(
        s, p, x.person.seen, to=x.clinic.name("ben"), now=NOW
    ),
    "person_archived": lambda x, s, p: people.archive(s, p, x.name, now=NOW),
    "person_died": lambda x, s, p: people.mark_died(s, p, x.name, now=NOW),
    "person_erased": lambda x, s, p: erasing.erase(s, x.clinic.desk, p, x.name, now=NOW),
    "file_previewed": lambda x, s, p: importing.preview(
        s, x.clinic.desk, p, [Draft("row 1", ANSWERS, code="N-1")], now=NOW
    ),
    "file_taken": lambda x, s, p: taking.take(
        s, x.clinic.desk, p, x.token, Chosen(frozenset(), consent=True), now=NOW
    ),
    "state_set": lambda x, s, p: work.set_state(
        s, x.clinic.desk, p, x.name, work.Wanted("a-study", "dismissed", "sore"), now=NOW
    ),
    "study_shared": lambda x, s, p: work.share(s, p, work.ToShare("a-study", [x.name]), now=NOW),
    "note_added": lambda x, s, p: work.add_note(
        s, x.clinic.desk, p, x.name, work.NewNote("sore"), now=NOW
    ),
    "look_kept": lambda x, s, p: looks.keep_look(s, x.clinic.desk, p, snapshot(x.person), now=NOW),
}
READS: dict[str, Verb] = {
    "people_read": lambda x, s, p: people.people_of(s, x.clinic.desk, p, now=NOW),
    "person_read": lambda x, s, p: people.read_person(s, x.clinic.desk, p, x.name, now=NOW),
    "work_read": lambda x, s, p: work.work_of(s, x.clinic.desk, p, now=NOW),
    "person_exported": lambda x, s, p: export.export_person(s, x.clinic.desk, p, x.name, now=NOW),
    "panel_exported": lambda x, s, p: export.export_panel(s, x.clinic.desk, p, now=NOW),
    "trail_read": lambda x, s, p: trail.entries(s, x.clinic.desk, p, now=NOW),
    "trail_exported": lambda x, s, p: trail.trail_csv(s, x.clinic.desk, p, words=str, now=NOW),
}
AFTER: dict[str, tuple[str, Verb]] = {
    "panel_brought_back": (
        "panel_archived",
        lambda _, s, p: organising.bring_back_panel(s, p, now=NOW),
    ),
    "person_brought_back": (
        "person_archived",
        lambda x, s, p: people.bring_back(s, p, x.name, now=NOW),
    ),
    "death_taken_back": (
        "person_died",
        lambda x, s, p: people.take_death_back(s, p, x.name, now=NOW),
    ),
}


@pytest.fixture
def scene(clinic: Clinic) -> Scene:
    person = clinic.add("A-117")
    clinic.study("a-study")
    clinic.change(lambda s, p: organising.add_member(s, p, clinic.name("ben"), now=NOW))
    drafts = [Draft("row 1", ANSWERS, code="N-7")]
    token, _ = clinic.change(lambda s, p: importing.preview(s, clinic.desk, p, drafts, now=NOW))
    return Scene(clinic, person, token)


def noted(scene: Scene, before: int) -> list[str]:
    return [entry.action for entry in scene.clinic.trail()[before:]]


@one_store
@pytest.mark.parametrize("action", sorted(CHANGES))
def test_a_change_and_its_entry_are_one(scene: Scene, action: str) -> None:
    verb, clinic = CHANGES[action], scene.clinic
    before = len(clinic.trail())

    class StopError(Exception):
        """The commit does not come to pass."""

    def fail() -> None:
        raise StopError

    def stopped(opened: Session, panel: OpenPanel) -> None:
        opened.commit = fail  # type: ignore[method-assign]
        verb(scene, opened, panel)

    with pytest.raises(StopError):
        clinic.change(stopped)
    assert noted(scene, before) == []
    clinic.change(lambda s, p: verb(scene, s, p))
    assert noted(scene, before) == [action]


@one_store
@pytest.mark.parametrize("action", sorted(AFTER))
def test_so_are_those_that_take_another_back(scene: Scene, action: str) -> None:
    first, verb = AFTER[action]
    scene.clinic.change(lambda s, p: CHANGES[first](scene, s, p))
    before = len(scene.clinic.trail())
    scene.clinic.change(lambda s, p: verb(scene, s, p))
    assert noted(scene, before) == [action]


@one_store
@pytest.mark.parametrize("action", sorted(READS))
def test_a_read_leaves_its_entry(scene: Scene, action: str) -> None:
    before = len(scene.clinic.trail())
    scene.clinic.look(lambda s, p: READS[action](scene, s, p))
    assert noted(scene, before) == [action]


def test_these_are_all_actions_of_these_services() -> None:
    names = {module.__name__.rpartition(".")[2] for module in MODULES}
    ours = {name for name, verb in trail.ACTIONS.items() if verb.partition(".")[0] in names}
    # What the scene itself is made with is looked at below, in the trail as CSV; that a panel is
    # taken over, among the walls.
    others = {"panel_made", "person_added", "panel_taken_over"}
    assert {*CHANGES, *READS, *AFTER, *others} == ours


def test_every_verb_of_the_list_is_there() -> None:
    named = {module.__name__.rpartition(".")[2]: module for module in MODULES}
    for verbs in trail.ACTIONS.values():
        for verb in verbs.split(", "):
            module, _, function = verb.partition(".")
            assert module not in named or callable(getattr(named[module], function))


@one_store
def test_who_takes_a_file_leaves_an_entry_for_each_person(scene: Scene) -> None:
    chosen = Chosen(frozenset({0}), consent=True)
    before = len(scene.clinic.trail())
    scene.clinic.change(
        lambda s, p: taking.take(s, scene.clinic.desk, p, scene.token, chosen, now=NOW)
    )
    assert noted(scene, before) == ["person_added", "file_taken"]


def test_no_entry_holds_a_code_or_an_answer(scene: Scene) -> None:
    clinic = scene.clinic
    for action in ("answers_changed", "state_set", "note_added", "study_shared", "look_kept"):
        clinic.change(lambda s, p, do=CHANGES[action]: do(scene, s, p))
    for read in READS.values():
        clinic.look(lambda s, p, do=read: do(scene, s, p))
    told = "".join(repr(entry.model_dump()) for entry in clinic.trail())
    for secret in ("A-117", "a-117", "N-7", "sore", "positive", "low", "ESR1", "er'"):
        assert secret not in told
    assert "a-study" in told


@one_store
def test_an_action_that_is_not_on_the_list_is_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="peeked"):
        scene.clinic.change(lambda s, p: trail.note(s, p, "peeked", now=NOW))


@one_store
def test_a_code_is_looked_up_and_of_the_erased_there_is_none(scene: Scene) -> None:
    clinic = scene.clinic

    def shown() -> list[tuple[str | None, bool]]:
        found = clinic.look(
            lambda s, p: trail.entries(s, clinic.desk, p, now=NOW, person=scene.name)
        )
        return [(entry.code, entry.erased) for entry in found if entry.action == "person_added"]

    assert shown() == [("A-117", False)]
    clinic.change(lambda s, p: erasing.erase(s, clinic.desk, p, scene.name, now=NOW))
    assert shown() == [(None, True)]


@one_store
def test_the_trail_as_csv_names_who_did_what(scene: Scene) -> None:
    clinic = scene.clinic
    text = clinic.look(lambda s, p: trail.trail_csv(s, clinic.desk, p, words=str.upper, now=NOW))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["action"] for row in rows] == [
        "panel_made",
        "person_added",
        "member_added",
        "file_previewed",
    ]
    assert rows[1]["what"] == "PERSON_ADDED"
    assert (rows[1]["account"], rows[1]["code"]) == ("Ana", "A-117")
    assert rows[2]["other_account"] == "Ben"


@one_store
def test_what_cannot_be_noted_is_not_shown(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("matcher.store.trail.add_entries", fail)
    for read in READS.values():
        with pytest.raises(OSError, match="no room"):
            scene.clinic.look(lambda s, p, do=read: do(scene, s, p))
