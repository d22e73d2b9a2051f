"""The worked cases of rules/cases/, each a test of its own, and what they must cover."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from matcher.reading.labels.audiences import Reader
from matcher.rules import shipped_rules
from matcher.rules.cases import CaseEntry, read_canaries, read_cases
from matcher.schemas.profiles import read_answers
from matcher.services.cases import CaseRunner
from matcher.services.catalogue import sample_studies
from tests.kept import shipped_book

CASES, FAULTS = read_cases(shipped_rules())
CANARIES, CANARY_FAULTS = read_canaries(shipped_rules())
ESR1 = "treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"
LEVELS = ("fits", "may_fit", "related", "open", "different", "unlabelled")


@cache
def runner() -> CaseRunner:
    """Runs cases against the sample catalogue."""
    book = shipped_book()
    reader = Reader(book)
    return CaseRunner(book, sample_studies(book), lambda text: reader.read(text).condition)


@pytest.mark.parametrize("entry", CASES, ids=lambda entry: entry.name)
def test_worked_case(entry: CaseEntry) -> None:
    """A small story with the level and the reasons that a careful editor would give."""
    differences = runner().run(entry).differences
    assert not differences


def test_the_files_are_sound() -> None:
    """No file of cases or canaries has a fault, and every story is told."""
    assert not FAULTS
    assert not CANARY_FAULTS
    assert all(str(entry.content.get("who", "")).strip() for entry in [*CASES, *CANARIES])


def test_enough_cases_of_every_level() -> None:
    """At least 80 cases, and several of each level."""
    levels = Counter(entry.content["level"] for entry in CASES)
    assert len(CASES) >= 80
    assert all(levels[level] >= (1 if level == "unlabelled" else 10) for level in LEVELS)


def test_people_who_differ_from_the_reader_in_one_fact() -> None:
    """At least fifteen people who differ from the camizestrant review's reader in one fact each."""
    answers = {
        e.name: facts_of(e.content["answers"]) for e in CASES if e.content.get("study") == ESR1
    }
    fits = answers["esr1_reader_fits"]
    other = [name for name, told in answers.items() if len(set(told) ^ set(fits)) in (1, 2)]
    assert len(other) >= 15


def facts_of(answers: dict[str, Any]) -> list[str]:
    """Each single answer with its value."""
    return [f"{key}={answer}" for key, answer in answers.items()]


def test_every_kind_of_not_knowing_occurs() -> None:
    """Not sure, not tested, uncertain, declined, an unfinished list, an old test."""
    words = str([entry.content["answers"] for entry in CASES])
    for kind in ("'unknown'", "'not_tested'", "'uncertain'", "'declined'", "'on'"):
        assert kind in words


def test_every_default_is_overruled_in_a_case() -> None:
    """Every default of the rules is among the notes of some case."""
    told = {note for entry in CASES for note in entry.content.get("notes", [])}
    assert {default.key for default in shipped_book().defaults} <= told


def test_enough_canaries_with_sound_answers() -> None:
    """At least 40 people, whose answers can all be taken."""
    assert len(CANARIES) >= 40
    for entry in CANARIES:
        read_answers(entry.content["answers"], shipped_book())
