"""Verdicts: audiences, levels, reasons, marks, score and order of studies, one by one.

A study is a plain dict: key, kind, posted (date or None), most and also (conditions in the public
JSON shape, None where nothing was read), relevance, strength (rating words or None), marks,
changed (has events) and standing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.referee.conditions import NO, UNKNOWN, YES, tag_truth
from tests.referee.person import Person

LEVELS = ("fits", "may_fit", "related", "open", "different", "unlabelled")


@dataclass(frozen=True)
class Criterion:
    """One criterion with its verdict; compound ones with the verdicts of their parts."""

    what: str
    verdict: int
    weight: int
    supports: bool
    read: bool
    parts: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the referee says of one study for one person."""

    study: str
    level: str
    score: int
    points: dict[str, int]
    marks: frozenset[str]
    most: tuple[tuple[Criterion, ...], ...]
    also: tuple[Criterion, ...]


def flat(condition: Any) -> Any:
    """A condition without nests of the same kind, doubled "not" or repeats, in one order."""
    ((kind, inner),) = condition.items()
    if kind == "not":
        inside = flat(inner)
        return inside.get("not", {"not": inside})
    if kind not in ("all", "any"):
        return condition
    parts: list[Any] = []
    for part in map(flat, inner):
        parts += part.get(kind, [part])
    different = sorted({repr(part): part for part in parts}.items())
    parts = [part for _, part in different]
    return parts[0] if len(parts) == 1 else {kind: parts}


def judge_all(person: Person, studies: list[dict[str, Any]]) -> list[Verdict]:
    """All current studies in their ranked order."""
    judged = [(judge(person, s), s) for s in studies if s["standing"] == "current"]
    return [verdict for verdict, study in sorted(judged, key=lambda pair: _place(*pair))]


def _place(verdict: Verdict, study: dict[str, Any]) -> tuple[Any, ...]:
    posted = study["posted"]
    newest_first = -posted.toordinal() if posted else 1
    return (
        LEVELS.index(verdict.level),
        bool(verdict.marks),
        -verdict.score,
        newest_first,
        study["key"],
    )


def judge(person: Person, study: dict[str, Any]) -> Verdict:
    """Level, score, marks and reasons of one study for one person."""
    groups = [] if study["most"] is None else _groups(person, study["most"])
    different = {repr(flat(a)): flat(a) for a in study["also"] if a is not None}
    also = [a for a in (_criterion(person, a) for a in different.values()) if a.read]
    counts = any(criterion.read for group in groups for criterion in group)
    level = _level(groups if counts else [], also)
    points = _points(person, study, level, groups, also)
    return Verdict(
        study=study["key"],
        level=level,
        score=sum(points.values()),
        points=points,
        marks=_marks(person, study),
        most=tuple(tuple(group) for group in groups),
        also=tuple(also),
    )


def _groups(person: Person, condition: Any) -> list[list[Criterion]]:
    top = flat(condition)
    alternatives = top.get("any", [top])
    return [
        [_criterion(person, part) for part in group.get("all", [group])] for group in alternatives
    ]


def _criterion(person: Person, condition: Any) -> Criterion:
    ((kind, inner),) = condition.items()
    unread_weight = person.rules.scoring["unread_weight"]
    if kind == "tag" and person.rules.tag(inner):
        found = person.rules.tag(inner)
        assert found is not None
        rule = found[0]
        verdict = tag_truth(person.rules, person.facts, inner)
        return Criterion(inner, verdict, rule["weight"], rule.get("supports", True), read=True)
    if kind in ("tag", "unread"):
        return Criterion(f"? {inner}", UNKNOWN, unread_weight, supports=False, read=False)
    if kind == "not":
        part = _criterion(person, inner)
        return Criterion("not", YES - part.verdict, part.weight, False, part.read, (part,))
    parts = tuple(_criterion(person, part) for part in inner)
    either = kind == "any"
    return Criterion(
        what=kind,
        verdict=(max if either else min)(part.verdict for part in parts),
        weight=(min if either else max)(part.weight for part in parts),
        supports=(all if either else any)(part.supports for part in parts),
        read=any(part.read for part in parts),
        parts=parts,
    )


