"""Panels in the store: who may open one, one code in a panel, what hangs on a person."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.store import accounts, panel_people, panel_work, panels, trail
from matcher.store.accounts import Account, Organisation
from matcher.store.database import session
from matcher.store.panel_people import PanelPerson
from matcher.store.panel_work import PersonNote, PersonStudy, StudyShare
from matcher.store.panels import Panel
from tests.factories import NOON


def add_account(opened: Session, email: str, *, place: str = "Clinic") -> Account:
    organisation = accounts.organisation_named(opened, place)
    if organisation is None:
        organisation = Organisation(name=place, created_at=NOON)
        opened.add(organisation)
        opened.flush()
    account = Account(organisation_id=organisation.id, email=email, name=email, created_at=NOON)
    opened.add(account)
    opened.flush()
    return account


def add_panel(opened: Session, owner: Account, name: str = "Mine") -> Panel:
    panel = Panel(
        organisation_id=owner.organisation_id, name=name, owner_id=owner.id, created_at=NOON
    )
    opened.add(panel)
    opened.flush()
    return panel


def add_person(opened: Session, panel: Panel, code: str, **how: Any) -> PanelPerson:
    given = {
        "panel_id": panel.id,
        "code": code,
        "code_key": panel_people.code_key(code),
        "profile": b"sealed",
        "language": "en",
        "owner_id": panel.owner_id,
        "consent_at": NOON,
        "created_at": NOON,
        "changed_at": NOON,
    }
    row = PanelPerson(**{**given, **how})
    opened.add(row)
    opened.flush()
    return row


def opens(opened: Session, panel: Panel, account: Account) -> bool:
    found = panels.panel_open_to(
        opened,
        panel.public_id,
        account_id=account.id or 0,
        organisation_id=account.organisation_id,
    )
    listed = panels.panels_open_to(
        opened, account_id=account.id or 0, organisation_id=account.organisation_id
    )
    assert (found is not None) == (panel.id in [one.id for one in listed])
    return found is not None


def test_a_panel_opens_to_its_owner_and_members_alone(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana, ben = add_account(opened, "ana@a.org"), add_account(opened, "ben@a.org")
        panel = add_panel(opened, ana)
        assert [opens(opened, panel, one) for one in (ana, ben)] == [True, False]
        for _ in range(2):
            panels.put_member(opened, panel.id or 0, ben.id or 0, now=NOON)
        assert opens(opened, panel, ben)
        panels.put_look(opened, panel.id or 0, ben.id or 0, sealed=b"x", now=NOON)
        for _ in range(2):
            panels.drop_member(opened, panel.id or 0, ben.id or 0)
        assert not opens(opened, panel, ben)
        assert panels.look(opened, panel.id or 0, ben.id or 0) is None


def test_no_row_of_a_member_opens_a_panel_of_another_organisation(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana, eve = add_account(opened, "ana@a.org"), add_account(opened, "eve@b.org", place="B")
        panel = add_panel(opened, ana)
        panels.put_member(opened, panel.id or 0, eve.id or 0, now=NOON)
        assert not opens(opened, panel, eve)


def test_a_public_id_that_no_table_holds_opens_nothing(store: sa.Engine) -> None:
    with session(store) as opened:
        for name in ("", "\x00", "\ud800", "1", "' OR 1=1 --"):
            assert panels.panel_open_to(opened, name, account_id=1, organisation_id=1) is None
            assert panel_people.person(opened, 1, name) is None


@pytest.mark.parametrize(("code", "again"), [("A-1", "a-1"), ("é1", "É1"), ("x-9", "X-9")])
def test_a_code_is_one_persons_whatever_its_case(store: sa.Engine, code: str, again: str) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@a.org")
        mine, other = add_panel(opened, ana), add_panel(opened, ana, "Other")
        add_person(opened, mine, code)
        add_person(opened, other, again)
        found = panel_people.person_by_code(opened, mine.id or 0, again)
        assert found is not None
        assert found.code == code
        with pytest.raises(sa.exc.IntegrityError):
            add_person(opened, mine, again)


def test_a_person_is_found_in_their_own_panel_alone(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@a.org")
        mine, other = add_panel(opened, ana), add_panel(opened, ana, "Other")
        person = add_person(opened, mine, "A-1")
        assert panel_people.person(opened, mine.id or 0, person.public_id) is person
        assert panel_people.person(opened, other.id or 0, person.public_id) is None


def test_a_person_goes_when_nothing_hangs_on_them_any_more(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@a.org")
        person = add_person(opened, add_panel(opened, ana), "A-1")
        id = person.id or 0
        by = {"person_id": id, "by_id": ana.id}
        opened.add(PersonStudy(**by, study="s", state="shared", changed_at=NOON))
        opened.add(PersonNote(**by, text=b"x", at=NOON))
        opened.add(StudyShare(**by, study="s", version=1, language="es", at=NOON))
        opened.commit()
    with session(store, writing=True) as opened, pytest.raises(sa.exc.IntegrityError):
        panel_people.delete_person(opened, id)
    with session(store, writing=True) as opened:
        panel_work.delete_work(opened, id)
        panel_people.delete_person(opened, id)
        opened.commit()
    with session(store) as opened:
        assert panel_people.all_public_ids(opened) == []
        assert panel_work.notes_of(opened, id) == []
        assert panel_work.shares_of(opened, id) == []
        assert panel_work.states_of(opened, id) == []


def test_the_trail_is_read_newest_first_and_a_page_at_a_time(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@a.org")
        panel = add_panel(opened, ana)
        same = {
            "at": NOON,
            "account_id": ana.id,
            "organisation_id": ana.organisation_id,
            "panel_id": panel.id,
            "action": "person_read",
            "study": None,
            "other_account_id": None,
            "count": None,
        }
        trail.add_entries(opened, [{**same, "person": f"p{number % 2}"} for number in range(5)])
        first = trail.entries_of(opened, panel.id or 0, limit=2)
        second = trail.entries_of(opened, panel.id or 0, before=first[-1].id)
        ids = [row.id or 0 for row in (*first, *second)]
        assert len(ids) == 5
        assert ids == sorted(ids, reverse=True)
        assert len(trail.entries_of(opened, panel.id or 0, person="p1")) == 2
