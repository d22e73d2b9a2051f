"""Work: states, notes, sharing one study with several people, and the history of one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from matcher.services.panels import history, people, work
from matcher.services.panels.persons import ChangedMeanwhileError, GoneError, Person
from matcher.services.panels.work import Shared, ToShare, Wanted, Work, WorkError
from tests.services.panels.clinic import NOW, Clinic, one_store

LATER = NOW + timedelta(hours=1)


def work_with(clinic: Clinic, person: Person) -> Work:
    return clinic.look(lambda s, p: work.work_of(s, clinic.desk, p, now=NOW))[person.public_id]


def share(clinic: Clinic, study: str, *who: str, language: str | None = None) -> Shared:
    what = ToShare(study, who, language)
    return clinic.change(lambda s, p: work.share(s, p, what, now=LATER))


def events(clinic: Clinic, person: Person) -> list[history.Event]:
    return clinic.look(lambda s, p: history.history_of(s, clinic.desk, p, person.public_id))


def test_what_was_never_touched_is_new_and_a_state_stays(clinic: Clinic) -> None:
    person, study = clinic.add("A-1"), clinic.study("a-study")
    assert work_with(clinic, person).state(study) == "new"
    for state in ("shared", "discussed", "not_now", "new"):
        clinic.set_state(person, study, state)
        found = work_with(clinic, person)
        assert found.state(study) == state
        assert found.states[study].by == "Ana"


def test_a_reason_is_kept_with_a_dismissal_alone(clinic: Clinic) -> None:
    person, study = clinic.add("A-1"), clinic.study("a-study")
    clinic.set_state(person, study, "dismissed", reason="not again")
    assert [e.text for e in events(clinic, person) if e.kind == "state"] == ["not again"]
    clinic.set_state(person, study, "discussed", reason="left over")
    assert [e.text for e in events(clinic, person) if e.kind == "state"] == [""]


@one_store
def test_who_saw_another_state_is_told(clinic: Clinic) -> None:
    person, study = clinic.add("A-1"), clinic.study("a-study")
    clinic.set_state(person, study, "discussed", seen="new")
    with pytest.raises(ChangedMeanwhileError):
        clinic.set_state(person, study, "dismissed", seen="new")
    assert work_with(clinic, person).state(study) == "discussed"


@one_store
@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("a-study", "done"), "state"),
        (Wanted("a-study", "dismissed", "x" * 501), "reason"),
        (Wanted("a-study", "dismissed", "\ud800"), "reason"),
    ],
)
def test_what_cannot_be_kept_is_refused(clinic: Clinic, wanted: Wanted, field: str) -> None:
    person = clinic.add("A-1")
    clinic.study("a-study")
    with pytest.raises(WorkError) as caught:
        clinic.set_state(person, wanted.study, wanted.state, reason=wanted.reason)
    assert caught.value.field == field


@one_store
def test_a_study_that_is_not_to_be_shown_is_gone(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    clinic.study("withdrawn", withdrawn_at=NOW, withdrawn_reason="x")
    clinic.study("retracted", standing="retracted")
    for study in ("nowhere", "withdrawn", "retracted", "\x00"):
        with pytest.raises(work.StudyGoneError):
            clinic.set_state(person, study, "shared")
        with pytest.raises(work.StudyGoneError):
            share(clinic, study, person.public_id)


def test_one_study_is_shared_with_several_and_says_who_was_passed_over(clinic: Clinic) -> None:
    study = clinic.study("a-study", version=3)
    new, talked, no, away, died = (clinic.add(f"A-{number}") for number in range(1, 6))
    clinic.set_state(talked, study, "discussed")
    clinic.set_state(no, study, "dismissed")
    clinic.change(lambda s, p: people.archive(s, p, away.public_id, now=NOW))
    clinic.change(lambda s, p: people.mark_died(s, p, died.public_id, now=NOW))
    everybody = [one.public_id for one in (new, talked, no, away, died)]
    found = share(clinic, study, *everybody, everybody[0], "nobody", language="es")
    assert found.people == (new.public_id, talked.public_id)
    assert found.passed_over == {
        no.public_id: "dismissed",
        away.public_id: "archived",
        died.public_id: "died",
        "nobody": "gone",
    }
    assert work_with(clinic, new).state(study) == "shared"
    assert work_with(clinic, talked).state(study) == "discussed"
    assert work_with(clinic, talked).shared == {study: LATER}
    (told,) = [e for e in events(clinic, new) if e.kind == "share"]
    assert (told.study, told.version, told.language, told.by) == (study, 3, "es", "Ana")


@one_store
def test_a_button_pressed_twice_is_noted_once(clinic: Clinic) -> None:
    study, person, other = clinic.study("a-study"), clinic.add("A-1"), clinic.add("A-2")
    for _ in range(2):
        assert share(clinic, study, person.public_id).people == (person.public_id,)
    # Whoever is there for the first time, another language and another time are something new.
    share(clinic, study, person.public_id, other.public_id)
    share(clinic, study, person.public_id, language="es")
    for wait in (timedelta(seconds=59), timedelta(minutes=2)):
        clinic.change(
            lambda s, p, at=LATER + wait: work.share(
                s, p, work.ToShare(study, (person.public_id,), "es"), now=at
            )
        )
    told = [e.language for e in events(clinic, person) if e.kind == "share"]
    assert sorted(told) == ["en", "es", "es"]
    assert len([e for e in events(clinic, other) if e.kind == "share"]) == 1


@one_store
def test_everybody_gets_their_own_language_unless_one_is_said(clinic: Clinic) -> None:
    study, person = clinic.study("a-study"), clinic.add("A-1")
    share(clinic, study, person.public_id)
    assert [e.language for e in events(clinic, person) if e.kind == "share"] == ["en"]
    with pytest.raises(WorkError, match="language"):
        share(clinic, study, person.public_id, language="xx")


def test_the_history_is_by_time_and_tells_no_answer(clinic: Clinic) -> None:
    person, study = clinic.add("A-1"), clinic.study("a-study")
    clinic.answer(person, {"er": "negative"}, now=NOW + timedelta(minutes=5))
    share(clinic, study, person.public_id)
    clinic.change(
        lambda s, p: work.add_note(
            s,
            clinic.desk,
            p,
            person.public_id,
            work.NewNote(" Call\nagain ", study),
            now=LATER + timedelta(hours=1),
        )
    )
    found = events(clinic, person)
    assert [event.kind for event in found] == [
        "note",
        "state",
        "share",
        "answers",
        "answers",
        "added",
    ]
    assert (found[0].text, found[0].study) == ("Call\nagain", study)
    assert found[3].units == ("cancer", "cancer_status", "er", "tumor.ESR1", "tumor.PIK3CA")
    assert "negative" not in repr(found)
    assert work_with(clinic, person).notes == 1


@one_store
@pytest.mark.parametrize(("text", "fault"), [(" \n", "empty"), ("x" * 4001, "long")])
def test_a_note_says_something_and_not_too_much(clinic: Clinic, text: str, fault: str) -> None:
    person = clinic.add("A-1")
    with pytest.raises(WorkError) as caught:
        clinic.change(
            lambda s, p: work.add_note(
                s, clinic.desk, p, person.public_id, work.NewNote(text), now=NOW
            )
        )
    assert caught.value.fault == fault
    with pytest.raises(GoneError):
        clinic.change(
            lambda s, p: work.add_note(s, clinic.desk, p, "?", work.NewNote("x"), now=NOW)
        )


def test_of_many_who_set_one_state_at_once_one_does(clinic: Clinic) -> None:
    person, study = clinic.add("A-1"), clinic.study("a-study")

    def set_it(state: str) -> bool:
        try:
            clinic.set_state(person, study, state, seen="new")
        except ChangedMeanwhileError:
            return False
        return True

    states = ("discussed", "dismissed", "not_now", "shared") * 2
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(set_it, states))
    assert done.count(True) == 1
    assert work_with(clinic, person).state(study) == states[done.index(True)]
