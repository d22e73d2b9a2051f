"""matcher db backup and restore: keys apart, the erased stay erased, nothing is mailed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.cli.opening import open_desk
from matcher.services.subscribing.erasing import erase_by_name
from matcher.store.database import session
from matcher.store.subscribers import Subscriber, count_subscribers
from tests.cli.conftest import Run
from tests.cli.people import allow_mail, people_file, person

pytestmark = pytest.mark.usefixtures("rules_at_hand")

KEYS = ("secret_key", "data_key", "lookup_key")


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    """A backup with the sample's studies and one subscriber in it."""
    run("study", "list")
    run("subscriber", "import", people_file(tmp_path, person()))
    assert run("db", "backup", tmp_path / "saved").code == 0
    return tmp_path / "saved"


def test_a_backup_names_what_to_carry_separately(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    ran = run("db", "backup", tmp_path / "saved")
    for name in (*KEYS, "stopped.journal"):
        assert name in ran.out


def test_a_machine_without_the_keys_refuses_and_stays_as_it_was(
    run: Run, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "new"))
    refused = run("db", "restore", saved)
    assert refused.code == 2
    assert "the data key is not the one" in refused.err
    assert "data_key" in refused.err
    ran = run("subscriber", "import", people_file(tmp_path, person()), "--json")
    assert ran.document["added"] == 1


@pytest.mark.parametrize("how", [(), ("--nothing-was-sent",)])
def test_a_restored_copy_mails_nobody_until_it_is_told_to(
    run: Run, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    for name in KEYS:
        old = tmp_path / "instance" / name
        monkeypatch.setenv(f"MATCHER_{name.upper()}", old.read_text())
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "new"))
    assert "digest resume" in run("db", "restore", saved).out
    allow_mail(monkeypatch)
    sent = run("digest", "send")
    assert sent.code == 2
    assert "restored from a backup on 20" in sent.err
    assert "matcher digest resume" in sent.err
    assert run("digest", "status", "--json").document["restored"]
    again = "Mails are sent again.\n"
    perhaps = "1 digest counts as perhaps sent before the restore.\n"
    assert run("digest", "resume", *how).out == ("" if how else perhaps) + again
    assert run("digest", "send").code == 0
    assert run("digest", "resume").out == "Nothing was held back.\n"


def test_who_was_erased_after_the_backup_stays_erased(
    run: Run, saved: Path, tmp_path: Path
) -> None:
    assert count() == 1
    desk = open_desk()
    with session(desk.engine) as opened:
        public_id = opened.scalars(sa.select(Subscriber)).one().public_id
    erase_by_name(desk, public_id, reason="erased", now=datetime.now(UTC))
    restored = run("db", "restore", saved)
    assert restored.code == 0
    assert "as the journal says: 1" in restored.out
    assert count() == 0
    again = run("subscriber", "import", people_file(tmp_path, person()))
    assert again.code == 2
    assert "is not to be mailed any more (erased)" in again.err


def test_telling_a_restored_copy_to_send_replays_the_journal_first(
    run: Run, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The restore was killed before it came to the journal."""
    monkeypatch.setattr("matcher.cli.database.replay", lambda *_, **__: 1 / 0)
    desk = open_desk()
    with session(desk.engine) as opened:
        public_id = opened.scalars(sa.select(Subscriber)).one().public_id
    erase_by_name(desk, public_id, reason="died", now=datetime.now(UTC))
    desk.engine.dispose()
    with pytest.raises(ZeroDivisionError):
        run("db", "restore", saved)
    assert count() == 1
    allow_mail(monkeypatch)
    assert run("digest", "send").code == 2
    assert run("digest", "resume").code == 0
    assert count() == 0


def count() -> int:
    """How many subscribers the installation has."""
    desk = open_desk()
    with session(desk.engine) as opened:
        found = count_subscribers(opened)
    desk.engine.dispose()
    return found
