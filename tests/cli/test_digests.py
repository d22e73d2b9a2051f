"""matcher digest: what is planned, sent and told, and when it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.people import allow_mail, people_file, person
from tests.lab.smtp_double import SmtpDouble

pytestmark = pytest.mark.usefixtures("rules_at_hand")

MONDAY = "2026-11-23T18:00:00+00:00"
STATES = {
    "due",
    "claimed",
    "retry",
    "sending",
    "sent",
    "failed",
    "uncertain",
    "superseded",
    "empty",
    "cancelled",
    "expired",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpDouble]:
    """A mail server."""
    with SmtpDouble(tmp_path / "smtp") as double:
        yield double


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> None:
    """The sample's studies and two subscribers."""
    run("study", "list")
    assert run("subscriber", "import", people_file(tmp_path, person(), person("b@x.org"))).code == 0


@pytest.mark.usefixtures("filled")
def test_from_planning_to_the_mail(
    run: Run, server: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch, smtp=server.url)
    planned = run("digest", "plan", "--now", MONDAY, "--json").document["planned"]
    assert isinstance(planned, dict)
    assert planned["due"] == 2
    assert run("digest", "plan", "--now", MONDAY).out == "Planned: nothing was due.\n"
    sent = run("digest", "send", "--now", MONDAY, "--json")
    assert (sent.code, sent.document["sent"], sent.document["paused"]) == (0, {"sent": 2}, None)
    assert len(server.accepted()) == 2
    assert run("digest", "send", "--now", MONDAY).out == "Sent: nothing was due.\n"

    document = run("digest", "status", "--json").document
    rows, counts = document["rows"], document["counts"]
    assert isinstance(rows, list)
    assert isinstance(counts, dict)
    assert set(counts) == STATES
    assert (counts["sent"], document["paused"], document["restored"]) == (2, None, None)
    first = rows[0]
    assert set(first) == {
        "id",
        "subscriber",
        "period",
        "state",
        "reason",
        "attempts",
        "message_id",
        "items",
    }
    assert (first["period"], first["state"], first["attempts"]) == ("2026-W48", "sent", 1)
    assert first["message_id"].endswith("@example.org>")
    assert 0 < len(first["items"]) <= 12
    shown = run("digest", "status").out
    assert "2026-W48" in shown
    assert "Digests: 2 sent." in shown
    assert "x.org" not in shown


@pytest.mark.usefixtures("filled")
def test_a_server_that_refuses_us_stops_the_run_and_says_why(
    run: Run, server: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch, smtp=server.url)
    run("digest", "plan", "--now", MONDAY)
    server.set_mode("mail_from_550")
    ran = run("digest", "send", "--now", MONDAY, "--json")
    assert ran.code == 1
    assert ran.document["paused"]
    assert "Error: sending stopped" in ran.err
    document = run("digest", "status", "--json").document
    counts, paused = document["counts"], document["paused"]
    assert isinstance(counts, dict)
    assert isinstance(paused, dict)
    assert counts["due"] == 2
    assert set(paused) == {"why", "since"}
    assert "Held back since" in run("digest", "status").out
    server.set_mode("ok")
    assert run("digest", "send", "--now", MONDAY).code == 0
    assert run("digest", "status", "--json").document["paused"] is None


@pytest.mark.parametrize("verb", ["plan", "send", "status", "resume"])
def test_without_a_public_address_there_are_no_digests(run: Run, verb: str) -> None:
    ran = run("digest", verb)
    assert (ran.code, "MATCHER_PUBLIC_URL" in ran.err, ran.out) == (2, True, "")


def test_without_a_mail_server_nothing_can_be_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://matcher.example.org")
    ran = run("digest", "send")
    assert ran.code == 2
    assert "MATCHER_SMTP_URL and MATCHER_MAIL_FROM" in ran.err


@pytest.mark.parametrize("now", ["2026-11-22T08:00:00", "2026-11-22", "soon", "9999-99-99"])
def test_a_time_without_its_zone_is_refused_with_an_example(run: Run, now: str) -> None:
    ran = run("digest", "plan", "--now", now)
    assert (ran.code, "+00:00" in ran.err) == (2, True)


def test_digests_never_fill_the_catalogue(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://matcher.example.org")
    assert run("digest", "plan").code == 0
    assert run("study", "list", "--empty", "--json").document["studies"] == []
