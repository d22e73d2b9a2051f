"""Problems: the one shape of every error of the API, ``application/problem+json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response
from werkzeug.exceptions import HTTPException

MIME_TYPE = "application/problem+json"
SHOWN_CHARACTERS = 200
SHOWN_CHOICES = 300
SHOWN_FAULTS = 50
EXPLAINED = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "A request may hold 1 MB at most.",
    415: "Send the body as application/json.",
    500: "Something broke on our side. It has been noted.",
    503: "The database cannot be reached just now. Try again in a minute.",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a request: where, what was sent, what is allowed instead."""

    path: str
    problem: str
    value: Any = None
    allowed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "path": _short(self.path),
            "value": _short(self.value),
            "problem": self.problem,
            "allowed": list(self.allowed[:SHOWN_CHOICES]),
        }


class Problem(HTTPException):
    """An error of the API: its status, one sentence, and the single faults."""

    def __init__(self, code: int, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.faults = tuple(faults)


class FaultSchema(ma.Schema):
    """One thing that is wrong in a request."""

    path = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    problem = ma.fields.String(required=True)
    allowed = ma.fields.List(ma.fields.String(), required=True)


class ProblemSchema(ma.Schema):
    """The body of every error."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(FaultSchema), required=True)


def problem_response(error: HTTPException) -> Response:
    """The error as the API answers it."""
    code = error.code or 500
    faults = error.faults if isinstance(error, Problem) else ()
    detail = error.description if isinstance(error, Problem) else EXPLAINED.get(code)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase if code in list(HTTPStatus) else "Error",
        "status": code,
        "detail": _with_rest(detail or "This request cannot be answered.", len(faults)),
        "errors": [fault.to_json() for fault in faults[:SHOWN_FAULTS]],
    }
    response = Response(json.dumps(body), status=code, mimetype=MIME_TYPE)
    for name, value in _kept_headers(error):
        response.headers[name] = value
    return response


def _with_rest(detail: str, faults: int) -> str:
    rest = faults - SHOWN_FAULTS
    return f"{detail} {rest} more are not shown." if rest > 0 else detail


def _kept_headers(error: HTTPException) -> list[tuple[str, str]]:
    kept = ("allow", "retry-after")
    return [(name, value) for name, value in error.get_headers() if name.lower() in kept]


def _short(value: Any) -> Any:
    """A value as it may be quoted back: lists and objects by name, texts cut."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return "a very large number"
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return value[:SHOWN_CHARACTERS] + "…"
    return value
