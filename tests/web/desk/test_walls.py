"""Walls: what is a panel's does not exist for anybody else, whatever they ask and however.

A navigator's desk is crawled; all that was met, and all that the table of addresses holds beside
it, is asked for again by everybody who has no business there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from matcher.store import panel_people, panels
from tests.web.conftest import NOON, Clock
from tests.web.desk import crawl
from tests.web.desk.crawl import Probe, ask, told
from tests.web.desk.panelled import Panelled
from tests.web.desk.strangers import (
    World,
    accounts_of,
    administrator,
    colleague,
    disabled,
    elsewhere,
    former,
    made_world,
    without_role,
)
from tests.web.desk.worker import Worker
from tests.web.mails import empty, site_of

TABLE = "code,er,her2\nA-117,negative,negative\nD-400,positive,low\n"
BEN = "ben@clinic.org"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(scope="module")
def world(desk_application: Flask) -> Iterator[World]:
    """One for all tests: none of them changes anything in it."""
    here = site_of(desk_application)
    assert isinstance(here.clock, Clock)
    here.clock.now = NOON
    yield made_world(desk_application)
    empty(here)


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
