"""People: added with consent, changed in the version that was seen, listed while they live."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.crypto import SealError
from matcher.schemas.profiles import ProfileError
from matcher.services.panels import organising, people
from matcher.services.panels.people import NewPerson
from matcher.services.panels.persons import (
    ChangedMeanwhileError,
    Details,
    GoneError,
    Person,
    PersonError,
    Seen,
)
from matcher.services.panels.profile import (
    Fact,
    PersonProfile,
    open_person,
    open_text,
    seal_person,
    seal_text,
)
from tests.services.panels.clinic import ANSWERS, NOW, Clinic, one_store

LATER = NOW + timedelta(days=3)


def test_a_person_is_as_they_were_added(clinic: Clinic) -> None:
    added = clinic.add("A-117")
    found = clinic.person(added.public_id)
    assert found == added
    assert (found.code, found.standing, found.language, found.owner) == (
        "A-117",
        "active",
        "en",
        "Ana",
    )
    assert found.profile.answers == ANSWERS
    assert (found.consent_at, found.version) == (NOW, 1)
    assert set(found.profile.facts) == {
        "cancer",
        "cancer_status",
        "er",
        "tumor.ESR1",
        "tumor.PIK3CA",
    }
    assert found.profile.facts["tumor.ESR1"] == Fact("told", "2026-01", NOW.isoformat())
    assert clinic.listed() == ["A-117"]


@one_store
@pytest.mark.parametrize(
    ("code", "fault"),
    [("", "empty"), ("Maria Lopez", "name"), ("1959-01-01", "birth_date"), ("a@b.org", "email")],
)
def test_a_code_that_tells_who_it_is_is_refused(clinic: Clinic, code: str, fault: str) -> None:
    with pytest.raises(PersonError) as caught:
        clinic.add(code)
    assert (caught.value.field, caught.value.fault) == ("code", fault)
    person = clinic.add("A-1")
    with pytest.raises(PersonError):
        details(clinic, person, Details(code))


@one_store
def test_a_code_that_is_somebodys_is_taken_whatever_its_case(clinic: Clinic) -> None:
    first, second = clinic.add("A-1"), clinic.add("A-2")
    clinic.change(lambda s, p: people.archive(s, p, first.public_id, now=NOW))
    for again in ("A-1", "a-1", " a-1 "):
        with pytest.raises(PersonError, match="taken"):
            clinic.add(again)
        with pytest.raises(PersonError, match="taken"):
            details(clinic, second, Details(again))
    details(clinic, second, Details("a-2"))
    assert clinic.person(second.public_id).code == "a-2"


@one_store
def test_nobody_is_added_without_their_consent_or_with_answers_that_are_none(
    clinic: Clinic,
) -> None:
    new = NewPerson(Details("A-1"), PersonProfile(ANSWERS), consent=False)
    with pytest.raises(PersonError, match="consent"):
        clinic.change(lambda s, p: people.add_person(s, clinic.desk, p, new, now=NOW))
    with pytest.raises(ProfileError):
        clinic.add("A-1", {"er": "purple"})
    with pytest.raises(PersonError, match="language"):
        details(clinic, clinic.add("A-2"), Details("A-2", language="xx"))
    assert clinic.listed() == ["A-2"]


def details(clinic: Clinic, person: Person, said: Details) -> None:
    clinic.change(
        lambda s, p: people.change_details(s, clinic.desk, p, person.seen, said, now=LATER)
    )


def test_details_are_changed_and_the_answers_stay(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    said = Details("B-2", "es", date(2027, 1, 5), date(2026, 12, 24), ("prognosis",))
    details(clinic, person, said)
    found = clinic.person(person.public_id)
    assert (found.code, found.language) == ("B-2", "es")
    assert (found.next_visit, found.bring_up_by) == (date(2027, 1, 5), date(2026, 12, 24))
    assert found.profile == replace(person.profile, leave_out=("prognosis",))
    assert (found.version, found.changed_at) == (2, LATER)


def test_answers_are_changed_and_each_fact_says_where_it_comes_from(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    answers = {**ANSWERS, "er": "negative", "her2": "low"}
    del answers["cancer_status"]
    told = {"her2": Fact("report", "2026-11-20", LATER.isoformat())}
    assert clinic.answer(person, answers, facts=told, now=LATER)
    found = clinic.person(person.public_id).profile
    assert found.answers == answers
    assert found.facts["er"] == Fact("told", None, LATER.isoformat())
    assert found.facts["her2"] == told["her2"]
    assert found.facts["tumor.ESR1"] == person.profile.facts["tumor.ESR1"]
    assert "cancer_status" not in found.facts
    assert found.changes[-1].units == ("cancer_status", "er", "her2")


@one_store
def test_what_was_true_before_is_kept_with_its_source_and_date(clinic: Clinic) -> None:
    person = clinic.add("A-1", {"er": "positive", "cancer": ["breast", "unknown"]})
    told = {"er": Fact("report", "2026-11", LATER.isoformat())}
    answers = {"er": "negative", "cancer": ["breast", "ovarian"]}
    clinic.answer(person, answers, facts=told, now=LATER)
    second = clinic.person(person.public_id)
    was = {"key": "er", "value": "positive", "on": None}
    was |= {"source": "told", "noted_at": NOW.isoformat()}
    # A list that grew lost nothing.
    assert second.profile.dates == {"earlier": [was]}
    clinic.answer(second, {"er": "low"}, now=LATER)
    earlier = clinic.person(person.public_id).profile.dates["earlier"]
    by_key = {(one["key"], str(one["value"])): one["on"] for one in earlier}
    assert by_key == {
        ("er", "positive"): None,
        ("er", "negative"): "2026-11",
        ("cancer", "['breast', 'ovarian']"): None,
    }


@one_store
def test_the_same_answers_change_nothing(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    assert not clinic.answer(person, dict(reversed(ANSWERS.items())), now=LATER)
    assert clinic.person(person.public_id) == person


@one_store
def test_who_changes_an_older_version_is_told_and_nothing_is_lost(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    clinic.answer(person, {"er": "negative"})
    with pytest.raises(ChangedMeanwhileError):
        clinic.answer(person, {"er": "low"})
    with pytest.raises(ChangedMeanwhileError):
        details(clinic, person, Details("B-2"))
    with pytest.raises(ChangedMeanwhileError):
        hand_over(clinic, person, "ana")
    found = clinic.person(person.public_id)
    assert (found.code, found.profile.answers) == ("A-1", {"er": "negative"})


def test_of_many_who_change_one_version_at_once_one_does(clinic: Clinic) -> None:
    person = clinic.add("A-1")

    def change(number: int) -> str:
        try:
            clinic.answer(person, {"age": 30 + number})
        except ChangedMeanwhileError:
            return "told"
        return f"{30 + number}"

    with ThreadPoolExecutor(8) as pool:
        done = sorted(pool.map(change, range(8)))
    assert done[1:] == ["told"] * 7
    found = clinic.person(person.public_id)
    assert (found.profile.answers, found.version) == ({"age": int(done[0])}, 2)


def test_of_many_who_add_one_code_at_once_one_does(clinic: Clinic) -> None:
    def add(number: int) -> str:
        try:
            return clinic.add("A-1" if number % 2 else "a-1").code
        except PersonError as error:
            return error.fault

    with ThreadPoolExecutor(8) as pool:
        done = sorted(pool.map(add, range(8)))
    assert done[1:] == ["taken"] * 7
    assert len(clinic.listed()) == 1


def hand_over(clinic: Clinic, person: Person, to: str) -> None:
    name = clinic.name(to)
    clinic.change(lambda s, p: people.hand_over(s, p, person.seen, to=name, now=LATER))


@one_store
def test_a_person_is_handed_to_who_may_open_the_panel(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    for nobody in ("ben", "eve"):
        with pytest.raises(PersonError, match="owner"):
            hand_over(clinic, person, nobody)
    clinic.change(lambda s, p: organising.add_member(s, p, clinic.name("ben"), now=NOW))
    hand_over(clinic, person, "ben")
    assert clinic.person(person.public_id).owner == "Ben"


def test_who_is_put_away_or_died_is_on_no_list_and_can_come_back(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    steps = (
        (people.archive, "archived"),
        (people.bring_back, "active"),
        (people.mark_died, "died"),
        (people.bring_back, "died"),
        (people.archive, "died"),
        (people.take_death_back, "active"),
        (people.archive, "archived"),
        (people.mark_died, "died"),
    )
    for step, standing in steps:
        for _ in range(2):
            clinic.change(lambda s, p, do=step: do(s, p, person.public_id, now=LATER))
        assert clinic.person(person.public_id).standing == standing
        assert clinic.listed() == (["A-1"] if standing == "active" else [])


@one_store
def test_who_is_not_in_the_panel_is_gone(clinic: Clinic) -> None:
    other = clinic.write(
        lambda s: organising.make_panel(s, clinic.id("ana"), name="Other", now=NOW)
    ).panel.public_id
    person = clinic.add("A-1")
    mine, clinic.panel_id = clinic.panel_id, other
    with pytest.raises(GoneError):
        clinic.person(person.public_id)
    with pytest.raises(GoneError):
        clinic.answer(person, {})
    with pytest.raises(GoneError):
        clinic.change(lambda s, p: people.archive(s, p, person.public_id, now=NOW))
    clinic.panel_id = mine
    assert clinic.person(person.public_id) == person
    with pytest.raises(GoneError):
        clinic.change(
            lambda s, p: people.hand_over(s, p, Seen("\x00", 1), to=clinic.name("ana"), now=NOW)
        )


@one_store
def test_what_is_sealed_for_one_person_opens_for_no_other(clinic: Clinic) -> None:
    safe = clinic.desk.safe
    sealed = seal_person(safe, PersonProfile(ANSWERS), of="a")
    assert open_person(safe, sealed, of="a").answers == ANSWERS
    with pytest.raises(SealError):
        open_person(safe, sealed, of="b")
    with pytest.raises(SealError):
        open_text(safe, seal_text(safe, "x", of="a"), of="b")
