"""The administrator's page: people of their own organisation, and nobody of another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.mail.outcome import Fate, Outcome
from matcher.services.accounts import people
from matcher.services.accounts.people import Invited
from matcher.store.accounts import Account
from matcher.store.database import session
from matcher.web.desk import accounts
from matcher.web.desk.ceremonies import passkeys_work
from matcher.web.site import EXTENSION
from tests.web.desk.worker import PASSWORD, Worker
from tests.web.mails import MAIL, site_of

Make = Callable[..., Worker]
DEEDS = ("invite", "reset", "disable", "enable", "roles")
LINK = re.compile(r"http://localhost(/desk/join/[\w-]+)")


@pytest.fixture
def boss(worker: Make) -> Worker:
    """An administrator who has set up a second factor."""
    made = worker("boss@clinic.org", roles=["administrator"])
    made.sign_in()
    made.set_up_app()
    return made


def row(engine: sa.Engine, email: str) -> Account:
    with session(engine) as opened:
        return people.find(opened, email)


def test_an_administrator_needs_a_second_factor_first(worker: Make) -> None:
    boss = worker("boss@clinic.org", roles=["administrator"])
    boss.sign_in()
    assert boss.place == "/desk/account/second-factor"
    assert "needs a second step" in boss.text
    boss.open("/desk/accounts")
    assert boss.place == "/desk/account/second-factor"
    boss.set_up_app()
    boss.open("/desk/accounts")
    assert boss.place == "/desk/accounts"


def test_a_navigator_is_told_and_goes_on(worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    assert ana.place == "/desk"
    assert "Please add a second step" in ana.text
    ana.set_up_app()
    ana.open("/desk")
    assert "Please add a second step" not in ana.text


def test_for_who_is_no_administrator_there_is_no_such_page(worker: Make) -> None:
    ana = worker(roles=["navigator", "curator"])
    ana.sign_in()
    assert ana.open("/desk/accounts").status_code == 404
    assert "/desk/accounts" not in ana.open("/desk").get_data(as_text=True)


def test_an_administrator_invites_somebody_who_comes_in(boss: Worker) -> None:
    boss.open("/desk/accounts")
    boss.send(email="New@Clinic.org", name="Nia", role=["navigator", "curator"])
    found = LINK.search(boss.text)
    assert found
    nia = Worker(boss.app, "new@clinic.org")
    nia.open(found[1])
    nia.send(password=PASSWORD)
    nia.sign_in()
    assert nia.place == "/desk"
    boss.open("/desk/accounts")
    assert "new@clinic.org" in boss.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody", "name": "N", "role": "navigator"}, "name@example.org"),
        ({"email": "boss@clinic.org", "name": "N", "role": "navigator"}, "has an account"),
        ({"email": "n@clinic.org", "name": "N", "role": "king"}, "at least one role"),
        ({"email": "n@clinic.org", "name": "N" * 121, "role": "navigator"}, "at most 120"),
    ],
)
def test_what_cannot_be_is_said(boss: Worker, typed: dict[str, str], said: str) -> None:
    boss.open("/desk/accounts")
    assert boss.send(**typed).status_code == 422
    assert said in boss.text


def test_disabling_roles_and_resetting(boss: Worker, worker: Make, desk_engine: sa.Engine) -> None:
    ana = worker()
    ana.sign_in()
    path = f"/desk/accounts/{row(desk_engine, ana.email).public_id}"
    boss.open("/desk/accounts")
    boss.send(f"{path}/roles", role=["curator"])
    assert people.role_names(row(desk_engine, ana.email)) == ("curator",)
    assert boss.send(f"{path}/roles").status_code == 422
    boss.send(f"{path}/disable")
    assert ana.client.get("/desk").status_code == 303
    assert boss.send(f"{path}/invite").status_code == 422
    boss.send(f"{path}/enable")
    assert ana.sign_in().status_code == 200
    boss.send(f"{path}/reset")
    assert LINK.search(boss.text)
    assert ana.sign_in().status_code == 422


def test_disabling_is_asked_first(boss: Worker, worker: Make, desk_engine: sa.Engine) -> None:
    ana, eva = worker(), worker("eva@charity.org", organisation="Charity")
    path = f"/desk/accounts/{row(desk_engine, ana.email).public_id}/disable"
    boss.open("/desk/accounts")
    assert f'href="{path}"' in boss.page
    assert f'action="{path}"' not in boss.page
    boss.open(path)
    assert "Disable the account of Somebody?" in boss.text
    assert row(desk_engine, ana.email).active
    boss.send(path)
    assert not row(desk_engine, ana.email).active
    theirs = f"/desk/accounts/{row(desk_engine, eva.email).public_id}/disable"
    assert boss.open(theirs).status_code == 404


@pytest.mark.parametrize(
    ("host", "works"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_a_passkey_is_offered_only_where_one_can_be(worker: Make, host: str, works: bool) -> None:
    ana = worker()
    page = ana.client.get("/desk/sign-in", base_url=host).get_data(as_text=True)
    assert ("data-passkey" in page) is works
    with ana.app.test_request_context(base_url=host):
        assert passkeys_work() is works


def test_where_no_passkey_can_be_the_app_comes_first(worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    ana.open("/desk/account/second-factor")
    assert ana.page.index("/passkeys/new") < ana.page.index("/desk/account/authenticator")


@pytest.mark.parametrize("fate", [Fate.SENT, Fate.FAILED])
def test_where_mail_is_set_up_the_link_goes_to_the_person_alone(
    boss: Worker, monkeypatch: pytest.MonkeyPatch, fate: Fate
) -> None:
    here, mailed = site_of(boss.app), list[Invited]()
    mailing = replace(here, settings=replace(here.settings, **MAIL))

    def mail(settings: Settings, invited: Invited, *, now: datetime) -> Outcome:
        assert (settings, now) == (mailing.settings, here.clock())
        mailed.append(invited)
        return Outcome(fate, 250, "no such mailbox")

    monkeypatch.setitem(boss.app.extensions, EXTENSION, mailing)
    monkeypatch.setattr(accounts, "mail_invitation", mail)
    boss.open("/desk/accounts")
    boss.send(email="new@clinic.org", name="Nia", role=["navigator"])
    (sent,) = mailed
    assert sent.account.email == "new@clinic.org"
    assert (sent.token in boss.text) == (fate is Fate.FAILED)
    assert ("no such mailbox" in boss.text) == (fate is Fate.FAILED)


def test_an_invitation_speaks_the_language_of_its_account(
    boss: Worker, desk_engine: sa.Engine
) -> None:
    boss.open("/desk/accounts")
    boss.send(email="new@clinic.org", name="Nia", role=["navigator"])
    found = LINK.search(boss.text)
    assert found
    with session(desk_engine, writing=True) as opened:
        account = people.find(opened, "new@clinic.org")
        account.language = "es"
        opened.add(account)
        opened.commit()
    nia = Worker(boss.app, "new@clinic.org")
    nia.open(found[1])
    assert '<html lang="es"' in nia.page
    nia.send(password="short")
    assert '<html lang="es"' in nia.page
    nia.send(password=PASSWORD)
    assert nia.place == "/desk/sign-in"
    assert '<html lang="es"' in nia.page


def test_the_last_administrator_stays(boss: Worker, desk_engine: sa.Engine) -> None:
    path = f"/desk/accounts/{row(desk_engine, boss.email).public_id}"
    boss.open("/desk/accounts")
    assert boss.send(f"{path}/disable").status_code == 422
    assert boss.send(f"{path}/roles", role=["navigator"]).status_code == 422
    assert "Nobody else" in boss.text
    assert row(desk_engine, boss.email).active


def test_another_organisations_people_are_not_there(
    boss: Worker, worker: Make, desk_engine: sa.Engine
) -> None:
    eva = worker("eva@charity.org", organisation="Charity")
    ana = worker()
    before = row(desk_engine, eva.email)
    boss.open("/desk/accounts")
    assert ana.email in boss.text
    assert eva.email not in boss.text
    for deed in DEEDS:
        theirs = boss.send(f"/desk/accounts/{before.public_id}/{deed}", role=["curator"])
        page = boss.page
        nobodys = boss.send(f"/desk/accounts/{'0' * 32}/{deed}", role=["curator"])
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert without_code(page) == without_code(boss.page)
        boss.open("/desk/accounts")
    after = row(desk_engine, eva.email)
    assert (after.active, after.password, after.fs_uniquifier) == (
        before.active,
        before.password,
        before.fs_uniquifier,
    )
    assert people.role_names(after) == ("navigator",)


def test_nobody_but_an_administrator_changes_anything(worker: Make, desk_engine: sa.Engine) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    path = f"/desk/accounts/{row(desk_engine, ben.email).public_id}"
    ana.sign_in()
    for deed in DEEDS:
        ana.open("/desk")
        assert ana.send(f"{path}/{deed}", role=["administrator"]).status_code == 404
    stranger = Worker(ana.app, "")
    stranger.open("/desk/sign-in")
    stranger.send(f"{path}/disable")
    assert stranger.place == "/desk/sign-in"
    found = row(desk_engine, ben.email)
    assert (found.active, people.role_names(found)) == (True, ("navigator",))


def without_code(page: str) -> str:
    """A page without what is new in every page, and without its own address."""
    return re.sub(r'name="(csrf_token|back)" value="[^"]*"', "", page)
