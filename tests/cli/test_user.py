"""matcher user: invitations, lists, what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.people import allow_mail
from tests.lab.smtp_double import SmtpDouble

ADD = ("user", "add", "Ana@Clinic.org", "--organisation", "Clinic", "--name", "Ana")
LINK = re.compile(r"http://127\.0\.0\.1:8000/desk/join/[\w-]{43}\n")


def test_adding_prints_the_link_alone(run: Run) -> None:
    ran = run(*ADD, "--role", "navigator", "--role", "administrator")
    assert ran.code == 0
    assert LINK.fullmatch(ran.out)
    assert "ana@clinic.org" in ran.err
    assert "MATCHER_PUBLIC_URL is not set" in ran.err
    listed = run("user", "list", "--json").document["users"]
    assert isinstance(listed, list)
    (ana,) = listed
    assert (ana["email"], ana["name"], ana["organisation"]) == ("ana@clinic.org", "Ana", "Clinic")
    assert ana["roles"] == ["navigator", "administrator"]
    assert (ana["active"], ana["joined"], ana["second_factor"]) == (True, False, False)
    assert "password" not in ana


def test_the_link_is_under_the_public_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://match.example.org")
    ran = run(*ADD)
    assert ran.out.startswith("https://match.example.org/desk/join/")
    assert "MATCHER_PUBLIC_URL" not in ran.err


def test_inviting_and_resetting_give_new_links(run: Run) -> None:
    links = [run(*ADD).out, run("user", "invite", "ANA@clinic.org").out]
    links.append(run("user", "reset", "ana@clinic.org").out)
    assert len(set(links)) == 3
    assert all(LINK.fullmatch(link) for link in links)


def test_disabling_and_enabling_are_listed(run: Run) -> None:
    run(*ADD)
    assert run("user", "disable", "ana@clinic.org").out == "ana@clinic.org is disabled.\n"
    assert "  disabled  " in run("user", "list").out
    refused = run("user", "invite", "ana@clinic.org")
    assert (refused.code, "matcher user enable" in refused.err) == (2, True)
    run("user", "enable", "ana@clinic.org")
    assert "  invited  " in run("user", "list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "add", "nobody", "--organisation", "Clinic"), "no email address"),
        (("user", "add", "a@b.org", "--organisation", " "), "no organisation"),
        (("user", "add", "a@b.org", "--organisation", "Clinic", "--role", "king"), "'king'"),
        (("user", "add", "a@b.org"), "--organisation"),
        (("user", "invite", "eva@clinic.org"), "no account"),
        (("user", "disable", "eva@clinic.org"), "no account"),
        (("user", "reset", "eva@clinic.org"), "no account"),
        (ADD, "there is an account"),
    ],
)
def test_what_cannot_be_is_told_and_ends_with_2(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    run(*ADD)
    ran = run(*words)
    assert (ran.code, said in ran.err, ran.out) == (2, True, "")


def test_the_last_administrator_stays(run: Run) -> None:
    run(*ADD, "--role", "administrator")
    ran = run("user", "disable", "ana@clinic.org")
    assert (ran.code, "last administrator" in ran.err) == (2, True)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpDouble]:
    """A mail server, and the settings of an installation that mails by it."""
    with SmtpDouble(tmp_path / "smtp") as double:
        allow_mail(monkeypatch, smtp=double.url)
        yield double


def test_an_invitation_is_mailed_and_its_link_is_printed_nowhere(
    run: Run, server: SmtpDouble
) -> None:
    ran = run(*ADD, "--mail")
    assert (ran.code, ran.out) == (0, "")
    assert "mailed to ana@clinic.org" in ran.err
    assert run("user", "reset", "ana@clinic.org", "--mail").out == ""
    mails = server.accepted()
    assert [mail.recipients for mail in mails] == [("ana@clinic.org",)] * 2
    links = [re.findall(rb"/desk/join/([\w-]+)", mail.message) for mail in mails]
    assert all(links)
    assert links[0] != links[1]


def test_a_mail_that_the_server_refuses_is_told_and_the_account_is_there(
    run: Run, server: SmtpDouble
) -> None:
    server.set_mode("rcpt_550")
    ran = run(*ADD, "--mail")
    assert (ran.code, ran.out) == (1, "")
    assert "matcher user invite EMAIL --mail" in ran.err
    assert "ana@clinic.org" in run("user", "list").out


def test_without_a_mail_server_nothing_is_changed(run: Run) -> None:
    ran = run(*ADD, "--mail")
    assert (ran.code, "MATCHER_SMTP_URL" in ran.err) == (2, True)
    assert run("user", "list").out == ""
