"""What labels say of people: the reader and the engine together, on small profiles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from matcher.schemas.profiles import read_answers
from matcher.services.reading import PhraseJudge

ROWS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("verdicts.yaml").read_text(encoding="utf-8")
)["labels"]
CASES = [
    (row["label"], word, person)
    for row in ROWS
    for word in ("yes", "unknown", "no")
    for person in row.get(word, [])
]


@pytest.fixture(scope="module")
def judge(rulebook: Rulebook) -> PhraseJudge:
    """The reader and the engine, on a fixed day."""
    return PhraseJudge(rulebook, Reader(rulebook), today=date(2026, 11, 24))


@pytest.mark.parametrize(("label", "word", "person"), CASES, ids=str)
def test_the_label_says_so(judge: PhraseJudge, label: str, word: str, person: Any) -> None:
    """One label, one person, one verdict."""
    judged = judge.judge(label, read_answers(person, judge.book))
    assert judged.verdict.word == word, judged.condition
