"""Referee: the tests' own reading of the rules in plain Python, from answers.

It can take part where the source tree is at hand (its `tests` package is not installed).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from matcher.bench.contest import Answer, Contest
from matcher.bench.workload import TODAY, Workload
from matcher.core.answers import DECLINED, Answers, Result, Value
from matcher.core.conditions import to_json
from matcher.core.levels import Level
from matcher.core.study import Audience, Study

TITLE = "The tests' referee"
PACKAGES: tuple[str, ...] = ()
METHOD = "the rules' files read directly in plain Python, from answers; written to be right"
FROM_ANSWERS = True


def make(workload: Workload, people: Sequence[Answers]) -> Callable[[], Answer]:
    """A run from answers. Needs the `tests` package of the source tree."""
    facts, person, reading, verdicts = map(_part, ("facts", "person", "reading", "verdicts"))
    closer = facts.Closer(reading.read_rules())
    studies = [_plain(study) for study in workload.catalogue.studies]
    profiles = [profile_of(answers) for answers in people]
    row = {study["key"]: position for position, study in enumerate(studies)}

    def run() -> Answer:
        judged = [
            verdicts.judge_all(person.Person(closer, profile, TODAY), studies)
            for profile in profiles
        ]
        return _answer(judged, row, workload.contest)

    return run


def _part(name: str) -> Any:
    """A module of the referee, which stands beside the package in the source tree."""
    source = str(Path(__file__).parents[3])
    sys.path.append(source)
    try:
        return import_module(f"tests.referee.{name}")
    finally:
        sys.path.remove(source)


def profile_of(answers: Answers) -> dict[str, Any]:
    """Answers as a profile in the public JSON shape."""
    profile = {key: _public(value) for key, value in answers.given.items()}
    for unit in answers.declined:
        key, _, gene = unit.partition(".")
        if gene:
            profile.setdefault(key, {})[gene] = DECLINED
        else:
            profile[key] = DECLINED
    return profile


def _public(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {gene: _result(result) for gene, result in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _result(result: Result) -> Any:
    return {"result": result.result, "on": result.when} if result.when else result.result


def _plain(study: Study) -> dict[str, Any]:
    return {
        "key": study.key,
        "kind": study.kind,
        "posted": study.posted,
        "most": _condition(study.most),
        "also": [_condition(audience) for audience in study.also],
        "relevance": study.ratings.relevance,
        "strength": study.ratings.strength_of_science,
        "marks": list(study.marks),
        "changed": bool(study.events),
        "standing": study.standing,
    }


def _condition(audience: Audience | None) -> Any:
    return None if audience is None else to_json(audience.condition)


def _answer(judged: list[list[Any]], row: Mapping[str, int], contest: Contest) -> Answer:
    levels = [[Level[one.level.upper()] for one in told] for told in judged]
    counts = np.stack([np.bincount(of_one, minlength=len(Level)) for of_one in levels])
    best = slice(contest.best)
    return Answer(
        counts=counts,
        rows=np.array([[row[one.study] for one in told[best]] for told in judged]),
        levels=np.array([of_one[best] for of_one in levels]).astype(int),
        scores=np.array([[one.score for one in told[best]] for told in judged]),
    )
