"""Schemas: what the API takes and gives, also as its OpenAPI document tells it.

The answers' schema is generated from the rulebook, so a new attribute needs no line here.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from matcher.core.levels import Level
from matcher.core.rulebook import Attribute, Rulebook

MOST_MATCHES = 10_000
USUAL_MATCHES = 20
USUAL_PAGE, LARGEST_PAGE = 50, 200
LONGEST_KEY = 300
RESULT_WORDS = ["mutation", "none", "uncertain", "not_tested", "unknown", "declined"]
SIGNATURE_WORDS = ["positive", "negative", *RESULT_WORDS]
UNKNOWN_WORDS = ["unknown", "declined"]


def match_request(book: Rulebook) -> type[ma.Schema]:
    """The body of ``POST /match``: a profile with an optional limit and day."""
    described = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _described(one) for key, one in book.attributes.items()},
    }
    columns: dict[str, Any] = {
        "answers": fields.Raw(required=True, allow_none=True, metadata=described),
        "limit": fields.Integer(
            strict=True,
            allow_none=True,
            load_default=USUAL_MATCHES,
            validate=validate.Range(1, MOST_MATCHES),
            metadata={"description": "Cuts the list; the counts are over the whole catalogue."},
        ),
        "today": fields.Date(
            format="iso",
            allow_none=True,
            metadata={"description": "The server's day if absent."},
        ),
    }
    return ma.Schema.from_dict(columns, name="MatchRequest")


def _described(attribute: Attribute) -> dict[str, Any]:
    """An attribute's answers as a JSON Schema."""
    values = [option.value for option in attribute.options]
    word = {"type": ["string", "null"], "enum": [*UNKNOWN_WORDS, "", None]}
    match attribute.kind:
        case "integer":
            kind: dict[str, Any] = {
                "type": "integer",
                "minimum": attribute.min,
                "maximum": attribute.max,
            }
        case "many":
            items = {"type": "string", "enum": [*values, *UNKNOWN_WORDS]}
            kind = {"type": "array", "items": items, "uniqueItems": True}
        case "results":
            results = {o.value: _result(signature=o.signature) for o in attribute.options}
            kind = {"type": "object", "properties": results, "additionalProperties": False}
        case _:
            kind = {"type": "string", "enum": values or ["yes", "no"]}
    return {"description": attribute.name.en, "anyOf": [kind, word]}


def _result(*, signature: bool) -> dict[str, Any]:
    words = SIGNATURE_WORDS if signature else RESULT_WORDS
    dated = {
        "type": "object",
        "properties": {
            "result": {"type": "string", "enum": words},
            "on": {"type": "string", "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"},
        },
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "string", "enum": words}, dated, {"type": "null"}]}


class PointsBody(ma.Schema):
    """One line of the arithmetic behind a score."""

    for_ = fields.String(required=True, data_key="for", attribute="for")
    points = fields.Integer(required=True)


class MatchBody(ma.Schema):
    """One study for one person."""

    study = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    posted = fields.String(required=True, allow_none=True)
    marks = fields.List(fields.String(), required=True)
    level = fields.String(required=True, validate=validate.OneOf([level.word for level in Level]))
    score = fields.Integer(required=True)
    reasons = fields.List(fields.Dict(), required=True)
    points = fields.List(fields.Nested(PointsBody), required=True)


def outcome_body() -> type[ma.Schema]:
    """The document of a match (contract, section 3)."""
    columns: dict[str, Any] = {
        "profile": fields.Dict(required=True),
        "rules": fields.String(required=True),
        "today": fields.String(required=True),
        "contradictions": fields.List(fields.Dict(), required=True),
        "notes": fields.List(fields.Dict(), required=True),
        "matches": fields.List(fields.Nested(MatchBody), required=True),
        "counts": fields.Dict(keys=fields.String(), values=fields.Integer(), required=True),
    }
    return ma.Schema.from_dict(columns, name="Outcome")


class PageQuery(ma.Schema):
    """Where to go on in the catalogue, and how many studies to give."""

    after = fields.String(load_default="", validate=validate.Length(max=LONGEST_KEY))
    limit = fields.Integer(load_default=USUAL_PAGE, validate=validate.Range(1, LARGEST_PAGE))


class StudyBody(ma.Schema):
    """A catalogue entry."""

    study = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    posted = fields.String(required=True, allow_none=True)
    standing = fields.String(required=True)
    marks = fields.List(fields.String(), required=True)
    most = fields.Dict(required=True, allow_none=True)
    also = fields.List(fields.Dict(), required=True)
    ratings = fields.Dict(required=True)
    events = fields.List(fields.Dict(), required=True)
    summary = fields.Dict(required=True, allow_none=True)
    as_of = fields.String(required=True, allow_none=True)


class StudyPage(ma.Schema):
    """A part of the catalogue."""

    studies = fields.List(fields.Nested(StudyBody), required=True)
    next = fields.String(required=True, allow_none=True)
