"""Results: the public JSON of matches, explanations and studies (docs/interface.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matcher.core.answers import Value
from matcher.core.change import Step
from matcher.core.conditions import to_json
from matcher.core.given_change import GivenChange
from matcher.core.matching import Match, Outcome
from matcher.core.reasons import Reason
from matcher.core.study import Study
from matcher.schemas.profiles import profile_json


def outcome_json(outcome: Outcome, *, limit: int | None = None) -> dict[str, Any]:
    """The document of ``matcher match --json`` and ``POST /api/v1/match``."""
    return {
        "profile": profile_json(outcome.answers),
        "rules": outcome.rules,
        "today": outcome.today.isoformat(),
        "contradictions": [
            {"answers": list(found.units), "text": text} for found, text in outcome.contradictions
        ],
        "notes": [
            {"default": note.rule, "answers": list(note.units), "text": text}
            for note, text in outcome.notes
        ],
        "matches": [match_json(one) for one in outcome.matches[:limit]],
        "counts": dict(outcome.counts),
    }


def match_json(match: Match) -> dict[str, Any]:
    """One element of ``matches``."""
    study = match.study
    return {
        "study": study.key,
        "title": study.title,
        "url": study.url,
        "posted": study.posted.isoformat() if study.posted else None,
        "marks": list(match.marks),
        "level": match.level.word,
        "score": match.score,
        "reasons": [reason_json(reason) for reason in match.reasons],
        "points": [{"for": name, "points": points} for name, points in match.points.items()],
    }


def explanation_json(
    match: Match, change: Iterable[Step] | None, given: GivenChange
) -> dict[str, Any]:
    """The document of ``matcher explain --json``."""
    study = match.study
    return {
        **match_json(match),
        "condition": to_json(study.most.condition) if study.most else None,
        "also": [to_json(audience.condition) for audience in study.also],
        "change": None if change is None else [_step_json(step) for step in change],
        "given_change": None
        if given.turns is None
        else [
            {"key": turn.unit, "from": _told_json(turn.before), "to": _told_json(turn.after)}
            for turn in given.turns
        ],
        "given_change_complete": given.complete,
    }


def _step_json(step: Step) -> dict[str, Any]:
    shaped: dict[str, Any] = {"key": step.unit, "to": step.to}
    if step.whole:
        shaped["whole"] = True
    if step.span is not None:
        shaped["span"] = list(step.span)
    return shaped


def _told_json(value: Value | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def reason_json(reason: Reason) -> dict[str, Any]:
    """One reason; compounds carry their parts, unread words stand under ``unread``."""
    shaped: dict[str, Any] = {
        "strength": reason.strength,
        "group": reason.group,
        "tag": reason.tag,
        "label": reason.label,
        "verdict": reason.verdict.word,
        "text": reason.text,
        "answers": list(reason.answers),
        "supports": reason.supports,
    }
    if reason.unread is not None:
        shaped["unread"] = reason.unread
    if reason.parts:
        shaped["parts"] = [reason_json(part) for part in reason.parts]
    return shaped


def study_json(study: Study) -> dict[str, Any]:
    """A catalogue entry as the API and ``matcher study show --json`` give it."""
    ratings = study.ratings
    return {
        "study": study.key,
        "title": study.title,
        "url": study.url,
        "kind": study.kind,
        "posted": study.posted.isoformat() if study.posted else None,
        "standing": study.standing,
        "marks": list(study.marks),
        "most": _audience_json(study.most),
        "also": [_audience_json(audience) for audience in study.also],
        "ratings": {
            "relevance": ratings.relevance,
            "strength_of_science": ratings.strength_of_science,
            "quality_of_writing": ratings.quality_of_writing,
            "research_timeline": ratings.research_timeline,
        },
        "events": [
            {
                "on": event.on.isoformat(),
                "text": {"en": event.text.en, "es": event.text.es},
                "url": event.url,
            }
            for event in study.events
        ],
        "summary": {"en": study.summary.en, "es": study.summary.es} if study.summary else None,
        "as_of": study.as_of.isoformat() if study.as_of else None,
    }


def _audience_json(audience: Any) -> dict[str, Any] | None:
    if audience is None:
        return None
    return {"text": audience.text, "condition": to_json(audience.condition)}
