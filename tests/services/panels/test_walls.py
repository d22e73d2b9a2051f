"""Walls: a panel opens to its owner and members, at once and no longer, and to nobody else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from matcher.services.panels import erasing, importing, looks, organising, people, work
from matcher.services.panels.people import NewPerson
from matcher.services.panels.persons import Details
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import (
    NotYoursError,
    OpenPanel,
    OwnersOnlyError,
    PanelArchivedError,
    open_panel,
    panels_of,
)
from matcher.store import accounts, panels
from matcher.store.database import session
from matcher.store.panels import Panel
from tests.services.panels.clinic import NOW, Clinic, one_store, snapshot


def opens(clinic: Clinic, name: str) -> bool:
    try:
        clinic.look(lambda _, __: None, by=name)
    except NotYoursError:
        return False
    return True


def let_in(clinic: Clinic, name: str) -> None:
    clinic.change(lambda s, p: organising.add_member(s, p, clinic.name(name), now=NOW))


def put_out(clinic: Clinic, name: str, *, by: str = "ana") -> int:
    return clinic.change(
        lambda s, p: organising.remove_member(s, p, clinic.name(name), now=NOW), by=by
    )


def test_it_opens_to_its_owner_and_from_joining_to_leaving_to_a_member(clinic: Clinic) -> None:
    assert [opens(clinic, name) for name in ("ana", "ben", "eve")] == [True, False, False]
    let_in(clinic, "ben")
    assert opens(clinic, "ben")
    put_out(clinic, "ben")
    assert not opens(clinic, "ben")


@one_store
def test_what_is_not_there_is_refused_as_what_is_not_ones_own(clinic: Clinic) -> None:
    for public_id in (secrets.token_hex(16), "", "1", "\x00", clinic.panel_id.upper()):
        with pytest.raises(NotYoursError) as caught:
            clinic.read(lambda s, name=public_id: open_panel(s, clinic.id("ana"), name))
        assert str(caught.value) == ""
    with pytest.raises(NotYoursError):
        clinic.read(lambda s: open_panel(s, 999_999, clinic.panel_id))


@one_store
@pytest.mark.parametrize("how", ["disabled", "no_role", "moved"])
def test_who_is_out_of_service_or_role_or_organisation_is_out(clinic: Clinic, how: str) -> None:
    let_in(clinic, "ben")

    def change(opened: Session) -> None:
        ben = accounts.account(opened, clinic.id("ben"))
        assert ben is not None
        if how == "disabled":
            ben.active = False
        elif how == "no_role":
            ben.roles = [accounts.role(opened, accounts.ADMINISTRATOR)]
        else:
            ben.organisation_id = clinic.accounts["eve"].organisation_id
        opened.commit()

    clinic.write(change)
    assert not opens(clinic, "ben")


@one_store
def test_nobody_of_another_organisation_becomes_a_member(clinic: Clinic) -> None:
    with pytest.raises(organising.NoColleagueError):
        let_in(clinic, "eve")
    listed = clinic.look(lambda s, p: [one.email for one in organising.colleagues(s, p)])
    assert listed == ["ben@clinic.org", "cid@clinic.org"]


@one_store
def test_only_the_owner_decides_and_a_member_may_leave(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    let_in(clinic, "cid")
    for change in (
        lambda s, p: organising.rename(s, p, name="Other", now=NOW),
        lambda s, p: organising.add_member(s, p, clinic.name("cid"), now=NOW),
        lambda s, p: organising.give_panel(s, p, clinic.name("ben"), now=NOW),
        lambda s, p: organising.archive_panel(s, p, now=NOW),
        lambda s, p: organising.bring_back_panel(s, p, now=NOW),
        lambda s, p: organising.remove_member(s, p, clinic.name("cid"), now=NOW),
    ):
        with pytest.raises(OwnersOnlyError):
            clinic.change(change, by="ben")
    put_out(clinic, "ben", by="ben")
    assert [opens(clinic, name) for name in ("ben", "cid")] == [False, True]


def test_an_owner_leaves_once_the_panel_is_somebody_elses(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    assert put_out(clinic, "ana") == 0
    assert opens(clinic, "ana")
    clinic.change(lambda s, p: organising.give_panel(s, p, clinic.name("ben"), now=NOW))
    put_out(clinic, "ana", by="ana")
    assert [opens(clinic, name) for name in ("ana", "ben")] == [False, True]
    assert clinic.look(lambda _, p: p.is_owner, by="ben")


@one_store
def test_a_panel_is_given_to_a_member_alone(clinic: Clinic) -> None:
    with pytest.raises(organising.NoColleagueError):
        clinic.change(lambda s, p: organising.give_panel(s, p, clinic.name("ben"), now=NOW))


def test_who_leaves_leaves_their_people_to_the_owner(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    person = clinic.add("B-1", by="ben")
    assert put_out(clinic, "ben") == 1
    assert (clinic.person(person.public_id).owner, person.owner) == ("Ana", "Ben")


@one_store
def test_a_panel_that_is_put_away_can_be_read_and_not_changed(clinic: Clinic) -> None:
    clinic.add("A-1")
    clinic.change(lambda s, p: organising.archive_panel(s, p, now=NOW))
    assert clinic.listed() == ["A-1"]
    with pytest.raises(PanelArchivedError):
        clinic.add("A-2")
    mine = clinic.read(lambda s: panels_of(s, clinic.id("ana")))
    away = clinic.read(lambda s: panels_of(s, clinic.id("ana"), archived=True))
    assert ([one.name for one in mine], [one.name for one in away]) == ([], ["Mine"])
    clinic.change(lambda s, p: organising.bring_back_panel(s, p, now=NOW))
    clinic.add("A-2")


@one_store
@pytest.mark.parametrize(
    ("name", "fault"), [("  ", "empty"), ("x" * 81, "long"), ("a\x00b", "signs")]
)
def test_a_name_that_cannot_be_kept_is_refused(clinic: Clinic, name: str, fault: str) -> None:
    with pytest.raises(organising.PanelNameError) as caught:
        clinic.change(lambda s, p: organising.rename(s, p, name=name, now=NOW))
    assert caught.value.fault == fault


@one_store
def test_an_owner_who_was_one_when_the_panel_was_opened_is_asked_again(clinic: Clinic) -> None:
    let_in(clinic, "ben")

    def late(opened: Session, panel: OpenPanel) -> None:
        before = Panel(**panel.panel.model_dump())
        held = panels.lock_panel(opened, panel.id)
        assert held is not None
        held.owner_id = clinic.id("ben")
        opened.flush()
        organising.rename(opened, OpenPanel(before, panel.account), name="Late", now=NOW)

    with pytest.raises(OwnersOnlyError):
        clinic.change(late)


def retire(clinic: Clinic, name: str) -> None:
    def change(opened: Session) -> None:
        account = accounts.account(opened, clinic.id(name))
        assert account is not None
        account.active = False
        opened.commit()

    clinic.write(change)


WRITES: dict[str, Callable[[Clinic, Session, OpenPanel, str], object]] = {
    "add": lambda x, s, p, _: people.add_person(
        s, x.desk, p, NewPerson(Details("N-1"), PersonProfile({}), consent=True), now=NOW
    ),
    "archive": lambda _, s, p, one: people.archive(s, p, one, now=NOW),
    "note": lambda x, s, p, one: work.add_note(s, x.desk, p, one, work.NewNote("late"), now=NOW),
    "share": lambda _, s, p, one: work.share(s, p, work.ToShare("a-study", [one]), now=NOW),
    "erase": lambda x, s, p, one: erasing.erase(s, x.desk, p, one, now=NOW),
    "look": lambda x, s, p, _: looks.keep_look(s, x.desk, p, snapshot(), now=NOW),
    "preview": lambda x, s, p, _: importing.preview(s, x.desk, p, [], now=NOW),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("how", ["taken out", "out of service", "put away"])
def test_a_panel_that_was_opened_before_is_asked_again_by_each_change(
    clinic: Clinic, write: str, how: str
) -> None:
    person = clinic.add("A-1").public_id
    let_in(clinic, "ben")
    opened = clinic.look(lambda _, panel: panel, by="ben")
    if how == "taken out":
        put_out(clinic, "ben")
    elif how == "out of service":
        retire(clinic, "ben")
    else:
        clinic.change(lambda s, p: organising.archive_panel(s, p, now=NOW))
    if how == "put away" and write in ("erase", "look"):
        clinic.write(lambda s: WRITES[write](clinic, s, opened, person))
        return
    with pytest.raises(PanelArchivedError if how == "put away" else NotYoursError):
        clinic.write(lambda s: WRITES[write](clinic, s, opened, person))


def test_a_member_takes_the_panel_of_somebody_out_of_service_over(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    with pytest.raises(OwnersOnlyError):
        clinic.change(lambda s, p: organising.take_over(s, p, now=NOW), by="ben")
    retire(clinic, "ana")
    with pytest.raises(organising.LastMemberError):
        put_out(clinic, "ben", by="ben")
    clinic.change(lambda s, p: organising.take_over(s, p, now=NOW), by="ben")
    clinic.change(lambda s, p: organising.rename(s, p, name="Taken", now=NOW), by="ben")
    assert [one.action for one in clinic.trail()][-2:] == ["panel_taken_over", "panel_renamed"]
    members = clinic.look(organising.members_of, by="ben")
    assert [(one.account.name, one.is_owner) for one in members] == [("Ben", True), ("Ana", False)]


@one_store
def test_nobody_from_outside_takes_a_panel_over(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    opened = clinic.look(lambda _, panel: panel, by="ben")
    put_out(clinic, "ben")
    retire(clinic, "ana")
    with pytest.raises(NotYoursError):
        clinic.write(lambda s: organising.take_over(s, opened, now=NOW))


@one_store
def test_of_two_members_one_may_leave_a_panel_without_owner(clinic: Clinic) -> None:
    let_in(clinic, "ben")
    let_in(clinic, "cid")
    retire(clinic, "ana")
    put_out(clinic, "ben", by="ben")
    with pytest.raises(organising.LastMemberError):
        put_out(clinic, "cid", by="cid")


def test_a_change_waits_for_who_takes_its_author_out(clinic: Clinic) -> None:
    person = clinic.add("A-1").public_id
    let_in(clinic, "ben")
    opened = clinic.look(lambda _, panel: panel, by="ben")
    with session(clinic.desk.engine, writing=True) as first, ThreadPoolExecutor(1) as pool:
        mine = open_panel(first, clinic.id("ana"), clinic.panel_id)
        panels.lock_panel(first, mine.id)
        late = pool.submit(clinic.write, lambda s: WRITES["note"](clinic, s, opened, person))
        with pytest.raises(TimeoutError):
            late.result(timeout=0.3)
        organising.remove_member(first, mine, clinic.name("ben"), now=NOW)
        with pytest.raises(NotYoursError):
            late.result(timeout=20)
