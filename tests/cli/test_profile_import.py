"""The command that reads records: from a bundle to the studies that fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ESR1, Run
from tests.records.fhir.bundles import (
    NEGATIVE,
    POSITIVE,
    bundle,
    condition,
    observation,
    patient,
)
from tests.records.fhir.stories import METASTATIC_ANSWERS, metastatic_reader

pytestmark = pytest.mark.usefixtures("rules_at_hand")
SHARED = Path(__file__).resolve().parents[3] / "shared/data/records/mcode-patient-1.json"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_bytes(bundle(*metastatic_reader()))
    return path


def test_from_a_record_to_the_study_that_fits(record: Path, tmp_path: Path, run: Run) -> None:
    _fits(record, tmp_path, run)


@pytest.mark.skipif(not SHARED.exists(), reason="the real record is not here")
def test_from_the_real_record_to_the_study_that_fits(tmp_path: Path, run: Run) -> None:
    _fits(SHARED, tmp_path, run)


def _fits(record: Path, tmp_path: Path, run: Run) -> None:
    ran = run("profile", "import", record, "--today", "2026-12-01", "--json")
    assert ran.code == 0
    (profile,) = json.loads(ran.out)["profiles"]
    assert profile["contradictions"] == []
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"answers": profile["answers"]}))
    matched = json.loads(run("match", "--profile", answers, "--today", "2026-12-01", "--json").out)
    levels = {one["study"]: one["level"] for one in matched["matches"]}
    assert levels[ESR1] == "fits"


def test_a_nurse_can_read_what_was_found(record: Path, run: Run) -> None:
    ran = run("profile", "import", record, "--today", "2026-12-01")
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "Estrogen receptor (ER): ER-positive" in told
    assert "ESR1: mutation found" in told
    assert "Not used" in told
    assert "ECOG performance status = 1: Nothing that we ask about is in it." in told


def test_bad_files_are_named_and_the_good_ones_taken(
    record: Path, tmp_path: Path, run: Run
) -> None:
    bad, missing = tmp_path / "bad.json", tmp_path / "missing.json"
    bad.write_text("{")
    ran = run("profile", "import", bad, record, missing, "--today", "2026-12-01", "--json")
    assert ran.code == 2
    document = json.loads(ran.out)
    assert [one["answers"] for one in document["profiles"]] == [METASTATIC_ANSWERS]
    named = {one["source"] for one in document["refused"]}
    assert named == {str(bad), str(missing)}
    assert str(bad) in ran.err
    assert str(missing) in ran.err
    assert "Traceback" not in ran.err


def test_nothing_is_stored(record: Path, tmp_path: Path, run: Run) -> None:
    run("profile", "import", record)
    assert not list(tmp_path.glob("instance/*.db"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_template_tells_how_to_fill_it_in_and_is_read_as_it_is(
    language: str, tmp_path: Path, run: Run
) -> None:
    ran = run("profile", "template", "--language", language)
    header, *notes = ran.out.splitlines()
    assert header.startswith('"code","cancer_status"')
    assert all(note.startswith('"# ') for note in notes)
    example = notes[-1].replace('"# A-117"', '"A-118"')
    table = tmp_path / "table.csv"
    table.write_text("\n".join([header, *notes, example]))
    profiles = run("profile", "import", table, "--json").document["profiles"]
    assert isinstance(profiles, list)
    (read,) = profiles
    assert (read["code"], read["answers"]["cancer"]) == ("A-118", ["breast"])


def test_an_empty_table_says_that_nobody_is_in_it(tmp_path: Path, run: Run) -> None:
    table = tmp_path / "table.csv"
    table.write_text(run("profile", "template").out)
    ran = run("profile", "import", table)
    assert ran.code == 2
    assert "Error: No row with a person was found" in ran.err
    assert str(table) in ran.err


def test_errors_name_the_column_or_the_file_and_how_to_mend_it(tmp_path: Path, run: Run) -> None:
    table, missing = tmp_path / "table.csv", tmp_path / "missing.csv"
    table.write_text("code,er\nA-1,purple\nA-2,pos\n")
    ran = run("profile", "import", table, missing)
    assert ran.code == 2
    assert "Error: er: " in ran.err
    assert "('purple')" in ran.err
    assert "Error: The file cannot be read" in ran.err
    assert "Check the name of the file" in ran.err


def test_what_disagrees_names_the_test(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "record.json"
    results = [
        observation("40556-3", word, on=None, id=f"o{n}")
        for n, word in enumerate((POSITIVE, NEGATIVE))
    ]
    path.write_bytes(bundle(patient(), condition(), *results))
    told = " ".join(run("profile", "import", path, "--today", "2026-12-01").out.split())
    assert "! Estrogen receptor (ER): " in told
