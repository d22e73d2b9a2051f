"""Walls: a panel opens to its owner and members, at once and no longer, and to nobody else."""

from __future__ import annotations

import secrets

import pytest
from sqlmodel import Session

from matcher.services.panels import organising
from matcher.services.panels.walls import (
    NotYoursError,
    OpenPanel,
    OwnersOnlyError,
    PanelArchivedError,
    open_panel,
    panels_of,
)
from matcher.store import accounts, panels
from matcher.store.panels import Panel
from tests.services.panels.clinic import NOW, Clinic, one_store


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
