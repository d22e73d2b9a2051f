"""Study JSON: the stored form of a study, whole and exact. `study_from_json` is its inverse."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from matcher.core import conditions
from matcher.core.study import Audience, Event, Ratings, Section, Study
from matcher.core.text import Text


def study_to_json(study: Study) -> dict[str, Any]:
    """A study as JSON values: dates as ISO text, conditions in the contract's shape."""
    return {
        "key": study.key,
        "title": study.title,
        "url": study.url,
        "kind": study.kind,
        "posted": _iso(study.posted),
        "most": None if study.most is None else _audience_to_json(study.most),
        "also": [_audience_to_json(audience) for audience in study.also],
        "ratings": asdict(study.ratings),
        "marks": list(study.marks),
        "events": [
            {"on": event.on.isoformat(), "text": asdict(event.text), "url": event.url}
            for event in study.events
        ],
        "standing": study.standing,
        "summary": None if study.summary is None else asdict(study.summary),
        "as_of": _iso(study.as_of),
        "topics": list(study.topics),
        "sections": [asdict(section) for section in study.sections],
        "references": list(study.references),
    }


def study_from_json(shape: dict[str, Any]) -> Study:
    """The study that `study_to_json` wrote; raises `ValueError` or `KeyError` for anything else."""
    return Study(
        key=shape["key"],
        title=shape["title"],
        url=shape["url"],
        kind=shape["kind"],
        posted=_date(shape["posted"]),
        most=None if shape["most"] is None else _audience_from_json(shape["most"]),
        also=tuple(map(_audience_from_json, shape["also"])),
        ratings=Ratings(**shape["ratings"]),
        marks=tuple(shape["marks"]),
        events=tuple(map(_event_from_json, shape["events"])),
        standing=shape["standing"],
        summary=None if shape["summary"] is None else Text(**shape["summary"]),
        as_of=_date(shape["as_of"]),
        topics=tuple(shape["topics"]),
        sections=tuple(Section(**section) for section in shape["sections"]),
        references=tuple(shape["references"]),
    )


def _audience_to_json(audience: Audience) -> dict[str, Any]:
    return {
        "text": audience.text,
        "condition": conditions.to_json(audience.condition),
        "confirmed": audience.confirmed,
    }


def _audience_from_json(shape: dict[str, Any]) -> Audience:
    condition = conditions.from_json(shape["condition"])
    return Audience(text=shape["text"], condition=condition, confirmed=shape["confirmed"])


def _event_from_json(shape: dict[str, Any]) -> Event:
    return Event(date.fromisoformat(shape["on"]), Text(**shape["text"]), shape["url"])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
