"""Trail of accounts: every deed leaves its entry, for the administrators of that organisation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from matcher.services.accounts import passkeys, people, trail
from matcher.store.accounts import Account, Passkey
from matcher.store.database import session
from matcher.store.trail import TrailEntry
from tests.web.conftest import NOON
from tests.web.desk.panel_person import make_panel
from tests.web.desk.worker import PASSWORD, Worker

Make = Callable[..., Worker]
EARLIER = re.compile(r'href="(/desk/accounts/trail\?before=\d+)"')
OTHER = "lantern gravel Thursday oboe"


def row(engine: sa.Engine, who: Worker) -> Account:
    with session(engine) as opened:
        return people.find(opened, who.email)


def told(engine: sa.Engine, who: Worker) -> list[tuple[str, str, str]]:
    """Oldest first: who, what, whom."""
    with session(engine) as opened:
        found = trail.entries(opened, row(engine, who).organisation_id)
    return [(one.account, one.action, one.whom) for one in reversed(found)]


def named(engine: sa.Engine, **names: Worker) -> None:
    """Give people names of their own."""
    with session(engine, writing=True) as opened:
        for name, who in names.items():
            account = people.find(opened, who.email)
            account.name = name
            opened.add(account)
        opened.commit()


@pytest.fixture
def boss(worker: Make, desk_engine: sa.Engine) -> Worker:
    """An administrator, signed in, with a second factor."""
    made = worker("boss@clinic.org", roles=["administrator"])
    named(desk_engine, Boss=made)
    made.sign_in()
    made.set_up_app()
    return made


def test_each_deed_of_an_administrator_is_noted(
    boss: Worker, worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    named(desk_engine, Ana=ana)
    path = f"/desk/accounts/{row(desk_engine, ana).public_id}"
    before = len(told(desk_engine, boss))
    boss.open("/desk/accounts")
    boss.send(email="new@clinic.org", name="Nia", role=["navigator"])
    boss.open("/desk/accounts")
    new = Worker(boss.app, "new@clinic.org")
    boss.send(f"/desk/accounts/{row(desk_engine, new).public_id}/invite")
    boss.open("/desk/accounts")
    for deed in ("roles", "disable", "enable", "invite"):
        boss.send(f"{path}/{deed}", role=["curator"])
        boss.open("/desk/accounts")
    boss.send(f"{path}/reset")
    assert told(desk_engine, boss)[before:] == [
        ("Boss", "account_added", "Nia"),
        ("Boss", "account_invited", "Nia"),
        ("Boss", "roles_changed", "Ana"),
        ("Boss", "account_disabled", "Ana"),
        ("Boss", "account_enabled", "Ana"),
        ("Boss", "account_reset", "Ana"),
        ("Boss", "account_reset", "Ana"),
    ]


def test_what_the_command_line_does_is_noted_as_its_own(
    worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    named(desk_engine, Ana=ana)
    with session(desk_engine, writing=True) as opened:
        account = people.find(opened, ana.email)
        people.disable(opened, account, now=NOON)
        people.enable(opened, account, now=NOON)
        people.set_roles(opened, account, ["curator"], now=NOON)
        people.reset(opened, account, now=NOON)
        found = trail.entries(opened, account.organisation_id)[:4]
    assert [(one.action, one.whom, one.account, one.by_command) for one in reversed(found)] == [
        (action, "Ana", "", True)
        for action in ("account_disabled", "account_enabled", "roles_changed", "account_reset")
    ]


def test_what_is_refused_is_not_noted(boss: Worker, desk_engine: sa.Engine) -> None:
    before = told(desk_engine, boss)
    path = f"/desk/accounts/{row(desk_engine, boss).public_id}"
    boss.open("/desk/accounts")
    assert boss.send(f"{path}/disable").status_code == 422
    assert boss.send(email="boss@clinic.org", name="B", role="navigator").status_code == 422
    assert told(desk_engine, boss) == before


def test_what_somebody_does_with_their_own_account_is_noted(
    worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    named(desk_engine, Ana=ana)
    ana.sign_in("not this one at all")
    ana.sign_in()
    ana.set_up_app()
    ana.open("/desk/account")
    ana.send("/desk/account/recovery-codes")
    ana.open("/desk/account")
    ana.send("/desk/account/authenticator/remove")
    ana.open("/desk/account")
    ana.send("/desk/account/password", current=PASSWORD, chosen=OTHER)
    ana.open("/desk/account")
    ana.send("/desk/sign-out")
    ana.sign_in(OTHER)
    ana.open("/desk/account")
    ana.send("/desk/account/sign-out-everywhere")
    assert told(desk_engine, ana)[2:] == [
        ("", "sign_in_failed", "Ana"),
        ("Ana", "signed_in", ""),
        ("Ana", "authenticator_added", ""),
        ("Ana", "recovery_codes_made", ""),
        ("Ana", "recovery_codes_made", ""),
        ("Ana", "authenticator_removed", ""),
        ("Ana", "password_changed", ""),
        ("Ana", "signed_in", ""),
        ("Ana", "signed_out", ""),
        ("Ana", "signed_in", ""),
        ("Ana", "signed_out_everywhere", ""),
    ]


def test_a_wrong_code_and_a_lost_passkey_are_noted(worker: Make, desk_engine: sa.Engine) -> None:
    ana = worker()
    ana.sign_in()
    ana.set_up_app()
    there = ana.elsewhere()
    there.sign_in()
    there.send(code="000 000")
    assert told(desk_engine, ana)[-1][1] == "sign_in_failed"
    number = row(desk_engine, ana).id or 0
    with session(desk_engine, writing=True) as opened:
        key = Passkey(
            user_id=number,
            name="Phone",
            credential_id=b"1",
            public_key=b"2",
            backup_state=False,
            device_type="single_device",
            usage=passkeys.FIRST,
            lastuse_datetime=NOON,
        )
        opened.add(key)
        opened.commit()
        passkeys.take(opened, number, key.id or 0, now=NOON)
        passkeys.take(opened, number, key.id or 0, now=NOON)
    assert [what for _, what, _ in told(desk_engine, ana)].count("passkey_removed") == 1


def test_of_an_address_without_account_nothing_is_noted(
    worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    before = told(desk_engine, ana)
    Worker(ana.app, "nobody@clinic.org").sign_in()
    assert told(desk_engine, ana) == before
    with session(desk_engine) as opened:
        kept = opened.scalars(sa.select(TrailEntry)).all()
    assert "nobody" not in "".join(repr(one.model_dump()) for one in kept)


def test_an_administrator_sees_their_own_organisations_alone(boss: Worker, worker: Make) -> None:
    worker("eva@charity.org", organisation="Charity").sign_in()
    kim = worker("kim@charity.org", organisation="Charity", roles=["administrator"])
    kim.sign_in()
    kim.set_up_app()
    boss.open("/desk/accounts")
    assert "/desk/accounts/trail" in boss.page
    boss.open("/desk/accounts/trail")
    assert "added an authenticator app" in boss.text
    assert "the command line" in boss.text
    kim.open("/desk/accounts/trail")
    assert "added an authenticator app" in kim.text
    assert "Boss" not in kim.page
    rows = list(csv.DictReader(io.StringIO(file(kim))))
    assert [one["action"] for one in rows if one["account"] == "(command line)"] == [
        "account_added",
        "account_added",
    ]
    assert "Boss" not in file(kim)
    assert "Boss" in file(boss)


def file(who: Worker) -> str:
    return who.open("/desk/accounts/trail/trail.csv").text.lstrip("\ufeff")


def test_for_who_is_no_administrator_there_is_no_trail(worker: Make) -> None:
    ana = worker()
    ana.sign_in()
    assert ana.open("/desk/accounts/trail").status_code == 404
    assert ana.open("/desk/accounts/trail/trail.csv").status_code == 404


def test_it_is_told_a_page_at_a_time(
    boss: Worker, monkeypatch: pytest.MonkeyPatch, desk_engine: sa.Engine
) -> None:
    everything = told(desk_engine, boss)
    monkeypatch.setattr(trail.entries, "__kwdefaults__", {"before": None, "limit": 2})
    monkeypatch.setattr("matcher.web.desk.accounts_trail.PAGE", 2)
    boss.open("/desk/accounts/trail")
    seen = boss.page.count("<time")
    for _ in everything:
        earlier = EARLIER.search(boss.page)
        if earlier is None:
            break
        boss.open(earlier[1])
        seen += boss.page.count("<time")
    assert seen == len(everything) > 2


def test_who_was_reset_sees_by_whom_at_the_next_sign_in(
    boss: Worker, worker: Make, desk_engine: sa.Engine
) -> None:
    ana = worker()
    named(desk_engine, Ana=ana)
    ana.sign_in()
    panel = make_panel(ana)
    ana.open("/desk/account")
    assert "was reset" not in ana.text
    boss.open("/desk/accounts")
    boss.send(f"/desk/accounts/{row(desk_engine, ana).public_id}/reset")
    there = ana.elsewhere()
    there.open(boss.page.partition("http://localhost")[2].partition("<")[0].partition('"')[0])
    there.send(password=OTHER)
    there.sign_in(OTHER)
    assert there.place == "/desk/account"
    assert "Your account was reset by Boss on" in there.text
    again = ana.elsewhere()
    again.sign_in(OTHER)
    assert again.place == "/desk"
    again.open("/desk/account")
    assert "Your account was reset by Boss on" in again.text
    again.open(f"/desk/panels/{panel}/trail")
    assert "reset the account of somebody who opens this panel" in again.text
    assert "Boss" in again.text


def test_the_trail_of_a_panel_that_was_not_theirs_says_nothing(
    boss: Worker, worker: Make, desk_engine: sa.Engine
) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    ana.sign_in()
    panel = make_panel(ana)
    boss.open("/desk/accounts")
    boss.send(f"/desk/accounts/{row(desk_engine, ben).public_id}/reset")
    ana.open(f"/desk/panels/{panel}/trail")
    assert "reset the account" not in ana.text


def test_the_panels_actions_and_these_are_apart() -> None:
    assert len(set(trail.ACTIONS)) == len(trail.ACTIONS)
    with pytest.raises(ValueError, match="peeked"):
        trail.note_own(None, None, "peeked", now=NOON)  # type: ignore[arg-type]
