"""Law 7: what contradicts a label never gets a "yes" from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from matcher.core.conditions import to_json
from matcher.core.truth import Truth
from matcher.reading.labels.audiences import Reader
from tests.laws.court import Court, shipped_court, volume
from tests.laws.people import Profile

TABLE = Path(__file__).with_name("contradictory_pairs.yaml")
LABELS: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["labels"]


def verdict(court: Court, condition: Any, profile: Profile) -> Truth:
    """The verdict of a condition for a person, by way of a study for it alone."""
    plain = court.studies(Random(0), 1)[0]
    study = plain | {"most": condition, "also": [], "standing": "current"}
    (match,) = court.engine(court.catalogue([study]), profile).matches
    return {"fits": Truth.YES, "different": Truth.NO}.get(match.level.word, Truth.UNKNOWN)


@cache
def reader() -> Reader:
    """The reader of labels, made once."""
    return Reader(shipped_court().book)


def test_the_table_holds_two_hundred_pairs() -> None:
    """Nobody is counted twice."""
    pairs = {(row["label"], str(person)) for row in LABELS for person in row["never_for"]}
    assert len(pairs) == 200


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["label"])
def test_no_false_yes_from_the_condition(row: dict[str, Any]) -> None:
    """The curated pairs, with the label's reviewed reading."""
    wrong = [
        person
        for person in row["never_for"]
        if verdict(shipped_court(), row["condition"], person) == Truth.YES
    ]
    assert not wrong


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["label"])
def test_no_false_yes_from_the_words(row: dict[str, Any]) -> None:
    """The curated pairs, with what the reader makes of the label's own words."""
    condition = to_json(reader().read(row["label"]).condition)
    assert condition is not None
    wrong = [
        person
        for person in row["never_for"]
        if verdict(shipped_court(), condition, person) == Truth.YES
    ]
    assert not wrong, condition


def opposites(court: Court) -> list[tuple[str, str]]:
    """Pairs of tags that the rules call opposite, and the two of the law's own words."""
    named = [
        (key, rule["opposite"].replace("{value}", key.rpartition("_")[2]))
        for key, rule in court.rules.tags.items()
        if "opposite" in rule
    ]
    pairs = [*named, ("triple_negative", "er_positive"), ("her2_negative", "her2_positive")]
    sites = ("", ":breast", ":prostate")
    scoped = [
        (one + site, other + site)
        for one, other in pairs
        for site in sites
        if court.rules.tag(one + site) and court.rules.tag(other + site)
    ]
    return sorted(set(scoped))


def check_opposites(court: Court, *, seed: int, people: int) -> None:
    """Nobody is both; and "not" of a tag is never yes where the tag is."""
    rng, pairs = Random(seed), opposites(court)
    plain = court.studies(rng, 1)[0] | {"also": [], "standing": "current"}
    both = [
        plain | {"key": f"{one} {other}", "most": {"all": [{"tag": one}, {"tag": other}]}}
        for one, other in pairs
    ]
    never = [
        plain | {"key": f"not {tag}", "most": {"all": [{"tag": tag}, {"not": {"tag": tag}}]}}
        for tag in court.rules.tags
    ]
    catalogue = court.catalogue([*both, *never])
    profiles = court.profiles(rng, people)
    for profile, outcome in zip(profiles, court.batch(catalogue, profiles), strict=True):
        wrong = [m.study.key for m in outcome.matches if m.level.word == "fits"]
        assert not wrong, (profile, wrong)


def test_no_false_yes_in_generated_pairs() -> None:
    """At least 10,000 pairs of a contradictory label and a random person."""
    check_opposites(shipped_court(), seed=7, people=100)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_no_false_yes_at_volume() -> None:
    """As many pairs as asked for."""
    for seed in range(-(-volume() // 30_000)):
        check_opposites(shipped_court(), seed=seed, people=100)
