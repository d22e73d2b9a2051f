"""matcher user: invitations, lists, what is refused."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Run

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
