"""Runs commands as people and scripts do, each test in an instance of its own."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from matcher.cli import main
from tests.kept import rules_of

ESR1 = "treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"
READER = {
    "cancer_status": "now",
    "cancer": ["breast"],
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "tumor": {"ESR1": "mutation"},
}


class Ran(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, object]:
        """The JSON document on stdout."""
        loaded: dict[str, object] = json.loads(self.out)
        return loaded


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an instance of its own."""
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))
    # Commands do not read the shipped rules anew each time.
    monkeypatch.setattr("matcher.cli.opening.load_rules", rules_of)
    for name in ("MATCHER_DATABASE_URL", "MATCHER_RULES", "MATCHER_PUBLIC_URL", "MATCHER_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["matcher", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), out, err)

    return command


@pytest.fixture
def rules_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands do not read the shipped rules anew each time."""
    monkeypatch.setattr("matcher.cli.opening.load_rules", rules_of)


@pytest.fixture
def profile(tmp_path: Path) -> Callable[..., Path]:
    """Writes a profile and gives its path."""

    def write(**answers: object) -> Path:
        path = tmp_path / "person.json"
        path.write_text(json.dumps({"answers": {**READER, **answers}}))
        return path

    return write
