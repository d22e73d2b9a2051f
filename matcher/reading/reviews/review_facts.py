"""Review facts: studies as JSON objects, one a line; what `study export` writes.

The shape: ``title``, ``url``, ``kind``, ``posted``, ``primary`` and ``also`` (audiences, each a
text, or ``{"text", "condition"}`` where an editor settled the condition), the ratings, and, if
known, ``marks``, ``events``, ``standing``, ``summary``, ``as_of``, ``topics``, ``sections``,
``references``. A value of null means that the source does not know it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from marshmallow import ValidationError

from matcher.core import conditions
from matcher.core.study import KINDS, Audience, Ratings, Study
from matcher.reading.reviews.dates import read_date
from matcher.reading.reviews.drafts import Draft, Refused, Unused, cut
from matcher.reading.reviews.facts_schema import FactsSchema
from matcher.reading.reviews.review_signs import rating_value

MAX_LINE = 1_000_000
RATING_FIELDS = tuple(part.name for part in fields(Ratings))
TUPLES = ("also", "marks", "events", "topics", "sections", "references")


def read_facts(text: str) -> Iterator[Draft | Refused]:
    """The studies of a text, line by line; a line that is wrong is refused by itself."""
    schema = FactsSchema()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield read_record(line, number, schema)


def read_record(line: str, number: int, schema: FactsSchema) -> Draft | Refused:
    """The study of one JSON object."""
    if len(line) > MAX_LINE:
        return Refused(number, cut(line), f"a line of more than {MAX_LINE:,} characters")
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Refused(number, cut(line), f"not a JSON object: {error or 'nested too deep'}")
    if not isinstance(given, dict):
        return Refused(number, cut(line), "not a JSON object")
    known = {name: value for name, value in given.items() if name in schema.fields}
    unused = [
        Unused(number, cut(name), "no field of a study") for name in given if name not in known
    ]
    try:
        facts = schema.load(known)
    except ValidationError as error:
        return Refused(number, cut(str(given.get("title") or line)), in_words(error.messages))
    return _draft({name: facts[name] for name in facts if facts[name] is not None}, number, unused)


def _draft(facts: dict[str, Any], number: int, unused: list[Unused]) -> Draft:
    _read_as_printed(facts, number, unused)
    _take_audiences(facts, number, unused)
    key, ratings = facts.pop("key", ""), {name: facts.get(name) for name in RATING_FIELDS}
    stated = frozenset(facts)
    if "kind" not in facts:
        unused.append(Unused(number, "kind", "not given; taken as a study"))
    given = {name: value for name, value in facts.items() if name not in RATING_FIELDS}
    for name in TUPLES:
        if name in given:
            given[name] = tuple(dict.fromkeys(given[name]))
    study = Study(key=key, ratings=Ratings(**ratings), **given)
    audiences = (study.most, *study.also)
    return Draft(
        study=study,
        stated=stated,
        line=number,
        unused=tuple(unused),
        lines={audience.text: number for audience in audiences if audience},
    )


def _read_as_printed(facts: dict[str, Any], number: int, unused: list[Unused]) -> None:
    """Read what reviews print in several forms; what cannot be read is reported as not known."""
    readers: dict[str, Callable[[str], Any]] = {"posted": read_date, "kind": _kind}
    readers |= {name: partial(_rating, name) for name in RATING_FIELDS}
    for name in readers.keys() & facts.keys():
        printed = facts.pop(name)
        try:
            if printed:
                facts[name] = readers[name](printed)
        except ValueError as error:
            unused.append(Unused(number, cut(f"{name}: {printed}"), str(error)))


def _kind(printed: str) -> str:
    for kind in KINDS:
        if kind.lower() == printed.lower():
            return kind
    raise ValueError(f"not a kind of study; known are {', '.join(KINDS)}")


def _rating(name: str, printed: str) -> str:
    if value := rating_value(name, printed):
        return value
    raise ValueError("not one of the words that this rating is given in")


def _take_audiences(facts: dict[str, Any], number: int, unused: list[Unused]) -> None:
    most: Audience | None = facts.pop("primary", None)
    if most is not None and most.text:
        facts["most"] = most
    elif most is not None:
        unused.append(Unused(number, "primary", "the label is empty"))
    if "also" in facts:
        facts["also"] = [audience for audience in facts["also"] if audience.text]


def in_words(messages: Any, path: str = "") -> str:
    """Marshmallow's tree of messages as one line, each with the path of its value."""
    if isinstance(messages, dict):
        inner = (in_words(part, f"{path}.{name}".strip(".")) for name, part in messages.items())
        return "; ".join(inner)
    said = " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
    return f"{path}: {said}" if path not in ("", "_schema") else said


def facts_of(study: Study) -> dict[str, Any]:
    """A study as the JSON object that `read_record` reads; the inverse, but for the key."""
    return {
        "key": study.key,
        "title": study.title,
        "url": study.url,
        "kind": study.kind,
        "posted": study.posted.isoformat() if study.posted else None,
        "primary": _audience_out(study.most) if study.most else None,
        "also": [_audience_out(audience) for audience in study.also],
        **asdict(study.ratings),
        "marks": list(study.marks),
        "events": [
            {"on": event.on.isoformat(), "text": asdict(event.text), "url": event.url}
            for event in study.events
        ],
        "standing": study.standing,
        "summary": asdict(study.summary) if study.summary else None,
        "as_of": study.as_of.isoformat() if study.as_of else None,
        "topics": list(study.topics),
        "sections": [asdict(section) for section in study.sections],
        "references": list(study.references),
    }


def _audience_out(audience: Audience) -> str | dict[str, Any]:
    if not audience.confirmed:
        return audience.text
    return {"text": audience.text, "condition": conditions.to_json(audience.condition)}
