"""Unplanned digests: whoever runs the site is told when nobody plans them, or nothing can be."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.people import allow_mail, people_file, person
from tests.lab.smtp_double import SmtpDouble

pytestmark = pytest.mark.usefixtures("rules_at_hand")
EMPTY = "the catalogue holds no studies: matcher study import FILE"
WARNED = "nothing has planned any"


def finding(run: Run, what: str) -> tuple[str, str]:
    """How one thing stands, and what was found."""
    findings = run("mail", "doctor", "--json").document["findings"]
    assert isinstance(findings, list)
    ((state, found),) = [(one["state"], one["found"]) for one in findings if one["what"] == what]
    return state, found


def test_an_empty_catalogue_uses_up_nobodys_period(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch)
    run("subscriber", "import", people_file(tmp_path, person()))
    planned = run("digest", "plan", "--json")
    assert (planned.code, EMPTY in planned.err) == (0, True)
    assert set(planned.document["planned"].values()) == {0}  # type: ignore[attr-defined]
    assert run("digest", "status", "--json").document["rows"] == []
    assert finding(run, "catalogue")[0] == "to do"
    run("study", "list")
    planned = run("digest", "plan", "--json")
    assert (planned.document["planned"]["due"], planned.err) == (1, "")  # type: ignore[index]
    assert finding(run, "catalogue")[0] == "ok"


def test_the_doctor_knows_whether_anything_plans(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    allow_mail(monkeypatch)
    assert finding(run, "timer")[0] == "to do"
    assert "never planned" in finding(run, "timer")[1]
    for days, state in ((3, "to do"), (1, "ok")):
        ran_at = datetime.now(UTC) - timedelta(days=days)
        run("digest", "plan", "--now", ran_at.isoformat())
        assert finding(run, "timer") == (state, finding(run, "timer")[1])
        assert f"{ran_at:%Y-%m-%d at %H:%M}" in finding(run, "timer")[1]


def test_serving_says_so_when_nobody_plans(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        serve = ("serve", "--port", taken.getsockname()[1])
        assert WARNED not in run(*serve).err
        allow_mail(monkeypatch)
        assert run(*serve).err.count(WARNED) == 1
        assert WARNED not in run(*serve, "--digests").err
        run("digest", "plan")
        assert WARNED not in run(*serve).err


def test_of_keys_beside_the_database_only_three_commands_speak(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch)
    warned = "lie beside the database"
    assert warned in run("subscriber", "import", people_file(tmp_path, person())).err
    assert warned in run("mail", "doctor").err
    for verb in ("plan", "send", "status", "resume"):
        assert warned not in run("digest", verb).err, verb


def test_what_still_waits_is_not_told_as_sent(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch, smtp="smtp://127.0.0.1:1")
    run("study", "list")
    people = [person(f"a{number}@example.org") for number in range(9)]
    run("subscriber", "import", people_file(tmp_path, *people))
    run("digest", "plan")
    sent = run("digest", "send")
    assert (sent.code, sent.out) == (1, "Sent none; 9 still wait.\n")


def test_the_doctor_breaks_up_nothing_that_is_copied(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    with SmtpDouble(tmp_path / "smtp") as server:
        allow_mail(monkeypatch, smtp=server.url)
        told = run("mail", "doctor").out
    assert '_dmarc.example.org TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@example.org"' in (
        told
    )


def test_without_a_sender_the_server_was_not_checked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch)
    monkeypatch.delenv("MATCHER_MAIL_FROM")
    state, found = finding(run, "mail server")
    assert (state, "not checked" in found) == ("to do", True)
