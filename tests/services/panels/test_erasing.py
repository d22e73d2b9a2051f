"""Erasing: all that is kept of a person goes, in the file too, and no backup brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.services import visits
from matcher.services.database import back_up, restore
from matcher.services.panels import erasing, looks, people, work
from matcher.services.panels.persons import ChangedMeanwhileError, GoneError, Person
from matcher.services.panels.profile import PersonProfile
from matcher.services.resealing import count_seals, reseal
from matcher.services.subscribing import journal
from matcher.services.subscribing.replaying import replay
from matcher.store import sealed
from matcher.store.errors import StoreError
from tests.services.panels.clinic import ANSWERS, NOW, Clinic, one_store, snapshot
from tests.services.saved import postgres_programs

__all__ = ["postgres_programs"]

MARK = "zq-mark-"


def erase(clinic: Clinic, person: Person) -> bool:
    return clinic.change(lambda s, p: erasing.erase(s, clinic.desk, p, person.public_id, now=NOW))


def keep_look(clinic: Clinic, *who: Person) -> None:
    clinic.change(lambda s, p: looks.keep_look(s, clinic.desk, p, snapshot(*who), now=NOW))


def add_note(clinic: Clinic, person: Person, text: str) -> None:
    new = work.NewNote(text)
    clinic.change(lambda s, p: work.add_note(s, clinic.desk, p, person.public_id, new, now=NOW))


def test_all_that_is_a_persons_goes_and_what_is_anothers_stays(clinic: Clinic) -> None:
    gone, stays = clinic.add("A-1"), clinic.add("A-2")
    study = clinic.study("a-study")
    for person in (gone, stays):
        clinic.set_state(person, study, "dismissed", reason="no")
        add_note(clinic, person, "note")
        what = work.ToShare(study, [person.public_id])
        clinic.set_state(person, study, "not_now")
        clinic.change(lambda s, p, w=what: work.share(s, p, w, now=NOW))
    keep_look(clinic, gone, stays)
    token = clinic.write(lambda s: visits.begin_with(s, "k" * 32, visit_of(clinic, gone), now=NOW))
    assert erase(clinic, gone)
    assert not erase(clinic, gone)
    with pytest.raises(GoneError):
        clinic.person(gone.public_id)
    assert clinic.listed() == ["A-2"]
    assert clinic.person(stays.public_id) == stays
    seen = clinic.look(lambda s, p: looks.last_look(s, clinic.desk, p))
    assert seen is not None
    assert seen.snapshot == snapshot(stays)
    assert clinic.read(lambda s: visits.open_visit(s, token, "k" * 32, now=NOW)) is None
    kept = clinic.look(lambda s, p: work.work_of(s, clinic.desk, p, now=NOW))
    assert kept[stays.public_id].state(study) == "shared"
    assert (list(kept), kept[stays.public_id].notes) == ([stays.public_id], 1)


def visit_of(clinic: Clinic, person: Person) -> visits.Visit:
    return visits.Visit(
        visits.ends_at(NOW, shared=False),
        about="other",
        answers=ANSWERS,
        panel=clinic.panel_id,
        panel_person=person.public_id,
        person_version=person.version,
    )


@one_store
def test_a_visit_remembers_for_whom_it_was_opened(clinic: Clinic) -> None:
    visit = visit_of(clinic, clinic.add("A-1"))
    token = clinic.write(lambda s: visits.begin_with(s, "k" * 32, visit, now=NOW))
    assert clinic.read(lambda s: visits.open_visit(s, token, "k" * 32, now=NOW)) == visit


@one_store
def test_neither_the_file_nor_its_log_holds_what_was_a_persons(
    clinic: Clinic, tmp_path: Path
) -> None:
    study, person = clinic.study("a-study"), clinic.add("Z9-1")
    clinic.set_state(person, study, "dismissed", reason=f"{MARK}reason")
    add_note(clinic, person, f"{MARK}note")
    keep_look(clinic, person)
    marks = [*sealed_bytes(clinic), b"Z9-1", b"z9-1", MARK.encode()]

    def found() -> list[bytes]:
        held = [file.read_bytes() for file in tmp_path.iterdir() if file.is_file()]
        return [mark for mark in marks if any(mark in one for one in held)]

    assert len(marks) == 4 + 3
    assert found() == marks[:-1]
    erase(clinic, person)
    assert found() == []


def sealed_bytes(clinic: Clinic) -> list[bytes]:
    def each() -> Iterator[bytes]:
        for column in sealed.sealed_columns():
            for _, value in clinic.read(lambda s, c=column: list(sealed.each_sealed(s, c))):
                yield value

    return list(each())


def test_a_restored_backup_does_not_bring_them_back(clinic: Clinic, tmp_path: Path) -> None:
    gone, stays = clinic.add("A-1"), clinic.add("A-2")
    add_note(clinic, gone, "note")
    keep_look(clinic, gone, stays)
    url = clinic.desk.settings.database_url
    back_up(url, tmp_path / "saved")
    erase(clinic, gone)
    clinic.desk.engine.dispose()
    restore(url, tmp_path / "saved")
    assert clinic.listed() == ["A-1", "A-2"]
    assert replay(clinic.desk, now=NOW) == 1
    assert clinic.listed() == ["A-2"]
    seen = clinic.look(lambda s, p: looks.last_look(s, clinic.desk, p))
    assert seen is not None
    assert list(seen.snapshot.people) == [stays.public_id]
    assert replay(clinic.desk, now=NOW) == 0


@one_store
def test_the_journal_names_nobody_and_comes_first(clinic: Clinic) -> None:
    person, other = clinic.add("A-1"), clinic.add("A-2")
    erase(clinic, person)
    line = journal.journal_file(clinic.desk).read_text()
    assert line.split()[1] == "left_panel"
    assert person.public_id not in line
    journal.journal_file(clinic.desk).unlink()
    journal.journal_file(clinic.desk).mkdir()
    with pytest.raises(StoreError, match="journal"):
        erase(clinic, other)
    assert clinic.listed() == ["A-2"]


def test_whoever_changes_while_one_erases_brings_nothing_back(clinic: Clinic) -> None:
    study = clinic.study("a-study")
    for round in range(5):
        person = clinic.add(f"A-{round}")

        def turn(number: int, person: Person = person) -> None:
            try:
                if number == 0:
                    erase(clinic, person)
                elif number % 3 == 0:
                    add_note(clinic, person, "late")
                elif number % 3 == 1:
                    clinic.set_state(person, study, "discussed")
                else:
                    clinic.answer(person, {"age": number})
            except (GoneError, ChangedMeanwhileError):
                pass

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(turn, (1, 2, 3, 0, 4, 5)))
        with pytest.raises(GoneError):
            clinic.person(person.public_id)
    assert sealed_bytes(clinic) == []


@one_store
def test_a_look_that_cannot_be_read_goes_with_whom_it_may_hold(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    keep_look(clinic, person)
    broken = Clinic.__new__(Clinic)
    broken.__dict__ = {**clinic.__dict__, "desk": replace(clinic.desk)}
    broken.desk = type(clinic.desk)(
        clinic.desk.engine,
        clinic.desk.book,
        clinic.desk.matcher,
        replace(clinic.desk.settings, data_key="x" * 32),
    )
    assert clinic.look(lambda s, p: looks.last_look(s, broken.desk, p)) is None
    erase(broken, person)
    assert sealed_bytes(clinic) == []


@one_store
def test_what_one_account_saw_is_told_to_no_other(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    keep_look(clinic, person)
    look = clinic.look(lambda s, p: looks.last_look(s, clinic.desk, p))
    assert look is not None
    assert look.levels_of(person.public_id) == {"a-study": 0}
    assert look.levels_of("nobody") == {}
    clinic.change(lambda s, p: people.archive(s, p, person.public_id, now=NOW))


def test_all_of_it_is_sealed_anew_under_a_new_key(clinic: Clinic) -> None:
    study, person = clinic.study("a-study"), clinic.add("A-1")
    clinic.set_state(person, study, "dismissed", reason="no")
    add_note(clinic, person, "note")
    keep_look(clinic, person)
    assert clinic.read(sealed.holds_people)
    old, new = clinic.desk.settings.data_key, "n" * 32
    both = replace(clinic.desk.settings, data_key=f"{new},{old}")
    assert reseal(clinic.desk.engine, both) == 4
    seals = {one.column: one.first for one in count_seals(clinic.desk.engine, both) if one.first}
    assert set(seals) == {
        "panel_look.sealed",
        "panel_person.profile",
        "person_note.text",
        "person_study.reason",
    }
    only = replace(clinic.desk, settings=replace(both, data_key=new))
    found = clinic.look(lambda s, p: people.read_person(s, only, p, person.public_id, now=NOW))
    assert found.profile == person.profile
    assert isinstance(found.profile, PersonProfile)
