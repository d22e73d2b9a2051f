"""matcher keys: what needs an older key, and sealing everything anew."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.people import people_file, person

pytestmark = pytest.mark.usefixtures("rules_at_hand")


def test_a_new_key_is_put_before_the_old_one_and_then_alone(run: Run, tmp_path: Path) -> None:
    run("subscriber", "import", people_file(tmp_path, person()))
    file = tmp_path / "instance" / "data_key"
    old = file.read_text()
    assert run("keys", "check").code == 0
    file.write_text(f"{'n' * 40},{old}")
    checked = run("keys", "check", "--json")
    assert checked.code == 1
    columns = checked.document["columns"]
    assert isinstance(columns, list)
    assert sum(one["older"] for one in columns) == 2
    rotated = run("keys", "rotate")
    assert rotated.code == 0
    assert "2 sealed anew" in rotated.out
    assert "Nothing needs the older keys now" in rotated.out
    file.write_text("n" * 40)
    assert run("keys", "check").code == 0
    file.write_text(old)
    refused = run("keys", "check")
    assert refused.code == 2
    assert "the data key is not the one" in refused.err
    assert old not in refused.err


def test_commands_that_need_the_keys_refuse_wrong_ones(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = people_file(tmp_path, person())
    run("subscriber", "import", file)
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://matcher.example.org")
    monkeypatch.setenv("MATCHER_DATA_KEY", "w" * 40)
    for words in (
        ("subscriber", "import", file),
        ("digest", "plan"),
        ("digest", "status"),
        ("mail", "doctor"),
        ("serve", "--port", "0"),
    ):
        ran = run(*words)
        assert (ran.code, "the data key is not the one" in ran.err) == (2, True), words


def test_the_help_says_how_to_change_a_key(run: Run) -> None:
    shown = run("keys", "--help").out
    assert "new,old" in shown
    assert "matcher keys rotate" in shown
