"""Importing: looked at first, then taken; what is known is never overwritten in silence."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Clash, Draft, Refusal, Unused
from matcher.services.panels import erasing, importing, organising, people, taking
from matcher.services.panels.comparing import differences
from matcher.services.panels.importing import Preview, PreviewGoneError
from matcher.services.panels.persons import PersonError
from matcher.services.panels.profile import Fact, PersonProfile
from matcher.services.panels.taking import Chosen, Taken
from tests.services.panels.clinic import ANSWERS, NOW, Clinic, one_store

LATER = NOW + timedelta(minutes=10)


def draft(code: str | None, answers: Any = ANSWERS, **how: Any) -> Draft:
    return Draft(f"row of {code}", answers, code=code, **how)


def look(clinic: Clinic, *found: Draft | Refusal) -> tuple[str, Preview]:
    return clinic.change(lambda s, p: importing.preview(s, clinic.desk, p, found, now=NOW))


def take(clinic: Clinic, token: str, *rows: int, now: datetime = LATER, **how: Any) -> Taken:
    chosen = Chosen(frozenset(rows), **{"consent": True, **how})
    return clinic.change(lambda s, p: taking.take(s, clinic.desk, p, token, chosen, now=now))


def test_who_is_new_is_added_with_where_each_fact_comes_from(clinic: Clinic) -> None:
    told = draft("N-1", dates={"er": "2026-05-17"}, sources={"er": "report"})
    token, preview = look(clinic, told, draft("N-2"))
    assert [row.kind for row in preview.rows] == ["new", "new"]
    assert clinic.listed() == []
    taken = take(clinic, token, 0)
    assert clinic.listed() == ["N-1"]
    facts = clinic.person(taken.added[0]).profile.facts
    assert facts["er"] == Fact("report", "2026-05-17", LATER.isoformat())
    assert facts["cancer"] == Fact("file", None, LATER.isoformat())
    assert facts["tumor.ESR1"].on == "2026-01"


def test_who_is_known_is_shown_with_what_would_change_and_only_that_changes(
    clinic: Clinic,
) -> None:
    person = clinic.add("A-1", {"er": "positive", "her2": "low", "age": 50})
    again = draft("a-1", {"er": "negative", "her2": "low", "pr": "positive"})
    token, preview = look(clinic, again)
    (row,) = preview.rows
    assert (row.kind, row.version) == ("known", 1)
    assert [(d.unit, d.kind, d.before, d.after) for d in row.differences] == [
        ("er", "unclear", "positive", "negative"),
        ("pr", "added", None, "positive"),
    ]
    assert take(clinic, token, 0).changed == (person.public_id,)
    found = clinic.person(person.public_id)
    assert found.profile.answers == {
        "er": "positive",
        "her2": "low",
        "age": 50,
        "pr": "positive",
    }
    # What was left unsettled was never theirs.
    assert found.profile.dates == {}
    assert found.version == 2


@one_store
def test_what_is_unclear_is_taken_once_somebody_says_so(clinic: Clinic) -> None:
    person = clinic.add("A-1", {"er": "positive", "her2": "low"})
    token, _ = look(clinic, draft("A-1", {"er": "negative", "her2": "zero"}))
    take(clinic, token, 0, settled=frozenset({(0, "er")}))
    found = clinic.person(person.public_id).profile
    assert found.answers == {"er": "negative", "her2": "low"}
    (earlier,) = found.dates["earlier"]
    assert (earlier["key"], earlier["value"], earlier["source"]) == ("er", "positive", "told")


@one_store
def test_a_known_person_with_nothing_new_is_left_alone(clinic: Clinic) -> None:
    person = clinic.add("A-1")
    token, preview = look(clinic, draft("A-1"))
    assert not preview.rows[0].can_be_taken
    assert take(clinic, token, 0) == Taken((), (), ())
    assert clinic.person(person.public_id) == person


@pytest.mark.parametrize(
    ("before", "on", "value", "after_on", "kind", "after"),
    [
        ({"er": "positive"}, "2026-01", {"er": "low"}, "2026-02", "newer", "low"),
        ({"er": "positive"}, "2026-03", {"er": "low"}, "2026-02", "older", "low"),
        ({"er": "positive"}, "2026", {"er": "low"}, "2026-02", "unclear", "low"),
        ({"er": "positive"}, "2026-02", {"er": "low"}, "2026-02", "unclear", "low"),
        ({"er": "positive"}, None, {"er": "low"}, "2026-02", "unclear", "low"),
        ({"er": "positive"}, None, {"er": "low"}, "2026-12-24", "newer", "low"),
        ({"er": "positive"}, "2026-01", {"er": "low"}, None, "unclear", "low"),
        ({"er": "positive"}, "2026-01", {"er": "positive"}, "2026-02", "newer", "positive"),
        ({"er": "positive"}, "2026-02", {"er": "positive"}, "2026-01", None, None),
        ({"er": "declined"}, None, {"er": "low"}, "2026-12-24", "unclear", "low"),
        ({"tumor": "declined"}, None, {"tumor": {"ESR1": "none"}}, None, "unclear", "none"),
        (
            {"cancer": ["breast", "unknown"]},
            None,
            {"cancer": ["ovarian", "unknown"]},
            None,
            "added",
            ["breast", "ovarian", "unknown"],
        ),
        (
            {"cancer": ["breast"]},
            None,
            {"cancer": ["ovarian", "unknown"]},
            None,
            "unclear",
            ["breast", "ovarian", "unknown"],
        ),
        (
            {"cancer": ["breast", "ovarian"]},
            None,
            {"cancer": ["breast", "unknown"]},
            None,
            None,
            None,
        ),
        (
            {"treatments": ["none"]},
            None,
            {"treatments": ["surgery", "unknown"]},
            None,
            "unclear",
            ["surgery", "unknown"],
        ),
        (
            {"cancer": ["breast"]},
            "2026-01",
            {"cancer": ["ovarian"]},
            "2026-02",
            "newer",
            ["ovarian"],
        ),
    ],
)
def test_dates_decide_and_a_list_that_is_not_whole_only_adds(
    rulebook: Rulebook,
    before: Any,
    on: str | None,
    value: Any,
    after_on: str | None,
    kind: str | None,
    after: Any,
) -> None:
    (key,) = value
    unit = f"{key}.ESR1" if key == "tumor" else key
    facts = {unit: Fact("told", on, NOW.isoformat())}
    told = Draft("x", value, dates={unit: after_on} if after_on else {})
    found = differences(PersonProfile(before, facts), value, told, rulebook)
    assert [(one.unit, one.kind, one.after) for one in found] == (
        [(unit, kind, after)] if kind else []
    )


@one_store
def test_a_result_goes_before_rather_not_say_of_all_results(clinic: Clinic) -> None:
    person = clinic.add("A-1", {"tumor": "declined"})
    token, _ = look(clinic, draft("A-1", {"tumor": {"ESR1": "mutation"}}))
    take(clinic, token, 0, settled=frozenset({(0, "tumor.ESR1")}))
    assert clinic.person(person.public_id).profile.answers == {"tumor": {"ESR1": "mutation"}}


@one_store
def test_what_was_changed_since_it_was_shown_is_passed_over(clinic: Clinic) -> None:
    changed, erased = clinic.add("A-1"), clinic.add("A-2")
    token, _ = look(clinic, *(draft(f"A-{n}", {"pr": "positive"}) for n in (1, 2, 3)))
    clinic.answer(changed, {"er": "low"})
    clinic.change(lambda s, p: erasing.erase(s, clinic.desk, p, erased.public_id, now=NOW))
    clinic.add("A-3", {"er": "low"})
    assert take(clinic, token, 0, 1, 2) == Taken((), (), ("A-1", "A-2", "A-3"))
    assert clinic.person(changed.public_id).profile.answers == {"er": "low"}
    assert clinic.listed() == ["A-1", "A-3"]


def test_a_file_is_taken_once_and_within_the_hour(clinic: Clinic) -> None:
    token, _ = look(clinic, draft("N-1"))
    with pytest.raises(PreviewGoneError):
        take(clinic, token, 0, now=NOW + timedelta(hours=1))
    take(clinic, token, 0)
    with pytest.raises(PreviewGoneError):
        take(clinic, token, 0)
    for other in ("", "x", token[:-1]):
        with pytest.raises(PreviewGoneError):
            take(clinic, other, 0)


@one_store
def test_a_preview_is_of_one_panel(clinic: Clinic) -> None:
    token, _ = look(clinic, draft("N-1"))
    mine = clinic.panel_id
    other = clinic.write(
        lambda s: organising.make_panel(s, clinic.id("ana"), name="Other", now=NOW)
    )
    clinic.panel_id = other.panel.public_id
    with pytest.raises(PreviewGoneError):
        take(clinic, token, 0)
    clinic.panel_id = mine
    assert len(take(clinic, token, 0).added) == 1


@one_store
def test_nothing_is_done_and_the_preview_waits_on_if_anything_is_missing(clinic: Clinic) -> None:
    token, preview = look(clinic, draft("N-1"), draft(None))
    assert [row.kind for row in preview.rows] == ["new", "codeless"]
    for how in (
        {"consent": False},
        {"language": "xx"},
        {},
        {"codes": {1: "Maria Lopez"}},
        {"codes": {1: "n-1"}},
    ):
        with pytest.raises(PersonError):
            take(clinic, token, 0, 1, **how)
    assert clinic.listed() == []
    take(clinic, token, 0, 1, codes={1: "N-2"}, language="es")
    assert clinic.listed() == ["N-1", "N-2"]


@one_store
def test_what_cannot_be_taken_says_why(clinic: Clinic) -> None:
    away, died = clinic.add("A-1"), clinic.add("A-2")
    clinic.change(lambda s, p: people.archive(s, p, away.public_id, now=NOW))
    clinic.change(lambda s, p: people.mark_died(s, p, died.public_id, now=NOW))
    token, preview = look(
        clinic,
        draft("A-1"),
        draft("A-2"),
        draft("N-1"),
        draft("n-1"),
        draft("Maria Lopez"),
        draft("N-2", {"er": "purple"}),
        Refusal("row 9", "her2", "?", "is not known"),
    )
    kinds = ["archived", "died", "new", "again", "bad_code"]
    assert [row.kind for row in preview.rows] == kinds
    assert [(one.source, one.path) for one in preview.refused] == [
        ("row 9", "her2"),
        ("row of N-2", "answers.er"),
    ]
    assert len(take(clinic, token, *range(9)).added) == 1
    assert clinic.listed() == ["N-1"]


@one_store
def test_the_preview_comes_back_as_it_was(clinic: Clinic) -> None:
    told = draft(
        "N-1", unused=(Unused("x", "why"),), clashes=(Clash("er", ("a", "b"), (None, "2026")),)
    )
    token, preview = look(clinic, told, Refusal("row 2", "er", "?", "no"))
    again = clinic.look(lambda s, p: importing.open_preview(s, clinic.desk, p, token, now=LATER))
    assert again == preview


@one_store
def test_what_waits_is_sealed(clinic: Clinic, tmp_path: Any) -> None:
    look(clinic, draft("N-1"))
    held = b"".join(file.read_bytes() for file in tmp_path.glob("matcher.db*"))
    assert b"N-1" not in held
    assert b"positive" not in held


@one_store
def test_more_than_a_panel_can_hold_is_refused(clinic: Clinic) -> None:
    many = [draft(f"N-{number}", {}) for number in range(importing.MOST_PEOPLE + 1)]
    with pytest.raises(importing.TooManyPeopleError):
        look(clinic, *many)


@one_store
@pytest.mark.parametrize("count", [500, pytest.param(5000, marks=pytest.mark.volume)])
def test_many_are_looked_at_and_taken_quickly(clinic: Clinic, count: int) -> None:
    """Processor time: 5,000 took 1.8 s, of which several times as much is allowed."""
    many = [draft(f"N-{number}") for number in range(count)]
    began = time.process_time()
    token, _ = look(clinic, *many)
    take(clinic, token, *range(count))
    assert time.process_time() - began < 1 + count / 1000
    assert len(clinic.listed()) == count
