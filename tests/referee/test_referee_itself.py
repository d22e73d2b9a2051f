"""The referee counts only if it is right by itself and shares no code with the engine."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from tests.laws.court import shipped_court
from tests.referee.person import Person
from tests.referee.reading import read_units

CONTRADICTORY: list[dict[str, Any]] = [
    {"er": "positive", "triple_negative": "yes", "her2": "positive", "cancer": ["breast"]},
    {"cancer_status": "never", "treatments": ["surgery"], "cancer": ["breast"], "er": "low"},
    {"age": 40, "age_at_diagnosis": 50, "cancer_status": "never", "lines": 2, "extent": "early"},
    {"stage": "4", "extent": "early", "cancer": ["breast"], "main_cancer": "melanoma"},
    {"menopause": "pre", "risk_reducing_surgery": ["ovaries"], "treatments": ["oophorectomy"]},
    {"er": "negative", "pr": "negative", "her2": "zero", "triple_negative": "no", "age": 3},
    {"node_status": "negative", "positive_nodes": 2, "cancer": ["prostate"], "lines": 1},
]


def test_it_shares_no_code_with_the_product() -> None:
    """No module of the referee imports anything of the product."""
    for path in Path(__file__).parent.glob("*.py"):
        if path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("matcher")], path


def by_brute_force(person: Person, units: dict[str, Any]) -> set[frozenset[str]]:
    """Every subset is tried, small ones first; a superset of a clash is not minimal."""
    found: set[frozenset[str]] = set()
    for size in range(1, len(units) + 1):
        for chosen in map(frozenset, combinations(sorted(units), size)):
            smaller_clash = any(clash <= chosen for clash in found)
            if not smaller_clash and not person.agrees({u: units[u] for u in chosen}):
                found.add(chosen)
    return found


def test_contradictions_are_those_of_brute_force() -> None:
    """Referee and engine find exactly the minimal sets, for contrived and for random people."""
    court, rng = shipped_court(), Random(5)
    random = [p for p in court.profiles(rng, 120) if len(read_units(court.rules, p)) <= 9]
    catalogue, clashes = court.catalogue([]), 0
    for profile in CONTRADICTORY + [p for p in random if court.person(p).contradictions][:8]:
        person = court.person(profile)
        expected = by_brute_force(person, read_units(court.rules, profile))
        told = court.engine(catalogue, profile).contradictions
        assert set(person.contradictions) == expected, profile
        assert {frozenset(found.units) for found, _ in told} == expected, profile
        clashes += len(expected)
    assert clashes > 15