def _least(group: list[Criterion]) -> int:
    return min(criterion.verdict for criterion in group)


def _level(groups: list[list[Criterion]], also: list[Criterion]) -> str:
    if not groups and not also:
        return "unlabelled"
    most = max((_least(group) for group in groups), default=NO)
    if most == YES:
        return "fits"
    for group in groups:
        supported = any(c.supports and c.verdict == YES for c in group)
        if most == UNKNOWN and _least(group) != NO and supported:
            return "may_fit"
    if any(audience.verdict == YES for audience in also):
        return "related"
    if most == UNKNOWN or any(audience.verdict == UNKNOWN for audience in also):
        return "open"
    return "different"


def _points(
    person: Person,
    study: dict[str, Any],
    level: str,
    groups: list[list[Criterion]],
    also: list[Criterion],
) -> dict[str, int]:
    scoring = person.rules.scoring
    if level in ("different", "unlabelled"):
        return {}
    heaviest = max(
        tag["weight"] for tag in [*person.rules.tags.values(), *person.rules.families.values()]
    )
    points = {"level": scoring["floors"][level]}
    if level == "fits":
        best = max(
            max(criterion.weight for criterion in group) for group in groups if _least(group) == YES
        )
        points["fit"] = scoring["fit"] * best // heaviest
    if level == "may_fit":
        points["fit"] = max(
            scoring["fit"]
            * sum(c.weight for c in group if c.verdict == YES)
            // sum(c.weight for c in group)
            for group in groups
            if _least(group) != NO
        )
    if level == "related":
        satisfied = [audience for audience in also if audience.verdict == YES]
        best = max(map(_satisfied_weight, satisfied))
        points["fit"] = scoring["related_fit"] * best // heaviest + min(
            scoring["related_count"], len(satisfied)
        )
    points["evidence"] = _evidence(scoring, study)
    points["recency"] = _recency(scoring, study["posted"], person.today)
    return points


def _satisfied_weight(audience: Criterion) -> int:
    """The heaviest satisfied criterion of the audience's satisfied groups."""
    groups = audience.parts if audience.what == "any" else (audience,)
    return max(
        max(criterion.weight for criterion in (group.parts if group.what == "all" else (group,)))
        for group in groups
        if group.verdict == YES
    )


def _evidence(scoring: dict[str, Any], study: dict[str, Any]) -> int:
    relevance = scoring["relevance"].get(study["relevance"], scoring["neutral"])
    strength = scoring["strength"].get(study["strength"], scoring["neutral"])
    return int(relevance + strength)


def _recency(scoring: dict[str, Any], posted: date | None, today: date) -> int:
    if posted is None:
        return 0
    for step in sorted(scoring["recency"], key=lambda step: step["months"]):
        if not _has_come(posted, step["months"], today):
            return int(step["points"])
    return 0


def _has_come(day: date, months: int, today: date) -> bool:
    """Whether the same day of the month, `months` later, has come (in a short month: passed)."""
    month = day.year * 12 + day.month - 1 + months
    return (today.year, today.month, today.day) >= (month // 12, month % 12 + 1, day.day)


def _marks(person: Person, study: dict[str, Any]) -> frozenset[str]:
    scoring, posted = person.rules.scoring, study["posted"]
    years = scoring["aged_years"].get(study["kind"], scoring["aged_years_otherwise"])
    yesterday = person.today - timedelta(days=1)
    aged = posted is None or _has_come(posted, 12 * years, yesterday)
    extra = {"aged"} if aged else set()
    return frozenset(study["marks"]) | extra | ({"changed"} if study["changed"] else set())
