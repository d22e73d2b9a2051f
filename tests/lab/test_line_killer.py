"""Test of the line killer: it ends a job before each of its lines, and only before those."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.lab.forked import ChildError, forked
from tests.lab.line_killer import LineKiller

JOB = """
def write(path, text):
    with open(path, "a") as file:
        file.write(text)

def job(path):
    write(path, "one ")
    for word in ("two ", "three "):
        write(path, word)
"""


def loaded(folder: Path, name: str, text: str) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def toy(tmp_path: Path) -> ModuleType:
    return loaded(tmp_path, "toy", JOB)


def test_every_line_is_counted(toy: ModuleType, tmp_path: Path) -> None:
    places = LineKiller([toy]).lines(lambda: toy.job(tmp_path / "out"))
    assert [place.line for place in places if place.function == "job"] == [7, 8, 9, 8, 9, 8]
    # The second line of `write` comes again when its file is closed.
    assert [place.line for place in places if place.function == "write"] == [3, 4, 3] * 3
    assert (tmp_path / "out").read_text() == "one two three "


def test_the_job_dies_before_each_line_once(toy: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "out"
    killer = LineKiller([toy])
    count = len(killer.lines(lambda: toy.job(out)))
    left = []
    out.unlink()
    for at in killer.deaths(lambda: toy.job(out)):
        left.append(out.read_text() if out.exists() else "nothing")
        out.unlink(missing_ok=True)
        assert at == len(left)
    assert len(left) == count
    assert out.read_text() == "one two three "
    # What was written and not yet closed is gone with the process.
    assert list(dict.fromkeys(left)) == ["nothing", "", "one ", "one two ", "one two three "]


def test_lines_of_other_modules_do_not_count(toy: ModuleType, tmp_path: Path) -> None:
    other = loaded(tmp_path, "other", "def work(toy, path):\n    toy.job(path)\n")
    places = LineKiller([other]).lines(lambda: other.work(toy, tmp_path / "out"))
    assert [place.file for place in places] == ["other.py"]


def test_some_lines_can_be_taken(toy: ModuleType, tmp_path: Path) -> None:
    killer = LineKiller([toy])
    assert list(killer.deaths(lambda: toy.job(tmp_path / "out"), first=3, every=5)) == [3, 8, 13]


def test_a_job_that_fails_is_no_death() -> None:
    with pytest.raises(ChildError, match="ZeroDivisionError"):
        forked(lambda: 1 // 0)
