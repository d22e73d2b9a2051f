"""A desk in the browser tests: a panel with what there can be in it, and all pages about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page

from matcher.services.panels import organising, people, work
from matcher.services.panels.work import NewNote, ToShare, Wanted
from matcher.store.accounts import Account, account_by_email
from matcher.store.database import session
from tests.web.desk.crawl import Probe, unmet
from tests.web.desk.panelled import FITS, MAY_FIT, OTHER, Panelled, panelled
from tests.web.desk.worker import Worker
from tests.web.mails import site_of


@dataclass
class DeskSite:
    """A navigator, who is an administrator too, with a panel of four people and a colleague."""

    app: Flask
    ana: Panelled
    persons: Sequence[str]
    join: str
    colleague: str

    def probes(self, *, studies: Sequence[str]) -> set[Probe]:
        """A request for every page and every form of the desk."""
        filled = {
            "panel": [self.ana.panel],
            "person": list(self.persons[:1]),
            "key": list(studies),
            "study": ["0" * 8],
            "unit": ["er", "tumor.ESR1"],
            "what": ["archive", "bring-back", "died", "alive", "erase"],
            "public_id": [self.colleague],
        }
        found = unmet(self.app, [], filled)
        for rule in self.app.url_map.iter_rules():
            if rule.rule.startswith("/desk") and not rule.arguments:
                for method in set(rule.methods or ()) & {"GET", "POST"}:
                    found.add(Probe(method, rule.rule))
        return found

    def pages(self, *, studies: Sequence[str]) -> list[str]:
        """The addresses that answer with a page of their own."""
        odd = (".csv", ".pdf", "/answers", "/sign-in/code")
        more = [f"{self.ana.root}/trail?only=changes", f"{self.ana.root}/people/{self.persons[3]}"]
        found = [one.path for one in self.probes(studies=studies) if one.method == "GET"]
        plain = [path for path in found if not path.endswith(odd) and "/cell/" not in path]
        return sorted([*plain, *more, self.join])

    def let_in(self, page: Page, url: str) -> None:
        """Give a browser the navigator's cookie."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = self.ana.worker.client.get_cookie(name)
        assert cookie
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": url}])


def desk_site(app: Flask, email: str, study: str, *, organisation: str = "Clinic") -> DeskSite:
    """Make one; somebody has been told of the study, and set it aside."""
    here = site_of(app)
    now, desk = here.clock(), here.desk
    roles = ["navigator", "administrator"]
    ana = panelled(app, email, organisation=organisation, roles=roles)
    _secure(ana)
    kim = panelled(app, f"kim.{email}", organisation=organisation)
    soon = here.today + timedelta(days=3)
    persons = [
        ana.add("A-117", FITS, visit=soon).public_id,
        ana.add("B-002", MAY_FIT, language="es").public_id,
        ana.add("C-009", OTHER).public_id,
        ana.add("D-400", FITS).public_id,
    ]
    ana.work(lambda s, p: organising.add_member(s, p, _account(kim).public_id, now=now))
    aside = Wanted(study, "dismissed", "Too far away")
    ana.work(lambda s, p: work.set_state(s, desk, p, persons[0], aside, now=now))
    for of in (None, study):
        note = NewNote("She asked about it", of)
        ana.work(lambda s, p, note=note: work.add_note(s, desk, p, persons[0], note, now=now))
    ana.work(lambda s, p: work.share(s, p, ToShare(study, persons[1:2]), now=now))
    ana.work(lambda s, p: people.mark_died(s, p, persons[3], now=now))
    _, join = Worker.invited(app, f"new.{email}", organisation=organisation)
    return DeskSite(app, ana, persons, join, _account(kim).public_id)


def _account(of: Panelled) -> Account:
    with session(site_of(of.app).engine) as opened:
        found = account_by_email(opened, of.worker.email)
        assert found is not None
        return found


def _secure(of: Panelled) -> None:
    """Give somebody a second factor, as administrators must have one."""
    with session(site_of(of.app).engine, writing=True) as opened:
        account = account_by_email(opened, of.worker.email)
        assert account is not None
        account.tf_primary_method = "authenticator"
        opened.add(account)
        opened.commit()
