"""Laws 3, 6 and 10: order, repeats and neighbours change nothing; rankings are repeatable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.core.catalogue import Catalogue
from matcher.core.matching import Outcome
from matcher.rules import load_rules, shipped_rules
from tests.laws.catalogues import as_study
from tests.laws.court import TODAY, Court, engine_reasons, shipped_court, told, volume
from tests.laws.people import Profile

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Shuffle:
    """Shuffles everything whose order must not matter, and repeats some of it."""

    rng: Random

    def profile(self, profile: Profile) -> Profile:
        """The same answers in another order, some listed values twice."""
        keys = self.rng.sample(list(profile), k=len(profile))
        return {key: self._answer(profile[key]) for key in keys}

    def _answer(self, answer: Any) -> Any:
        if isinstance(answer, dict):
            return {key: answer[key] for key in self.rng.sample(list(answer), k=len(answer))}
        if isinstance(answer, list) and answer:
            return self.rng.sample(answer, k=len(answer)) + answer[: self.rng.randint(0, 1)]
        return answer

    def condition(self, condition: Any) -> Any:
        """The same condition with parts shuffled and repeated, and idle nests added."""
        ((kind, inner),) = condition.items()
        if kind in ("all", "any"):
            parts = [self.condition(part) for part in inner]
            parts += self.rng.sample(parts, k=self.rng.randint(0, 1))
            return {kind: self.rng.sample(parts, k=len(parts))}
        if kind == "not":
            return {"not": self.condition(inner)}
        nested = [condition, {"all": [condition]}, {"any": [condition, condition]}]
        return self.rng.choice([*nested, {"not": {"not": condition}}])

    def study(self, plain: dict[str, Any]) -> dict[str, Any]:
        """The same study."""
        also = [self.condition(audience) for audience in plain["also"]]
        also += [self.condition(audience) for audience in plain["also"][:1]]
        most = None if plain["most"] is None else self.condition(plain["most"])
        marks = self.rng.sample(plain["marks"], k=len(plain["marks"]))
        also = self.rng.sample(also, k=len(also))
        return plain | {"most": most, "also": also, "marks": marks}

    def studies(self, plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same studies in another order."""
        return [self.study(one) for one in self.rng.sample(plain, k=len(plain))]


def everything(outcome: Outcome) -> list[Any]:
    """All that an outcome says, with the reasons' sentences left to their own tests."""
    units = sorted(found.units for found, _ in outcome.contradictions)
    notes = sorted((note.rule, sorted(note.units)) for note, _ in outcome.notes)
    explained = {m.study.key: engine_reasons(m.reasons) for m in outcome.matches[:25]}
    matches = [(told(m), explained.get(m.study.key)) for m in outcome.matches]
    return [matches, dict(outcome.counts), units, notes]


