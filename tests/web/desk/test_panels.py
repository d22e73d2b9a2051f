"""Panels: made, opened, named, shared, given away and put away over the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from matcher.store.accounts import account_by_email
from matcher.store.database import session
from tests.web.desk.panel_person import ANSWERED, add_person, make_panel, person_path, without
from tests.web.desk.worker import Worker
from tests.web.mails import site_of

MakeWorker = Callable[..., Worker]


def test_the_first_way_from_sign_in_to_a_persons_page(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    assert "You have no panel yet" in ana.text
    panel = make_panel(ana)
    assert "Nobody is in this panel yet" in ana.text
    ana.open(f"/desk/panels/{panel}/people/add")
    ana.send(code="A-117", language="es", consent="yes")
    assert ana.place.startswith("/questions/")
    assert "You are filling this in for A-117." in ana.text
    for key, value in ANSWERED.items():
        ana.answer(key, value)
    ana.open("/check")
    assert "Keep for A-117" in ana.text
    (person,) = set(re.findall(rf'/desk/panels/{panel}/people/([^/"]{{32}})[/"]', ana.page))
    ana.send(person_path(panel, person, "/answers/keep"), source="told")
    assert ana.place == person_path(panel, person)
    assert "The answers are kept." in ana.text
    for words in (
        "A-117",
        "ER-positive",
        "told, noted",
        "Spanish",
        "Reviews for this person",
    ):
        assert words in ana.text, words
    ana.open("/check")
    assert "You are filling this in" not in ana.text


def test_a_panels_name_is_checked_and_changed(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    for name, told in (("", "Enter a name for the panel"), ("x" * 81, "at most 80 letters")):
        ana.open("/desk")
        assert ana.send("/desk/panels", name=name).status_code == 422
        assert told in ana.text
    panel = make_panel(ana)
    ana.open(f"/desk/panels/{panel}/settings")
    ana.send(f"/desk/panels/{panel}/rename", name="Friday clinic")
    assert "Friday clinic" in ana.text
    assert ana.send(f"/desk/panels/{panel}/rename", name=" ").status_code == 422


def test_members_come_look_after_people_and_leave(worker: MakeWorker) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    for one in (ana, ben):
        one.sign_in()
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    base = f"/desk/panels/{panel}"
    assert ben.open(base).status_code == 404
    ana.open(f"{base}/settings")
    colleague = ana.page.partition('name="colleague">')[2].partition('value="')[2][:32]
    ana.send(f"{base}/members", colleague=colleague)
    assert "They can open the panel from now on" in ana.text
    ana.open(person_path(panel, person))
    ana.send(person_path(panel, person, "/hand-over"), owner=colleague, version="1")
    assert "Handed over" in ana.text
    ana.send(person_path(panel, person, "/hand-over"), owner=colleague, version="1")
    assert "Nothing of yours was saved" in ana.text
    ben.open(f"{base}?whose=mine")
    assert "A-117" in ben.text
    for path in ("rename", "archive", "give", "members"):
        assert ben.send(f"{base}/{path}", name="Mine now").status_code == 404
    ben.open(f"{base}/settings")
    ben.send(f"{base}/members/remove", member=colleague)
    assert ben.place == "/desk"
    assert ben.open(base).status_code == 404
    ana.open(f"{base}?whose=mine")
    assert "A-117" in ana.text


def test_a_panel_changes_hands(worker: MakeWorker) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    for one in (ana, ben):
        one.sign_in()
    panel = make_panel(ana)
    base = f"/desk/panels/{panel}"
    ana.open(f"{base}/settings")
    colleague = ana.page.partition('name="colleague">')[2].partition('value="')[2][:32]
    assert ana.send(f"{base}/give", owner=colleague).status_code == 422
    ana.send(f"{base}/members", colleague=colleague)
    ana.send(f"{base}/give", owner=colleague)
    assert "The panel has a new owner" in ana.text
    assert ben.open(f"{base}/trail").status_code == 200
    assert ana.open(f"{base}/trail").status_code == 404


def test_a_panel_whose_owner_is_out_of_service_is_taken_over(worker: MakeWorker) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    for one in (ana, ben):
        one.sign_in()
    base = f"/desk/panels/{make_panel(ana)}"
    ana.open(f"{base}/settings")
    me = ana.page.partition('name="colleague">')[2].partition('value="')[2][:32]
    ana.send(f"{base}/members", colleague=me)
    ben.open(f"{base}/settings")
    assert "Take the panel over" not in ben.text
    assert ben.send(f"{base}/take-over").status_code == 404
    with session(site_of(ana.app).engine, writing=True) as opened:
        account = account_by_email(opened, ana.email)
        assert account is not None
        account.active = False
        opened.commit()
    ben.open(f"{base}/settings")
    assert "The owner’s account is out of use" in ben.text
    assert ben.send(f"{base}/members/remove", member=me).status_code == 422
    assert "You are the last who can open this panel" in ben.text
    ben.send(f"{base}/take-over")
    assert "You are the owner of this panel now" in ben.text
    ben.open(f"{base}/trail")
    assert "took the panel over" in ben.text


def test_a_panel_that_is_put_away_can_be_read_and_not_changed(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    base = f"/desk/panels/{panel}"
    ana.open(f"{base}/settings")
    ana.send(f"{base}/archive")
    assert "This panel is put away" in ana.text
    ana.open("/desk")
    assert "One panel that was put away" in ana.text
    ana.send(person_path(panel, person, "/notes"), text="No")
    assert ana.place == base
    assert "Nothing was changed" in ana.text
    assert ana.open(person_path(panel, person)).status_code == 200
    for path in ("people/add", "records"):
        ana.open(f"{base}/{path}")
        assert "put away" in ana.text
    ana.send(f"{base}/bring-back")
    assert "This panel is put away" not in ana.text


def test_what_is_not_yours_looks_like_what_is_not_there(worker: MakeWorker) -> None:
    ana, eve = worker(), worker("eve@elsewhere.org", organisation="Elsewhere")
    for one in (ana, eve):
        one.sign_in()
    panel = make_panel(ana)
    for rest in ("", "/settings", "/people/add", "/records", "/records/panel.csv"):
        there, nothing = (eve.open(f"/desk/panels/{id}{rest}") for id in (panel, "0" * 32))
        assert there.status_code == nothing.status_code == 404
        assert without(there.text, panel) == without(nothing.text, "0" * 32)
