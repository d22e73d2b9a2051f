"""Panelled: a navigator with a panel and people in it, for the tests of the desk's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import Flask
from sqlmodel import Session, select

from matcher.services.accounts.sessions import begin_session
from matcher.services.panels import organising, people
from matcher.services.panels.people import NewPerson
from matcher.services.panels.persons import Details, Person
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import OpenPanel, open_panel
from matcher.store import accounts
from matcher.store.database import session
from matcher.store.trail import TrailEntry
from matcher.web.desk.session import TOKEN
from tests.factories import StudyRowFactory
from tests.web.catalogue import STUDIES
from tests.web.desk.worker import Worker
from tests.web.mails import site_of

T = TypeVar("T")
FITS: Mapping[str, Any] = {
    "cancer": ["breast"],
    "cancer_status": "now",
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "tumor": {"ESR1": "mutation"},
}
MAY_FIT: Mapping[str, Any] = {key: value for key, value in FITS.items() if key != "tumor"}
OTHER: Mapping[str, Any] = {"cancer_status": "never", "gender": "man"}


@dataclass
class Panelled:
    """A worker who is signed in, and owns a panel. The catalogue's table holds the studies."""

    app: Flask
    worker: Worker
    panel: str

    @property
    def root(self) -> str:
        """The address under which the panel's pages are."""
        return f"/desk/panels/{self.panel}"

    def work(self, do: Callable[[Session, OpenPanel], T]) -> T:
        """Do something with the panel, in a session that is writing."""
        with session(site_of(self.app).engine, writing=True) as opened:
            return do(opened, open_panel(opened, _account_id(opened, self.worker), self.panel))

    def person(self, code: str) -> Person:
        """The person with this code who is on the lists."""
        here = site_of(self.app)
        with session(here.engine) as opened:
            panel = open_panel(opened, _account_id(opened, self.worker), self.panel)
            found = people.people_of(opened, here.desk, panel, now=here.clock())
        return next(one for one in found if one.code == code)

    def add(
        self, code: str, answers: Mapping[str, Any] = FITS, *, visit: date | None = None, **how: Any
    ) -> Person:
        """Add a person."""
        here = site_of(self.app)
        details = Details(code, next_visit=visit, **how)
        new = NewPerson(details, PersonProfile(answers), consent=True)
        return self.work(
            lambda s, panel: people.add_person(s, here.desk, panel, new, now=here.clock())
        )

    def trail(self) -> list[TrailEntry]:
        """All entries of the trail, oldest first."""
        with session(site_of(self.app).engine) as opened:
            return sorted(opened.exec(select(TrailEntry)), key=lambda entry: entry.id or 0)

    def actions(self) -> list[str]:
        """What the trail's entries say was done."""
        return [entry.action for entry in self.trail()]


def panelled(app: Flask, email: str = "ana@clinic.org", **about: Any) -> Panelled:
    """A navigator with an empty panel, signed in; the studies are in the table too."""
    here, worker = site_of(app), Worker.made(app, email, **about)
    _signed_in(worker)
    with session(here.engine, writing=True) as opened:
        made = organising.make_panel(
            opened, _account_id(opened, worker), name="Tuesday clinic", now=here.clock()
        )
    return Panelled(app, worker, made.panel.public_id)


def put_studies(app: Flask) -> None:
    """Put the small catalogue into the table, as an import does."""
    here = site_of(app)
    with session(here.engine, writing=True) as opened:
        for study in STUDIES:
            opened.add(StudyRowFactory(study=study, added_at=here.clock()))
        opened.commit()


def _signed_in(worker: Worker) -> None:
    """Sign somebody in without their password, which is meant to take its time."""
    here = site_of(worker.app)
    with session(here.engine, writing=True) as opened:
        account = accounts.account_by_email(opened, worker.email)
        assert account is not None
        token = begin_session(opened, account.id or 0, agent="", now=here.clock())
    with worker.client.session_transaction() as cookie:
        cookie["_user_id"], cookie[TOKEN] = account.fs_uniquifier, token


def _account_id(opened: Session, worker: Worker) -> int:
    account = accounts.account_by_email(opened, worker.email)
    assert account is not None
    assert account.id is not None
    return account.id
