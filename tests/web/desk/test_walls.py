"""Walls: what is a panel's does not exist for anybody else, whatever they ask and however.

A navigator's desk is crawled; all that was met, and all that the table of addresses holds beside
it, is asked for again by everybody who has no business there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from matcher.services.accounts import people as accounts_people
from matcher.services.panels import organising, work
from matcher.services.panels.work import NewNote, ToShare, Wanted
from matcher.store import panel_people, panels
from matcher.store.accounts import Account, account_by_email, account_by_public_id
from matcher.store.database import session
from tests.web.catalogue import CAMIZESTRANT
from tests.web.conftest import NOON, Clock
from tests.web.desk import crawl
from tests.web.desk.crawl import NOBODY, Probe, ask, told
from tests.web.desk.panelled import FITS, MAY_FIT, Panelled, panelled, put_studies
from tests.web.desk.worker import Worker
from tests.web.mails import empty, site_of

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


@pytest.fixture(scope="module")
def world(desk_application: Flask) -> Iterator[World]:
    """One for all tests: none of them changes anything in it."""
    here = site_of(desk_application)
    assert isinstance(here.clock, Clock)
    here.clock.now = NOON
    yield made_world(desk_application)
    empty(here)


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


INSIDE = (elsewhere, colleague, former, without_role, administrator)


def rows(app: Flask) -> dict[str, list[str]]:
    """All rows of all tables."""
    with site_of(app).engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: sorted(map(repr, connection.execute(sa.text(f'select * from "{name}"'))))
            for name in names
        }


def told_apart(
    who: Worker, world: World, probes: Iterable[Probe], *, refused: Sequence[int] = (404,)
) -> Iterator[str]:
    """Ask for everything, and for the same with ids that nobody has: what is not alike, what is
    answered in another way than it is refused, and what is another thing afterwards."""
    nobodys: dict[Probe, tuple[object, ...]] = {}
    before = rows(world.ana.app)
    for probe in probes:
        other = probe.instead(world.ids)
        if other not in nobodys:
            nobodys[other] = told(ask(who, other), {})
        if told(ask(who, probe), world.ids) != nobodys[other]:
            yield f"told from what is not there: {probe}"
    for other, (status, *_) in nobodys.items():
        if status not in refused:
            yield f"answered with {status}: {other}"
    after = rows(world.ana.app)
    yield from (f"the table {name} is changed" for name in before if before[name] != after[name])


SAID_NO = (200, 303, 404, 422)
"""In one's own panel a form may be shown again, lead back to its page, or tell that no answers
are open."""


def test_all_that_can_be_asked_for_was_met(world: World) -> None:
    adapter = world.ana.app.url_map.bind("localhost")
    met = {(one.method, adapter.match(crawl.path_of(one), one.method)[0]) for one in world.probes}
    for rule in world.ana.app.url_map.iter_rules():
        if rule.rule.startswith("/desk") and rule.arguments and rule.endpoint not in crawl.OPEN:
            for method in set(rule.methods or ()) & {"GET", "POST"}:
                assert (method, rule.endpoint) in met
    assert len(world.probes) > 150


@pytest.mark.parametrize("intruder", INSIDE)
def test_who_has_no_business_there_finds_nothing(
    world: World, intruder: Callable[[World], Panelled]
) -> None:
    who = intruder(world).worker
    who.open("/desk/account")
    assert list(told_apart(who, world, world.probes)) == []


def test_nothing_of_hers_is_found_in_ones_own_panel(world: World) -> None:
    """Ids of people, files and colleagues of one panel, asked for in another."""
    eva = elsewhere(world)
    eva.worker.open("/desk/account")
    others = {id: other for id, other in world.ids.items() if id != world.ana.panel}
    own = [one.instead({world.ana.panel: eva.panel}) for one in world.probes if one.holds(others)]
    assert len(own) > 100
    assert list(told_apart(eva.worker, world, own, refused=SAID_NO)) == []


def test_nor_by_a_colleague_in_theirs(world: World) -> None:
    ben = colleague(world)
    ben.worker.open("/desk/account")
    # Whom they work with they may know: only people and files are hers.
    hers = set(world.ids) - {world.ana.panel, *accounts_of(world)}
    own = [one.instead({world.ana.panel: ben.panel}) for one in world.probes if one.holds(hers)]
    assert list(told_apart(ben.worker, world, own, refused=SAID_NO)) == []


@pytest.mark.parametrize("who", ["anonymous", "disabled"])
def test_who_is_not_signed_in_is_led_to_the_sign_in(world: World, who: str) -> None:
    worker = disabled(world).worker if who == "disabled" else Worker(world.ana.app, "")
    worker.open("/desk/sign-in")
    assert list(told_apart(worker, world, world.probes, refused=(303,))) == []
    for probe in world.probes[::20]:
        assert ask(worker, probe).location.startswith("/desk/sign-in?")


def test_answers_in_the_form_are_shown_to_nobody_else(world: World) -> None:
    """The cookie of the visit is carried away, or the computer is shared."""
    cookie = world.ana.worker.client.get_cookie("matcher")
    assert cookie
    paths = ("/check", "/results", "/results/fits", "/questions/er", "/sheet")
    for who in (elsewhere(world).worker, colleague(world).worker, Worker(world.ana.app, "")):
        who.open("/desk/account")
        who.client.set_cookie("matcher", cookie.value)
        before = rows(world.ana.app)
        probes = [Probe("GET", path) for path in paths]
        probes += [Probe("POST", "/questions/er", (("answer", "negative"),))]
        probes += [Probe("POST", "/answers/file")]
        for probe in probes:
            assert ask(who, probe).status_code == (404 if who.email else 303), (probe, who.email)
        assert rows(world.ana.app) == before


def any_panel(_account_id: int, _organisation_id: int) -> sa.ColumnElement[bool]:
    return sa.true()


def in_any_panel(opened: Session, _panel_id: int, wanted: Any, **_how: Any) -> Any:
    return opened.scalar(sa.select(panel_people.PanelPerson).where(wanted))


WALLS = {
    "panel": (panels, "_open_to", any_panel),
    "person": (panel_people, "_one", in_any_panel),
}


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_that_is_taken_down_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, wall: str
) -> None:
    """That these tests can fail: they are run against a desk without that wall, reading alone."""
    eva = elsewhere(world)
    eva.worker.open("/desk/account")
    reads = [one for one in world.probes if one.method == "GET"]
    own = [one.instead({world.ana.panel: eva.panel}) for one in reads]
    monkeypatch.setattr(*WALLS[wall])
    asked = reads if wall == "panel" else own
    faults = list(told_apart(eva.worker, world, asked))
    assert len([one for one in faults if one.startswith("told")]) > 20
    assert any("trail_entry" in one for one in faults)
