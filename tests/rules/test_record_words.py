"""Record words: the shipped file is whole, and a faulty one is refused with its line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from matcher.rules import RulesError, load_rules, shipped_rules

READERS = Path(__file__).resolve().parents[2] / "matcher" / "records" / "fhir"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_rules(), tmp_path / "rules")
    return tmp_path / "rules"


def _faults(folder: Path, before: str, after: str) -> str:
    path = folder / "records.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(RulesError) as raised:
        load_rules(folder)
    return str(raised.value)


def test_every_reason_that_the_readers_give_has_words(rulebook: Rulebook) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in READERS.glob("*.py"))
    words = set(re.findall(r'"([a-z_]+)"', code))
    unused = set(rulebook.records.reasons) - words
    assert unused == set()
    for given in re.findall(r'found\.skip\([^"\n]*"([a-z_]+)"', code):
        assert given in rulebook.records.reasons


def test_groups_that_name_answers_name_real_ones(rulebook: Rulebook) -> None:
    for group, key in {
        "cancers": "cancer",
        "places": "cancer",
        "breast_types": "breast_type",
        "races": "race_ethnicity",
        "menopause_answers": "menopause",
    }.items():
        for concept in rulebook.records.groups[group]:
            assert rulebook.attributes[key].option(concept.key), concept.key


def test_a_code_with_two_meanings_is_refused(folder: Path) -> None:
    told = _faults(folder, 'snomed: ["260385009"]', 'snomed: ["10828004"]')
    assert "the code 10828004 already means 'positive'" in told
    assert "records.yaml:" in told


def test_an_unknown_code_system_is_refused(folder: Path) -> None:
    assert "there is no code system 'snowmed'" in _faults(
        folder, 'snomed: ["260385009"]', 'snowmed: ["260385009"]'
    )


def test_a_meaning_without_any_words_is_refused(folder: Path) -> None:
    assert "records/groups/results" in _faults(folder, "words: [present]", "key_words: [present]")


def test_rules_without_the_file_read_nothing_of_records(folder: Path) -> None:
    (folder / "records.yaml").unlink()
    assert load_rules(folder).records.groups == {}
