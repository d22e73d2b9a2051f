"""The reviewed tables: each label and bullet has its reading, and the words left unread."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.core.conditions import from_json, tags_in
from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from tests.reading.spelling import spell

HERE = Path(__file__).parent
TABLE: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "labels.yaml").read_text(encoding="utf-8")
)
PHRASES: list[dict[str, str]] = yaml.safe_load((HERE / "phrases.yaml").read_text(encoding="utf-8"))[
    "phrases"
]
REVIEWS = HERE.parents[2] / "shared" / "data" / "reviews.jsonl"


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> Reader:
    """The reader of the shipped rules."""
    return Reader(rulebook)


def test_all_labels_are_in_the_table() -> None:
    """The 43 labels in their order, and each bullet once."""
    assert [row["number"] for row in TABLE["labels"]] == list(range(1, 44))
    bullets = [row["phrase"] for row in TABLE["bullets"]]
    assert len(bullets) == len(set(bullets)) == 8


@pytest.mark.skipif(not REVIEWS.exists(), reason="the reviews are not part of the project")
def test_the_table_has_the_reviews_own_words() -> None:
    """Letter for letter."""
    rows = [json.loads(line) for line in REVIEWS.read_text(encoding="utf-8").splitlines()]
    assert [row["phrase"] for row in TABLE["labels"]] == [row["primary"] for row in rows]
    bullets = {bullet for row in rows for bullet in row["also"] or []}
    assert bullets <= {row["phrase"] for row in TABLE["bullets"]}


@pytest.mark.parametrize(
    "row", [*TABLE["labels"], *TABLE["bullets"]], ids=lambda row: str(row["phrase"])
)
def test_the_reviewed_reading(reader: Reader, row: dict[str, Any]) -> None:
    """What the table says, in any order of parts."""
    reading = reader.read(row["phrase"])
    assert spell(reading.condition) == spell(from_json(row["condition"]))
    assert list(reading.unread) == row["unread"]


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: row["phrase"])
def test_other_labels(reader: Reader, row: dict[str, str]) -> None:
    """What the table says, in any order of parts."""
    assert spell(reader.read(row["phrase"]).condition) == row["reads"]


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: row["phrase"])
def test_only_tags_of_the_rules_are_named(reader: Reader, row: dict[str, str]) -> None:
    """A condition never names a tag that the rules do not know, and never nothing but words."""
    condition = reader.read(row["phrase"]).condition
    if condition is not None:
        keys = list(tags_in(condition))
        assert keys
        assert all(reader.lexicon.book.knows(key) for key in keys)
