"""A wheel built from the tree, installed elsewhere, works from an empty folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READER = {
    "answers": {
        "cancer": ["breast"],
        "extent": "metastatic",
        "er": "positive",
        "her2": "negative",
        "tumor": {"ESR1": "mutation"},
    }
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was installed."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    skipped = shutil.ignore_patterns(".git", ".venv", "instance", "tests", "*.egg-info", "build")
    shutil.copytree(ROOT, source, ignore=skipped)
    _run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place)],
        cwd=source,
    )
    shutil.rmtree(source)
    wheel = next(place.glob("*.whl"))
    target = place / "target"
    _run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), wheel],
        cwd=place,
    )
    return target


def _run(command: list[object], *, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_matches_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "person.json").write_text(json.dumps(READER))
    command = [sys.executable, "-m", "matcher", "match", "--profile", "person.json", "--json"]
    done = _run(
        command, cwd=tmp_path, PYTHONPATH=str(installed), MATCHER_INSTANCE=str(tmp_path / "data")
    )
    first = json.loads(done.stdout)["matches"][0]
    assert first["study"] == "treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"
    assert first["level"] == "fits"


def test_the_wheel_itself_answers(installed: Path, tmp_path: Path) -> None:
    code = "import matcher; print(matcher.__file__)"
    done = _run([sys.executable, "-c", code], cwd=tmp_path, PYTHONPATH=str(installed))
    assert Path(done.stdout.strip()).is_relative_to(installed)
    assert (installed / "matcher" / "_rules" / "scoring.yaml").is_file()
    assert (installed / "matcher" / "web" / "static").is_dir()