def check_shuffled(court: Court, *, seed: int, people: int, studies: int) -> None:
    """Law 3: everything in another order, some of it twice."""
    rng = Random(seed)
    plain, shuffle = court.studies(rng, studies), Shuffle(rng)
    here, there = court.catalogue(plain), court.catalogue(shuffle.studies(plain))
    profiles = court.profiles(rng, people)
    shuffled = list(map(shuffle.profile, profiles))
    outcomes = zip(court.batch(here, profiles), court.batch(there, shuffled), strict=True)
    for profile, (one, other) in zip(profiles, outcomes, strict=True):
        assert everything(one) == everything(other), profile


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_order_and_repeats_change_nothing(seed: int) -> None:
    """Law 3, for answers, tags, audiences and studies."""
    check_shuffled(shipped_court(), seed=seed, people=1, studies=25)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_order_and_repeats_change_nothing_at_volume() -> None:
    """Law 3 over the pairs asked for."""
    for seed in range(-(-volume() // 10_000)):
        check_shuffled(shipped_court(), seed=seed, people=50, studies=200)


def reversed_rules(folder: Path) -> Path:
    """The shipped rules with every list of entries reversed and the files in another order."""
    shipped = shipped_rules()
    for number, source in enumerate(sorted(shipped.rglob("*.yaml"), reverse=True)):
        place = source.relative_to(shipped)
        content = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if place.parts[0] in ("attributes", "tags"):
            place = place.with_name(f"{number:03}.yaml")
        if place.parts[0] in ("attributes", "tags", "implications.yaml"):
            content = {key: list(reversed(entries)) for key, entries in content.items()}
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    return folder


def test_the_order_of_files_and_entries_changes_nothing(tmp_path: Path) -> None:
    """Law 3, for the rules' own files."""
    court, rng = shipped_court(), Random(3)
    book = load_rules(reversed_rules(tmp_path))
    plain = court.studies(rng, 150)
    catalogue = court.catalogue(plain)
    other = Court(court.rules, court.closer, book, type(court.finder)(book))
    reread = Catalogue.compile(book, map(as_study, plain), finder=other.finder)
    for profile in court.profiles(rng, 40):
        one, two = court.engine(catalogue, profile), other.engine(reread, profile)
        assert list(map(told, one.matches)) == list(map(told, two.matches)), profile
        for first, second in list(zip(one.matches, two.matches, strict=True))[::10]:
            assert engine_reasons(first.reasons) == engine_reasons(second.reasons)


def check_neighbours(court: Court, *, seed: int, people: int, studies: int) -> None:
    """Law 6: some studies taken out of the catalogue."""
    rng = Random(seed)
    plain, profiles = court.studies(rng, studies), court.profiles(rng, people)
    kept = rng.sample(plain, k=rng.randint(1, studies - 1))
    keys = {one["key"] for one in kept}
    whole = court.batch(court.catalogue(plain), profiles)
    part = court.batch(court.catalogue(kept), profiles)
    for before, after in zip(whole, part, strict=True):
        left = [told(match) for match in before.matches if match.study.key in keys]
        assert left == list(map(told, after.matches))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_an_unrelated_study_changes_no_other(seed: int) -> None:
    """Law 6: level, score and relative order stay when neighbours come and go."""
    check_neighbours(shipped_court(), seed=seed, people=2, studies=30)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_an_unrelated_study_changes_no_other_at_volume() -> None:
    """Law 6 over the pairs asked for."""
    for seed in range(-(-volume() // 20_000)):
        check_neighbours(shipped_court(), seed=seed, people=50, studies=400)


RANKING = """
import hashlib, json
from random import Random
from matcher.schemas.results import outcome_json
from tests.laws.court import shipped_court
court, rng = shipped_court(), Random(10)
catalogue = court.catalogue(court.studies(rng, 120))
said = [outcome_json(court.engine(catalogue, profile)) for profile in court.profiles(rng, 12)]
print(hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest())
"""


def ranking(hash_seed: int) -> str:
    """The digest of whole JSON results, computed in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RANKING],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_results_are_byte_identical_across_processes() -> None:
    """Law 10, for three hash seeds."""
    assert len({ranking(seed) for seed in (0, 1, 31337)}) == 1


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_results_are_byte_identical_over_a_hundred_seeds() -> None:
    """Law 10 at volume."""
    assert volume()
    assert len({ranking(seed) for seed in range(100)}) == 1


def test_ties_are_broken_by_date_then_key() -> None:
    """500 studies with the same level, marks and score stand newest first, then by key."""
    court, rng = shipped_court(), Random(1)
    base = court.studies(rng, 1)[0] | {
        "most": {"tag": "breast_cancer"},
        "also": [],
        "marks": [],
        "changed": False,
        "standing": "current",
        "kind": "Study",
        "posted": TODAY,
    }
    plain = [base | {"key": f"tie-{number:03}"} for number in rng.sample(range(500), k=500)]
    plain.append(base | {"key": "a-day-older", "posted": TODAY.replace(day=21)})
    matches = court.engine(court.catalogue(plain), {"cancer": ["breast"]}).matches
    assert [m.study.key for m in matches] == [*(f"tie-{n:03}" for n in range(500)), "a-day-older"]
