"""matcher mail: the doctor's findings, and reports from files and standard input."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from matcher.cli.opening import open_desk
from matcher.mail.addresses import return_path
from matcher.store.database import session
from tests.cli.conftest import Run
from tests.cli.people import allow_mail, people_file, person
from tests.mail.test_reports import RETURN_PATH, bounce
from tests.services.subscribing.kept import add_mail, mails, person_of

pytestmark = pytest.mark.usefixtures("rules_at_hand")


def test_reports_are_taken_from_files_and_standard_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("subscriber", "import", people_file(tmp_path, person()))
    desk = open_desk()
    add_mail(desk, "ana@example.org")
    with session(desk.engine, writing=True) as opened:
        (mail,) = mails(desk)
        mail.attempts = 1
        opened.add(mail)
        opened.commit()
    way_back = return_path("news@example.org", mail.public_id, desk.hashes)
    forged = tmp_path / "forged.eml"
    forged.write_bytes(bounce())
    content = io.BytesIO(bounce(to=way_back))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=content))
    ran = run("mail", "bounce", forged, "-", tmp_path / "missing.eml")
    assert ran.code == 2
    assert "-: stopped: this address gets no more mails (bounced: 5.1.1)" in ran.out
    assert f"{forged}: refused: it names a return path that was not made here" in ran.out
    assert "2 not taken" in ran.err
    assert "@" not in ran.out.replace(str(tmp_path), "")
    found = person_of(desk, "ana@example.org")
    assert found
    assert (found.standing, found.stopped_reason) == ("stopped", "bounced")
    desk.engine.dispose()


def test_what_is_no_report_changes_nothing(run: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(f"To: {RETURN_PATH}\r\nSubject: Away\r\n\r\nBack on Monday.".encode())
    ran = run("mail", "bounce", letter, "--json")
    assert ran.code == 2
    reports = ran.document["reports"]
    assert isinstance(reports, list)
    assert (reports[0]["deed"], "not a report" in reports[0]["why"]) == ("refused", True)


def test_a_mail_server_that_waits_is_told_to_keep_what_could_not_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It would send any other code back to whoever wrote, and the mail would be gone."""

    def hand_over(content: bytes) -> int:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        return run("mail", "bounce", "-").code

    letter = f"To: {RETURN_PATH}\r\nSubject: Away\r\n\r\nBack on Monday.".encode()
    assert hand_over(letter) == 0
    assert hand_over(bounce()) == 0
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{broken}")
    assert hand_over(bounce()) == 75
    monkeypatch.setenv("MATCHER_DATABASE_URL", "nonsense")
    assert hand_over(bounce()) == 75


def test_the_doctor_says_what_is_missing_and_how_to_mend_it(run: Run) -> None:
    ran = run("mail", "doctor")
    assert ran.code == 1
    for name in ("MATCHER_PUBLIC_URL", "MATCHER_SMTP_URL", "MATCHER_MAIL_FROM"):
        assert name in ran.out


def test_the_doctor_does_not_pretend_to_have_seen_the_domain(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_mail(monkeypatch, smtp="smtp://127.0.0.1:1")
    ran = run("mail", "doctor", "--json")
    findings = ran.document["findings"]
    assert isinstance(findings, list)
    states = {one["what"]: one["state"] for one in findings}
    assert (ran.code, states["mail server"], states["public address"]) == (1, "missing", "ok")
    assert {states[name] for name in ("SPF", "DKIM", "DMARC", "MX and reports")} == {"to do"}
    (spf,) = [one for one in findings if one["what"] == "SPF"]
    assert spf["mend"] == "Check: dig +short TXT example.org"
