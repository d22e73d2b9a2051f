"""matcher subscriber import: counts, broken lines, exit codes."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Run
from tests.cli.people import people_file, person

pytestmark = pytest.mark.usefixtures("rules_at_hand")


def test_good_lines_are_counted_and_known_ones_too(run: Run, tmp_path: Path) -> None:
    file = people_file(tmp_path, person(), person("b@example.org"))
    ran = run("subscriber", "import", file)
    assert (ran.code, ran.out) == (0, "added 2, updated 0, unchanged 0, refused 0.\n")
    assert ran.err.count("Warning: the keys") == 1
    assert ran.err.count("\n") == 1
    again = run("subscriber", "import", file, "--json")
    assert again.document == {"added": 0, "updated": 0, "unchanged": 2, "refused": 0, "lines": []}


def test_a_broken_line_is_named_without_what_is_private(run: Run, tmp_path: Path) -> None:
    bad = person("bob@@example.org", frequency="hourly", answers={"er": "PRIVATE"})
    ran = run("subscriber", "import", people_file(tmp_path, person(), bad), "--json")
    assert ran.code == 2
    document = ran.document
    assert (document["added"], document["refused"]) == (1, 1)
    assert "line 2, frequency: must be one of: weekly, monthly (given: 'hourly'). Mend:" in ran.err
    assert "line 2, answers.er: is not a known value. Mend: Allowed: positive" in ran.err
    assert "Error: 1 could not be taken" in ran.err
    for private in ("bob", "PRIVATE", "ana@"):
        assert private not in ran.err + ran.out


def test_standard_input_is_read_for_a_dash(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(json.dumps(person()).encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=content))
    assert run("subscriber", "import", "-").out.startswith("added 1,")


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(run: Run, tmp_path: Path, name: str) -> None:
    ran = run("subscriber", "import", tmp_path / name)
    assert (ran.code, "cannot be read" in ran.err, "mend:" in ran.err) == (2, True, True)
