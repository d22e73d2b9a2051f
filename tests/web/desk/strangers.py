"""Strangers: a panel with all that there can be in it, and everybody who has no business there."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask
from sqlmodel import Session

from matcher.services.accounts import people as accounts_people
from matcher.services.panels import organising, work
from matcher.services.panels.work import NewNote, ToShare, Wanted
from matcher.store.accounts import Account, account_by_email, account_by_public_id
from matcher.store.database import session
from tests.web.catalogue import CAMIZESTRANT
from tests.web.conftest import NOON
from tests.web.desk import crawl
from tests.web.desk.crawl import NOBODY, Probe
from tests.web.desk.panelled import FITS, MAY_FIT, Panelled, panelled, put_studies
from tests.web.mails import site_of

TABLE = "code,er,her2\nA-117,negative,negative\nD-400,positive,low\n"
BEN = "ben@clinic.org"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class World:
    """Ana's panel with all that there can be in it, and how to ask for it.

    `ids` are the public ids of what is hers, each with one that nobody has.
    """

    ana: Panelled
    ids: dict[str, str]
    probes: list[Probe]
    others: dict[str, Panelled] = field(default_factory=dict)

    def another(self, email: str, **about: Any) -> Panelled:
        """Somebody else, with a panel of their own."""
        if email not in self.others:
            self.others[email] = panelled(self.ana.app, email, **about)
        return self.others[email]


def made_world(app: Flask) -> World:
    put_studies(app)
    here, ana = site_of(app), panelled(app)
    persons = [ana.add("A-117", FITS), ana.add("C-009", MAY_FIT)]
    first, now = persons[0].public_id, here.clock()
    dismissed = Wanted(CAMIZESTRANT, "dismissed", "Too far away")
    ana.work(lambda s, p: work.set_state(s, here.desk, p, first, dismissed, now=now))
    shared = ToShare(CAMIZESTRANT, [persons[1].public_id])
    ana.work(lambda s, p: work.share(s, p, shared, now=now))
    new = NewNote("She asked about it", CAMIZESTRANT)
    ana.work(lambda s, p: work.add_note(s, here.desk, p, first, new, now=now))
    kim = panelled(app, "kim@clinic.org")
    ana.work(lambda s, p: organising.add_member(s, p, public_id(kim), now=now))
    ana.worker.open(f"{ana.root}/people/{first}")
    ana.worker.send(f"{ana.root}/people/{first}/answers")
    found = previewed(ana)
    token = TOKEN.search(ana.worker.page)
    assert token
    # Somebody whom she could let in.
    ben = panelled(app, BEN)
    mine = [ana.panel, *(one.public_id for one in persons), *map(public_id, (ana, kim, ben))]
    ids = dict.fromkeys(mine, NOBODY) | {token[1]: "n" * len(token[1])}
    probes = crawl.crawl(ana.worker, ["/desk", "/desk/account", ana.root], more=found)
    filled = {
        "panel": [ana.panel],
        "person": [one.public_id for one in persons],
        "key": [CAMIZESTRANT],
        "study": ["0" * 8],
        "unit": ["er"],
        "what": ["archive", "bring-back", "died", "alive", "erase"],
        "public_id": [public_id(ana), public_id(kim)],
    }
    probes |= crawl.unmet(app, probes, filled)
    return World(ana, ids, crawl.one_of_each(probes, ids), {BEN: ben})


def previewed(ana: Panelled) -> set[Probe]:
    """Have a table read; the forms of what is shown, and those of the answers in the form."""
    ana.worker.open("/check")
    found = crawl.Links(ana.worker.page, "/check").found
    path = f"{ana.root}/records"
    ana.worker.open(path)
    ana.worker.send(path, file=(io.BytesIO(TABLE.encode()), "people.csv"))
    found |= crawl.Links(ana.worker.page, path).found
    return {one for one in found if one.path.startswith(ana.root) and one.method == "POST"}


def public_id(of: Panelled) -> str:
    with session(site_of(of.app).engine) as opened:
        account = account_by_email(opened, of.worker.email)
        assert account is not None
        return account.public_id


def accounts_of(world: World) -> list[str]:
    """The public ids of the accounts among the world's ids."""
    with session(site_of(world.ana.app).engine) as opened:
        return [id for id in world.ids if account_by_public_id(opened, id) is not None]


def change_account(of: Panelled, change: Callable[[Session, Account], None]) -> None:
    with session(site_of(of.app).engine, writing=True) as opened:
        account = account_by_email(opened, of.worker.email)
        assert account is not None
        change(opened, account)


def joined(world: World, email: str) -> Panelled:
    """Somebody of the same organisation who is a member now."""
    made, now = world.another(email), site_of(world.ana.app).clock()
    id = public_id(made)
    world.ana.work(lambda s, p: organising.add_member(s, p, id, now=now))
    return made


def elsewhere(world: World) -> Panelled:
    return world.another("eva@charity.org", organisation="Charity")


def colleague(world: World) -> Panelled:
    return world.another(BEN)


def former(world: World) -> Panelled:
    made, now = joined(world, "dan@clinic.org"), site_of(world.ana.app).clock()
    made.worker.open(world.ana.root)
    assert "A-117" in made.worker.text
    world.ana.work(lambda s, p: organising.remove_member(s, p, public_id(made), now=now))
    return made


def disabled(world: World) -> Panelled:
    made = joined(world, "fay@clinic.org")
    change_account(made, partial(accounts_people.disable, now=NOON))
    return made


def without_role(world: World) -> Panelled:
    made = joined(world, "gus@clinic.org")
    change_account(made, partial(accounts_people.set_roles, roles=["curator"], now=NOON))
    return made


def administrator(world: World) -> Panelled:
    """An administrator of another organisation, with a second factor."""
    made = panelled(
        world.ana.app,
        "hal@charity.org",
        organisation="Charity",
        roles=["administrator", "navigator"],
    )

    def secure(opened: Session, one: Account) -> None:
        one.tf_primary_method = "authenticator"
        opened.add(one)
        opened.commit()

    change_account(made, secure)
    return made
