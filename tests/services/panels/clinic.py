"""Clinic: accounts, a panel, and its people, as the tests of panels work with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from matcher.services.digests.desk import Desk
from matcher.services.panels import organising, people, work
from matcher.services.panels.people import NewAnswers, NewPerson
from matcher.services.panels.persons import Details, Person
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import OpenPanel, open_panel
from matcher.services.screening.changes import Snapshot
from matcher.store import accounts
from matcher.store.accounts import Account, Organisation
from matcher.store.database import session
from matcher.store.trail import TrailEntry
from tests.factories import StudyFactory, StudyRowFactory

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ANSWERS: Mapping[str, Any] = {
    "cancer": ["breast"],
    "cancer_status": "now",
    "er": "positive",
    "tumor": {"ESR1": {"result": "none", "on": "2026-01"}, "PIK3CA": "mutation"},
}
T = TypeVar("T")
one_store = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""Where nothing depends on the kind of database, one is enough."""


class Clinic:
    """A clinic's desk. Ana owns the panel; what is done is done by her unless `by` says who."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with session(desk.engine, writing=True) as opened:
            self.accounts = {
                name: _account(opened, name, place)
                for name, place in (
                    ("ana", "Clinic"),
                    ("ben", "Clinic"),
                    ("cid", "Clinic"),
                    ("eve", "Elsewhere"),
                )
            }
            opened.commit()
        made = self.write(
            lambda opened: organising.make_panel(opened, self.id("ana"), name="Mine", now=NOW)
        )
        self.panel_id = made.panel.public_id

    def id(self, name: str) -> int:
        """The number of an account."""
        return self.accounts[name].id or 0

    def name(self, name: str) -> str:
        """The public id of an account."""
        return self.accounts[name].public_id

    def write(self, work: Callable[[Session], T]) -> T:
        """Do something in a session that is writing."""
        with session(self.desk.engine, writing=True) as opened:
            return work(opened)

    def read(self, work: Callable[[Session], T]) -> T:
        """Do something in a session that is not."""
        with session(self.desk.engine) as opened:
            return work(opened)

    def change(self, work: Callable[[Session, OpenPanel], T], *, by: str = "ana") -> T:
        """Do something with the panel in a session that is writing."""
        return self.write(lambda s: work(s, open_panel(s, self.id(by), self.panel_id)))

    def look(self, work: Callable[[Session, OpenPanel], T], *, by: str = "ana") -> T:
        """Do something with the panel in a session that is not."""
        return self.read(lambda s: work(s, open_panel(s, self.id(by), self.panel_id)))

    def add(self, code: str, answers: Mapping[str, Any] = ANSWERS, *, by: str = "ana") -> Person:
        """Add a person."""
        new = NewPerson(Details(code), PersonProfile(answers), consent=True)
        return self.change(
            lambda s, panel: people.add_person(s, self.desk, panel, new, now=NOW), by=by
        )

    def person(self, public_id: str) -> Person:
        """A person as they are now."""
        return self.look(
            lambda s, panel: people.read_person(s, self.desk, panel, public_id, now=NOW)
        )

    def answer(self, person: Person, answers: Mapping[str, Any], **how: Any) -> bool:
        """Change somebody's answers."""
        now = how.pop("now", NOW)
        new = NewAnswers(answers, **how)
        return self.change(
            lambda s, panel: people.change_answers(s, self.desk, panel, person.seen, new, now=now)
        )

    def listed(self) -> list[str]:
        """The codes of who is on the lists."""
        found = self.look(lambda s, panel: people.people_of(s, self.desk, panel, now=NOW))
        return [person.code for person in found]

    def trail(self) -> list[TrailEntry]:
        """All entries of the trail, oldest first."""
        return self.read(lambda s: list(s.exec(select(TrailEntry).order_by(sa.text("id"))).all()))

    def study(self, key: str, **how: Any) -> str:
        """Put a study into the catalogue."""
        self.write(lambda s: _add(s, StudyRowFactory(study=StudyFactory(key=key), **how)))
        return key

    def set_state(self, person: Person, study: str, state: str, **how: Any) -> None:
        """Say how far a study is with a person."""
        wanted = work.Wanted(study, state, **how)
        self.change(
            lambda s, panel: work.set_state(s, self.desk, panel, person.public_id, wanted, now=NOW)
        )


def snapshot(*people: Person, study: str = "a-study") -> Snapshot:
    """A look at some people who all fit one study."""
    return Snapshot(
        rules="r1",
        today=date(2026, 12, 1),
        studies={study: 1},
        people={person.public_id: person.version for person in people},
        levels=bytes(len(people)),
    )


def _account(opened: Session, name: str, place: str) -> Account:
    organisation = accounts.organisation_named(opened, place)
    if organisation is None:
        organisation = Organisation(name=place, created_at=NOW)
        opened.add(organisation)
        opened.flush()
    account = Account(
        organisation_id=organisation.id or 0,
        email=f"{name}@{place.lower()}.org",
        name=name.title(),
        created_at=NOW,
    )
    account.roles = [accounts.role(opened, accounts.NAVIGATOR)]
    opened.add(account)
    opened.flush()
    return account


def _add(opened: Session, row: Any) -> None:
    opened.add(row)
    opened.commit()
