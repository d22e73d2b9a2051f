"""Schemas: what the API takes and gives, also as its OpenAPI document tells it.

The answers' schema is generated from the rulebook, so a new attribute needs no line here.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from matcher.core.levels import Level
from matcher.core.rulebook import Attribute, Rulebook
from matcher.core.text import LANGUAGES

MOST_MATCHES = 10_000
MOST_QUESTIONS = 1_000
USUAL_MATCHES = 20
USUAL_PAGE, LARGEST_PAGE = 50, 200
LONGEST_KEY = 300
RESULT_WORDS = ["mutation", "none", "uncertain", "not_tested", "unknown", "declined"]
SIGNATURE_WORDS = ["positive", "negative", *RESULT_WORDS]
UNKNOWN_WORDS = ["unknown", "declined"]
CUTS_QUESTIONS = "Cuts the list; all questions if absent."


def match_request(book: Rulebook) -> type[ma.Schema]:
    """The body of ``POST /match``: a profile with an optional limit and day."""
    columns = _profile_columns(book)
    columns["limit"] = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=USUAL_MATCHES,
        validate=validate.Range(1, MOST_MATCHES),
        metadata={"description": "Cuts the list; the counts are over the whole catalogue."},
    )
    return ma.Schema.from_dict(columns, name="MatchRequest")


def questions_request(book: Rulebook) -> type[ma.Schema]:
    """The body of ``POST /questions``: a profile as for a match, and the language of the words."""
    columns = _profile_columns(book)
    columns["limit"] = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(1, MOST_QUESTIONS),
        metadata={"description": CUTS_QUESTIONS},
    )
    columns["language"] = fields.String(
        allow_none=True,
        load_default=LANGUAGES[0],
        validate=validate.OneOf(LANGUAGES),
    )
    return ma.Schema.from_dict(columns, name="QuestionsRequest")


class QuestionsQuery(ma.Schema):
    """What may be said without telling anything about a person."""

    limit = fields.Integer(
        load_default=None,
        validate=validate.Range(1, MOST_QUESTIONS),
        metadata={"description": CUTS_QUESTIONS},
    )
    language = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))


def _profile_columns(book: Rulebook) -> dict[str, Any]:
    described = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _described(one) for key, one in book.attributes.items()},
    }
    return {
        "answers": fields.Raw(required=True, allow_none=True, metadata=described),
        "today": fields.Date(
            format="iso",
            allow_none=True,
            metadata={"description": "The server's day if absent."},
        ),
    }


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
    declined = {"type": "array", "items": {"enum": UNKNOWN_WORDS[1:]}, "minItems": 1, "maxItems": 1}
    ways = [kind, word] if attribute.kind == "many" else [kind, word, declined]
    return {"description": attribute.name.en, "anyOf": ways}


def _result(*, signature: bool) -> dict[str, Any]:
    words = SIGNATURE_WORDS if signature else RESULT_WORDS
    dated = {
        "type": "object",
        "properties": {
            "result": {"type": "string", "enum": words},
            "on": {"type": "string", "pattern": "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$"},
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


class AnswerBody(ma.Schema):
    """One answer that a question could get, and how many studies it would move between levels."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    changes = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    text = fields.String(required=True)


class QuestionBody(ma.Schema):
    """One question that has no answer yet."""

    key = fields.String(required=True)
    gene = fields.String(required=True, allow_none=True)
    question = fields.String(required=True)
    settles = fields.Integer(required=True)
    settles_may_fit = fields.Integer(required=True)
    of = fields.Integer(required=True)
    text = fields.String(required=True)
    together = fields.List(fields.String(), required=True)
    answers = fields.List(fields.Nested(AnswerBody), required=True)


class QuestionsBody(ma.Schema):
    """What to ask next, most valuable first."""

    questions = fields.List(fields.Nested(QuestionBody), required=True)
    may_fit = fields.Integer(required=True)
    open = fields.Integer(required=True)
    settled = fields.Boolean(required=True)


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
