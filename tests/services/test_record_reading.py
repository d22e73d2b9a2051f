"""Record reading: drafts are checked, contradictions found, tables and bundles told apart."""

from __future__ import annotations

import json
from datetime import date

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft, Refusal
from matcher.services.record_reading import Checker, ReadProfile, read_records, report_json
from tests.records.fhir.bundles import (
    NEGATIVE,
    POSITIVE,
    TODAY,
    bundle,
    condition,
    observation,
    patient,
)
from tests.records.fhir.stories import METASTATIC_ANSWERS, metastatic_reader


def test_a_bundle_and_a_table_are_told_apart(rulebook: Rulebook) -> None:
    files = [("a.json", bundle(*metastatic_reader())), ("b.csv", b"code,er\nA-1,positive\n")]
    report = read_records(files, rulebook, today=TODAY)
    assert report.refused == ()
    first, second = report.profiles
    assert dict(first.draft.answers) == METASTATIC_ANSWERS
    assert first.answers.given["er"] == "positive"
    assert second.draft.code == "A-1"
    assert second.draft.answers == {"er": "positive"}


def test_good_files_are_taken_and_bad_ones_refused(rulebook: Rulebook) -> None:
    files = [("bad.json", b"{"), ("good.json", bundle(patient())), ("none.json", b"")]
    report = read_records(files, rulebook, today=TODAY)
    assert [one.draft.source for one in report.profiles] == ["good.json"]
    assert [one.source for one in report.refused] == ["bad.json", "none.json"]


def test_a_named_format_is_kept_to(rulebook: Rulebook) -> None:
    report = read_records([("a.json", b"er\npositive\n")], rulebook, format="mcode", today=TODAY)
    assert report.profiles == ()
    assert len(report.refused) == 1


def test_clashes_of_the_record_and_of_the_answers_are_contradictions(rulebook: Rulebook) -> None:
    content = bundle(
        patient(birthDate="1990-01-01"),
        condition(onsetAge={"value": 60, "code": "a"}),
        observation("40556-3", POSITIVE, on="2024-01-01", id="o1"),
        observation("40556-3", NEGATIVE, on="2024-01-01", id="o2"),
    )
    report = read_records([("a.json", content)], rulebook, today=TODAY)
    record, answers = report.profiles[0].contradictions
    assert record.answers == ("er",)
    assert "2024-01-01" in record.text
    assert set(record.values) == {"positive", "negative"}
    assert record.dates == ("2024-01-01", "2024-01-01")
    assert set(answers.answers) == {"age", "age_at_diagnosis"}
    assert answers.text


def test_an_answer_that_the_rules_do_not_allow_is_refused(rulebook: Rulebook) -> None:
    (refusal,) = Checker(rulebook, today=TODAY).check(Draft("row 3", {"er": "perhaps"}))
    assert isinstance(refusal, Refusal)
    assert (refusal.source, refusal.path, refusal.value) == ("row 3", "er", "perhaps")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_document(language: str, rulebook: Rulebook) -> None:
    files = [("a.json", bundle(*metastatic_reader())), ("b.json", b"[]")]
    report = read_records(files, rulebook, today=date(2026, 12, 1), language=language)
    document = json.loads(json.dumps(report_json(report)))
    (profile,) = document["profiles"]
    assert set(profile) == {"source", "answers", "dates", "used", "unused", "contradictions"}
    assert profile["answers"] == METASTATIC_ANSWERS
    assert {"what", "key", "value"} == set(profile["used"][0])
    assert {"what", "why"} == set(profile["unused"][0])
    (refused,) = document["refused"]
    assert set(refused) == {"source", "path", "value", "problem"}
    assert isinstance(report.profiles[0], ReadProfile)
